// The contract of an event: its name, its members, who of them is personal or secret, and how it reads in words.
// A file per aggregate (`schemas/customers/customer.cpp`) lists its events; `schemas/catalogue.cpp` lists the aggregates.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schemas/type_info.h"

namespace nova::schemas {

// A decoded event of any type. Immutable and shared: writer, projector and feeds look at the same one.
struct EventType;
struct AnyEvent {
    const EventType* type = nullptr;
    std::shared_ptr<const void> value;
    template <class E> const E* get_if() const;
};

struct EventType {
    std::string name;                       // "nova.customer.CustomerCreated"
    int version = 1;
    const TypeInfo* data = nullptr;
    std::string context;                    // "customers"
    std::string stream_prefix;              // "customer-"
    std::string sentence, sentence_ar;      // "{actor} created customer {name}"; {member} of data, {actor}
    std::vector<std::string> personal;      // JSON names: sealed, and null once the person is erased
    std::vector<std::string> secret;        // sealed, and never answered
    std::string subject_member;  // whose personal members: this member's user ("userId"), else the stream's person
    std::shared_ptr<void> (*make)() = nullptr;  // an empty value to read into
    std::uint64_t sealed_members =
        0;  // bit i: the i-th member of `data` is personal or secret; filled by the Catalogue

    std::string_view short_name() const { return std::string_view(name).substr(name.rfind('.') + 1); }
    bool seals() const { return !personal.empty() || !secret.empty(); }
};

// Names the C++ struct of an event in one aggregate's contract:
//   contract.event<Created>("{actor} created customer {name}", "أنشأ {actor} العميل {name}").personal("name", "phone");
class AggregateContract {
public:
    AggregateContract(std::string context, std::string stream_prefix)
        : context_(std::move(context)), prefix_(std::move(stream_prefix)) {}

    class EventBuilder {
    public:
        explicit EventBuilder(EventType& type) : type_(type) {}
        template <class... Names>
        EventBuilder& personal(Names... names) {
            (type_.personal.emplace_back(names), ...);
            return *this;
        }
        template <class... Names>
        EventBuilder& secret(Names... names) {
            (type_.secret.emplace_back(names), ...);
            return *this;
        }
        EventBuilder& of_user(std::string member) { type_.subject_member = std::move(member); return *this; }
        EventBuilder& version(int v) { type_.version = v; return *this; }
    private:
        EventType& type_;
    };

    template <class E>
    EventBuilder event(std::string sentence, std::string sentence_ar) {
        auto type = std::make_unique<EventType>();
        type->name = E::type;
        type->data = &type_of<E>();
        type->context = context_;
        type->stream_prefix = prefix_;
        type->sentence = std::move(sentence);
        type->sentence_ar = std::move(sentence_ar);
        type->make = []() -> std::shared_ptr<void> { return std::make_shared<E>(); };
        events_.push_back(std::move(type));
        return EventBuilder(*events_.back());
    }
    const std::string& context() const { return context_; }
    const std::string& stream_prefix() const { return prefix_; }
    std::vector<std::unique_ptr<EventType>>& events() { return events_; }

private:
    std::string context_, prefix_;
    std::vector<std::unique_ptr<EventType>> events_;
};

// All events that this binary knows.
class Catalogue {
public:
    explicit Catalogue(
        std::vector<AggregateContract> aggregates);  // throws std::logic_error if a contract contradicts its structs
    const EventType* find(std::string_view name) const;             // nullptr: unknown type
    template <class E> const EventType& of() const { return *find(E::type); }
    const std::vector<const EventType*>& all() const { return ordered_; }

private:
    std::vector<std::unique_ptr<EventType>> types_;
    std::vector<const EventType*> ordered_;                          // by name
    std::unordered_map<std::string_view, const EventType*> by_name_;
};

// The catalogue of this product; built once.
const Catalogue& catalogue();

template <class E>
const E* AnyEvent::get_if() const {
    return type && type->name == E::type ? static_cast<const E*>(value.get()) : nullptr;
}

}  // namespace nova::schemas

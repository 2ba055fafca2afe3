// What one command sees and wants: states as they are after all commands before it (of its own batch too), and the events
// that it records. Nothing that it records is seen by anyone unless the whole batch is durable.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/kernel/context.h"
#include "domain/kernel/decision.h"
#include "eventstore/index.h"
#include "schemas/envelope.h"
#include "schemas/json.h"

namespace nova::commands {

// How the writer handles one aggregate without knowing it; made of the domain's functions by aggregate_type<A>().
// A is a struct of the domain: using State, Event (a variant); static constexpr prefix = "customer-".
struct AggregateType {
    std::string_view prefix;
    std::shared_ptr<void> (*make_state)();
    void (*evolve)(void* state, const schemas::AnyEvent&);  // an unknown type stops the stream: throws CorruptRecord
    const schemas::TypeInfo* snapshot;  // of a described State; nullptr: it is always made of all events
    int revision;                                           // of evolve: A::revision, 1 if it says none
};

template <class State>
const schemas::TypeInfo* snapshot_type() {
    if constexpr (boost::describe::has_describe_members<State>::value) return &schemas::type_of<State>();
    else return nullptr;
}

// Raised when `evolve` comes to another state than before: snapshots of the old one are not used.
template <class A>
constexpr int revision_of() {
    if constexpr (requires { A::revision; }) return A::revision;
    else return 1;
}

template <class A>
const AggregateType& aggregate_type() {
    static const AggregateType type{
        A::prefix, []() -> std::shared_ptr<void> { return std::make_shared<typename A::State>(); },
        [](void* state, const schemas::AnyEvent& event) {
            const bool known = [&]<class... E>(std::variant<E...>*) {
                return ((event.type->name == E::type &&
                         (evolve(*static_cast<typename A::State*>(state), *static_cast<const E*>(event.value.get())),
                          true)) ||
                        ...);
            }(static_cast<typename A::Event*>(nullptr));
            if (!known)
                throw schemas::CorruptRecord("the event type " + event.type->name + " does not belong in a " +
                                             std::string(A::prefix) + " stream");
        },
        snapshot_type<typename A::State>(), revision_of<A>()};
    return type;
}

class UnitOfWork {
public:
    virtual ~UnitOfWork() = default;

    // The aggregate's state; a default-made one if it has no events, or lies in another boundary than the command's.
    template <class A>
    const typename A::State& state(const Uuid& id) {
        return *static_cast<const typename A::State*>(load(aggregate_type<A>(), id));
    }
    // Events of one aggregate, in order. They take effect when the handler has returned.
    template <class A>
    void record(const Uuid& id, std::vector<typename A::Event> events) {
        for (auto& event : events)
            std::visit([&](auto& e) {
                using E = std::remove_cvref_t<decltype(e)>;
                static const schemas::EventType& type = schemas::catalogue().of<E>();
                stage(aggregate_type<A>(), id, {&type, std::make_shared<const E>(std::move(e))});
            }, event);
    }
    // The version of the aggregate's stream before this command; 0 if it does not exist.
    virtual std::uint64_t version(std::string_view prefix, const Uuid& id) = 0;
    // Streams that hold the key now, batch included, oldest first.
    virtual std::vector<std::string> holders(std::string_view space, std::string_view key, std::size_t at_most = 1) = 0;

protected:
    virtual const void* load(const AggregateType&, const Uuid& id) = 0;
    virtual void stage(const AggregateType&, const Uuid& id, schemas::AnyEvent) = 0;
};

}  // namespace nova::commands

#include "schemas/event_type.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "schemas/envelope_names.h"

namespace nova::schemas {
namespace {

[[noreturn]] void refuse(const EventType& type, const std::string& why) {
    throw std::logic_error("contract of " + type.name + ": " + why);
}

// "customer-import-" and "customerImport" are the same aggregate, written for streams and for types.
std::string bare_letters(std::string_view name) {
    std::string out;
    for (const char c : name)
        if (c != '-') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

void check_name(const EventType& type) {
    const std::size_t last_dot = type.name.rfind('.');
    constexpr std::string_view start = "nova.";
    if (!type.name.starts_with(start) || last_dot < start.size() || last_dot + 1 == type.name.size())
        refuse(type, "a name is nova.<aggregate>.<EventName>");
    const std::string_view aggregate = std::string_view(type.name).substr(start.size(), last_dot - start.size());
    if (!type.stream_prefix.ends_with('-') || bare_letters(aggregate) != bare_letters(type.stream_prefix))
        refuse(type, "its streams begin with " + type.stream_prefix);
    if (type.context.empty()) refuse(type, "it has no context");
    if (type.version < 1) refuse(type, "versions count from 1");
    if (!type.data || type.data->kind != Kind::object || !type.make) refuse(type, "its data is no described struct");
    if (type.data->members.size() > 64) refuse(type, "more than 64 members");
    if (type.data->find(sealed_name)) refuse(type, "`sealed` is where the boxes lie");
}

void mark_sealed(EventType& type, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        const MemberInfo* const member = type.data->find(name);
        if (!member) refuse(type, "it has no member " + name);
        const std::uint64_t bit = std::uint64_t{1} << (member - type.data->members.data());
        if (type.sealed_members & bit) refuse(type, name + " is marked twice");
        type.sealed_members |= bit;
    }
}

void check_subject(const EventType& type) {
    if (type.subject_member.empty()) return;
    const MemberInfo* const member = type.data->find(type.subject_member);
    if (!member) refuse(type, "it has no member " + type.subject_member);
    const TypeInfo* const info = member->type->kind == Kind::optional ? member->type->inner : member->type;
    if (info->kind != Kind::scalar || info->scalar->format != "uuid") refuse(type, type.subject_member + " is no id");
    if (type.sealed_members >> (member - type.data->members.data()) & 1)
        refuse(type, type.subject_member + " says under whose key it would be sealed itself");
}

void check_sentence(const EventType& type, std::string_view sentence) {
    if (sentence.empty()) refuse(type, "a sentence is missing");
    for (std::size_t at = sentence.find_first_of("{}"); at != std::string_view::npos;
         at = sentence.find_first_of("{}", at)) {
        const std::size_t close = sentence.find('}', at);
        if (sentence[at] == '}' || close == std::string_view::npos) refuse(type, "a sentence has an odd bracket");
        const std::string_view name = sentence.substr(at + 1, close - at - 1);
        if (name != "actor" && !type.data->find(name)) refuse(type, "a sentence names " + std::string(name));
        if (std::find(type.secret.begin(), type.secret.end(), name) != type.secret.end())
            refuse(type, "a sentence names the secret " + std::string(name));
        at = close + 1;
    }
}

void check(EventType& type) {
    check_name(type);
    type.sealed_members = 0;
    mark_sealed(type, type.personal);
    mark_sealed(type, type.secret);
    check_subject(type);
    check_sentence(type, type.sentence);
    check_sentence(type, type.sentence_ar);
}

}  // namespace

Catalogue::Catalogue(std::vector<AggregateContract> aggregates) {
    for (AggregateContract& aggregate : aggregates) {
        for (std::unique_ptr<EventType>& type : aggregate.events()) {
            check(*type);
            if (!by_name_.emplace(type->name, type.get()).second) refuse(*type, "it is there twice");
            ordered_.push_back(type.get());
            types_.push_back(std::move(type));
        }
    }
    std::sort(ordered_.begin(), ordered_.end(),
              [](const EventType* a, const EventType* b) { return a->name < b->name; });
}

const EventType* Catalogue::find(std::string_view name) const {
    const auto at = by_name_.find(name);
    return at == by_name_.end() ? nullptr : at->second;
}

}  // namespace nova::schemas

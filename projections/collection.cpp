#include "projections/collection.h"

#include "projections/runner.h"
#include "schemas/json.h"

namespace nova::projections {

RowKey row_of_stream(const Meta& meta) {
    const std::string& stream = meta.envelope.stream;
    const std::size_t dash = stream.find('-');
    return {meta.envelope.tenant, dash == std::string::npos ? stream : stream.substr(dash + 1)};
}

namespace detail {
namespace {

// Accessors of TypeInfo take a mutable object because the reader shares them; nothing here writes through them.
void* unlocked(const void* value) { return const_cast<void*>(value); }

Value scalar_value(const schemas::TypeInfo& type, const void* value) {
    static const schemas::ScalarInfo* const instant = &schemas::scalar_of(static_cast<const Instant*>(nullptr));
    if (type.scalar == instant) return static_cast<const Instant*>(value)->ms;
    std::string text;
    type.scalar->print(value, text);
    return text;
}

Value enumeration_value(const schemas::TypeInfo& type, const void* value) {
    const std::int64_t number = type.get_enum(value);
    for (std::size_t i = 0; i < type.enumerator_values.size(); ++i)
        if (type.enumerator_values[i] == number) return type.enumerators[i];
    return {};
}

Value list_value(const schemas::TypeInfo& type, const void* value) {
    std::string joined;
    for (std::size_t i = 0, count = type.size(value); i < count; ++i) {
        const Value entry = value_of(*type.inner, type.element(value, i));
        joined += '\n';
        if (const auto* text = std::get_if<std::string>(&entry)) append_folded(*text, joined);
        else if (const auto* number = std::get_if<std::int64_t>(&entry)) joined += std::to_string(*number);
        else if (const auto* real = std::get_if<double>(&entry)) schemas::write_number(*real, joined);
    }
    if (joined.empty()) return {};
    joined += '\n';
    return joined;
}

}  // namespace

Value value_of(const schemas::TypeInfo& type, const void* value) {
    using schemas::Kind;
    switch (type.kind) {
        case Kind::boolean: return std::int64_t{*static_cast<const bool*>(value)};
        case Kind::integer: return *static_cast<const std::int64_t*>(value);
        case Kind::number: return *static_cast<const double*>(value);
        case Kind::text:
        case Kind::json_object: return *type.text_at(unlocked(value));
        case Kind::enumeration: return enumeration_value(type, value);
        case Kind::scalar: return scalar_value(type, value);
        case Kind::list: return list_value(type, value);
        case Kind::optional: {
            const void* inner = type.inner_at(unlocked(value));
            return inner ? value_of(*type.inner, inner) : Value{};
        }
        case Kind::object:
        case Kind::patch: break;
    }
    std::string json;
    schemas::write_json(type, value, json);
    return json;
}

}  // namespace detail

bool fold(const CollectionInfo& info, void* view, const schemas::DecodedEvent& event, eventstore::Position position) {
    const auto found = info.subscriptions.find(event.envelope.type);
    if (found == info.subscriptions.end() || !event.event.type) return true;
    return found->second.apply(view, event.event, Meta{event.envelope, position, event.envelope.stream_version == 1});
}

}  // namespace nova::projections

// A fixed event of each type: what the committed files show, and what every later binary must still read.
#include <algorithm>

#include "schemas/json.h"
#include "schemas/json_schema.h"

namespace nova::schemas {
namespace {

void fill(const TypeInfo& type, void* out);

void fill_text(const TypeInfo& type, std::string& out) {
    out = "نص text";
    if (type.max && length_in_characters(out) > type.max) out = std::string(type.max, 't');
    while (length_in_characters(out) < type.min) out += 't';
}

void fill_members(const TypeInfo& type, void* out) {
    for (const MemberInfo& member : type.members) fill(*member.type, member.at(out));
}

void fill(const TypeInfo& type, void* out) {
    switch (type.kind) {
        case Kind::boolean: *static_cast<bool*>(out) = true; return;
        case Kind::integer:
            *static_cast<std::int64_t*>(out) = std::clamp<std::int64_t>(42, type.lowest, type.highest);
            return;
        case Kind::number:
            *static_cast<double*>(out) = std::clamp(24.5, type.lowest_number, type.highest_number);
            return;
        case Kind::text: return fill_text(type, *type.text_at(out));
        case Kind::enumeration: return type.set_enum(out, type.enumerator_values.front());
        case Kind::scalar: return type.scalar->restore(type.scalar->example, out);
        case Kind::json_object: *type.text_at(out) = R"({"key":"value"})"; return;
        case Kind::optional: return fill(*type.inner, type.emplace(out));
        case Kind::list: type.reset(out); return fill(*type.inner, type.emplace(out));
        case Kind::object: return fill_members(type, out);
        case Kind::patch:
            *type.given_at(out) = ~std::uint64_t{0};
            return fill_members(*type.inner, type.inner_at(out));
    }
}

}  // namespace

std::string golden_sample(const EventType& type) {
    const std::shared_ptr<void> event = type.make();
    fill(*type.data, event.get());
    std::string out;
    write_json(*type.data, event.get(), out);
    return out;
}

}  // namespace nova::schemas

// JSON in and out of described types. Reading a request checks and collects; reading what Nova stored trusts.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include "domain/kernel/violation.h"
#include "schemas/type_info.h"

namespace nova::schemas {

struct Object {            // a described value, as the generic code sees it
    const TypeInfo* type;
    void* value;
};
template <class T> Object object(T& value) { return {&type_of<T>(), &value}; }

// Reads a person's JSON body into `out` and lists everything that is wrong with it: `malformed_json` (alone, with the
// byte offset), `unknown_member`, `duplicate_member`, `too_deep` (over 32), `wrong_type`, `required`, `too_short`, `too_long`,
// `too_many`, `too_small`, `too_large`, `not_whole`, `unknown_value` (lists the allowed), `control_character`, `invalid_utf8`
// and the scalars' own codes. Members that are not optional, a list, a json_object or of a Patch are required. Text is cleaned
// (domain/kernel/text.h) before it is measured. JSON objects of free form are kept in canonical form; keys over
// 100 characters and `__proto__`, `constructor`, `prototype` are `invalid_key`.
// True when `out` is complete and right.
bool read_request(std::string_view json, Object out, Violations&);
// Must a body have a member of this type?
bool is_required(const TypeInfo&);

// The same checks for one text value from elsewhere (a query parameter).
bool read_text_value(std::string_view given, const TypeInfo&, void* out, const std::string& path, Violations&);

// What was stored cannot be read: a bug or a damaged record, never a person's mistake.
struct CorruptRecord : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Reads what Nova wrote itself. Unknown members are skipped (a newer version wrote them), missing ones keep their
// default. Throws CorruptRecord.
void read_stored(std::string_view json, Object out);

// Appends RFC 8785 canonical JSON: members sorted, every member present, no value is `null`.
void write_json(const TypeInfo&, const void* value, std::string& out);
template <class T>
std::string to_json(const T& value) {
    std::string out;
    write_json(type_of<T>(), &value, out);
    return out;
}
// Pieces for hand-built JSON (envelopes, problem+json).
void write_string(std::string_view utf8, std::string& out);   // quoted and escaped
void write_number(double, std::string& out);                  // as ECMAScript prints it
void write_number(std::int64_t, std::string& out);

// The raw JSON text of each top-level member of an object Nova wrote, by a callback; cheap, no tree. Throws CorruptRecord.
void for_each_member(std::string_view json, void* context,
                     void (*visit)(void* context, std::string_view name, std::string_view raw));
template <class F>
void for_each_member(std::string_view json, F&& visit) {
    for_each_member(json, const_cast<void*>(static_cast<const void*>(&visit)),
                    [](void* f, std::string_view name, std::string_view raw) {
                        (*static_cast<std::remove_reference_t<F>*>(f))(name, raw);
                    });
}
// A raw JSON string (with its quotes) as text.
std::string unescaped(std::string_view raw_string);
// Any valid JSON as RFC 8785; throws CorruptRecord if it is not valid JSON.
std::string canonical(std::string_view json);

}  // namespace nova::schemas

// RFC 8785: sorted members, ECMAScript numbers, the fewest escapes. Writes straight into the caller's string.
#include <charconv>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "schemas/json.h"
#include "schemas/json_bytes.h"

namespace nova::schemas {
namespace {

void write_escape(char c, std::string& out) {
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\t': out += "\\t"; return;
        case '\n': out += "\\n"; return;
        case '\f': out += "\\f"; return;
        case '\r': out += "\\r"; return;
        default: {
            constexpr char hex[] = "0123456789abcdef";
            const auto byte = static_cast<unsigned char>(c);
            const char text[] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
            out.append(text, sizeof text);
        }
    }
}

void write_escaped(std::string_view utf8, std::string& out) {
    const char* at = utf8.data();
    const char* const end = at + utf8.size();
    for (;;) {
        const char* special = find_escape_needed(at, end);
        out.append(at, special);
        if (special == end) return;
        write_escape(*special, out);
        at = special + 1;
    }
}

void write_scalar(const ScalarInfo& scalar, const void* value, std::string& out) {
    out += '"';
    const std::size_t start = out.size();
    scalar.print(value, out);
    const char* const text = out.data() + start;
    if (find_escape_needed(text, out.data() + out.size()) != out.data() + out.size()) {
        const std::string plain = out.substr(start);
        out.resize(start);
        write_escaped(plain, out);
    }
    out += '"';
}

void write_enumerator(const TypeInfo& type, const void* value, std::string& out) {
    const std::int64_t number = type.get_enum(value);
    for (std::size_t i = 0; i < type.enumerators.size(); ++i) {
        if (type.enumerator_values[i] != number) continue;
        out += '"';
        out += type.enumerators[i];
        out += '"';
        return;
    }
    throw std::logic_error(type.name + " has no enumerator of value " + std::to_string(number));
}

void write_list(const TypeInfo& type, const void* value, std::string& out) {
    out += '[';
    const std::size_t size = type.size(value);
    for (std::size_t i = 0; i < size; ++i) {
        if (i) out += ',';
        write_json(*type.inner, type.element(value, i), out);
    }
    out += ']';
}

void write_members(const TypeInfo& type, void* object, std::uint64_t given, std::string& out) {
    out += '{';
    bool first = true;
    for (const std::uint16_t i : type.sorted) {
        if (i < 64 && !(given >> i & 1)) continue;
        const MemberInfo& member = type.members[i];
        if (!first) out += ',';
        first = false;
        out += member.quoted;
        write_json(*member.type, member.at(object), out);
    }
    out += '}';
}

}  // namespace

void write_json(const TypeInfo& type, const void* value, std::string& out) {
    void* const at = const_cast<void*>(value);  // the accessors serve the reader too; nothing is changed here
    switch (type.kind) {
        case Kind::boolean: out += *static_cast<const bool*>(value) ? "true" : "false"; return;
        case Kind::integer: write_number(*static_cast<const std::int64_t*>(value), out); return;
        case Kind::number: write_number(*static_cast<const double*>(value), out); return;
        case Kind::text: write_string(*type.text_at(at), out); return;
        case Kind::json_object: out += *type.text_at(at); return;
        case Kind::enumeration: write_enumerator(type, value, out); return;
        case Kind::scalar: write_scalar(*type.scalar, value, out); return;
        case Kind::optional:
            if (const void* inner = type.inner_at(at)) write_json(*type.inner, inner, out);
            else out += "null";
            return;
        case Kind::list: write_list(type, value, out); return;
        case Kind::object: write_members(type, at, ~std::uint64_t{0}, out); return;
        case Kind::patch: write_members(*type.inner, type.inner_at(at), *type.given_at(at), out); return;
    }
}

void write_string(std::string_view utf8, std::string& out) {
    out += '"';
    write_escaped(utf8, out);
    out += '"';
}

// Beyond 2^53 another reader would see another number, so such a value is a bug of whoever let it in.
void write_number(std::int64_t value, std::string& out) {
    if (value > max_exact || value < -max_exact) throw std::logic_error("an integer beyond 2^53 in a record");
    char text[24];
    out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

// The shortest digits that read back as the same double (std::to_chars), laid out as ECMA-262 Number::toString says.
void write_number(double value, std::string& out) {
    if (!std::isfinite(value)) throw std::logic_error("a number that is not finite in a record");
    if (value == 0) {  // also −0
        out += '0';
        return;
    }
    char text[32];
    const char* const end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
    const char* at = text;
    if (*at == '-') out += *at++;
    char digits[20];
    int count = 0;
    for (; *at != 'e'; ++at)
        if (*at != '.') digits[count++] = *at;
    int exponent = 0;
    std::from_chars(at + (at[1] == '+' ? 2 : 1), end, exponent);
    const int point = exponent + 1;  // digits before the decimal point
    if (point > 21 || point < -5) {
        out += digits[0];
        if (count > 1) out.append(1, '.').append(digits + 1, count - 1);
        out += exponent < 0 ? "e-" : "e+";
        out += std::to_string(std::abs(exponent));
    } else if (point <= 0) {
        out.append("0.").append(-point, '0').append(digits, count);
    } else if (count <= point) {
        out.append(digits, count).append(point - count, '0');
    } else {
        out.append(digits, point).append(1, '.').append(digits + point, count - point);
    }
}

}  // namespace nova::schemas

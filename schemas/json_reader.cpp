// The one file that knows simdjson. On-Demand reads a person's body in one pass straight into the described type; since
// it checks only what is looked at, everything is looked at here, also what is unknown or of the wrong type.
#include <simdjson.h>

#include <bitset>
#include <cstring>
#include <vector>

#include "schemas/json.h"
#include "schemas/json_cursor.h"
#include "schemas/json_fault.h"
#include "schemas/json_free.h"
#include "schemas/value_rules.h"

namespace nova::schemas {
namespace {

namespace od = simdjson::ondemand;

constexpr int max_depth = 32;

struct Malformed : simdjson::simdjson_error {  // the text is no JSON; where, json_fault tells
    Malformed() : simdjson_error(simdjson::TAPE_ERROR) {}
};
struct TooDeep {};

std::string_view number_token(od::value value) {
    std::string_view token = value.raw_json_token();
    token = token.substr(0, token.find_last_not_of(" \n\r\t") + 1);
    if (!is_json_number(token)) throw Malformed{};
    return token;
}

void take_null(od::value value) {
    if (!bool(value.is_null())) throw Malformed{};
}

// A string that simdjson refuses although its syntax is right holds half of a surrogate pair: no UTF-8 can say it, and
// the answer is false.
bool is_text(simdjson::error_code error, std::string_view token) {
    if (error == simdjson::STRING_ERROR && !first_syntax_fault(token)) return false;
    if (error) throw Malformed{};
    return true;
}

bool get_text(od::value value, std::string_view& text) {
    const std::string_view token = value.raw_json_token();
    return is_text(value.get_string().get(text), token);
}

bool get_name(od::field& field, std::string_view& name) {
    const char* const start = field.key().raw() - 1;  // asked before unescaping, which uses the key up
    const simdjson::error_code error = field.unescaped_key().get(name);
    if (!error) return true;
    const char* end = start + 1;
    while (*end != '"') end += *end == '\\' ? 2 : 1;  // the end of the string was found when the body was indexed
    return is_text(error, {start, static_cast<std::size_t>(end + 1 - start)});
}

// Bodies are wrapped in a list, so that a lone number and an object are read alike, and what follows the value shows.
class Document {
public:
    explicit Document(std::string_view json) : length_(json.size() + 1) {
        const std::size_t needed = json.size() + 2 + simdjson::SIMDJSON_PADDING;
        if (buffer.size() < needed) buffer.resize(2 * needed);
        buffer[0] = '[';
        std::memcpy(buffer.data() + 1, json.data(), json.size());
        buffer[json.size() + 1] = ']';
        document_ = parser.iterate(buffer.data(), json.size() + 2, buffer.size());
    }
    // A thread keeps its buffers from body to body, unless one was extraordinarily long.
    ~Document() {
        if (buffer.size() <= 1 << 18) return;
        buffer = {};
        parser = od::parser();
    }
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;

    const char* end() const { return buffer.data() + length_; }

    template <class Read>
    void read(Read read) {
        int values = 0;
        for (od::value value : document_.get_array()) {
            if (values++) throw Malformed{};
            read(value);
        }
        if (values != 1 || document_.current_location().error() != simdjson::OUT_OF_BOUNDS) throw Malformed{};
    }

private:
    static thread_local od::parser parser;
    static thread_local std::vector<char> buffer;
    std::size_t length_;  // with the bracket before
    od::document document_;
};
thread_local od::parser Document::parser;
thread_local std::vector<char> Document::buffer;

class RequestReader {
public:
    RequestReader(Report& report, const char* body_end) : report_(report), body_end_(body_end) {}

    void read(od::value value, const TypeInfo& type, void* out);

private:
    using json_type = od::json_type;
    void go_deeper() {
        if (++depth_ > max_depth) throw TooDeep{};
    }
    void look_over(od::value value);
    void wrong_type(od::value value, const TypeInfo& type) {
        report_.add("wrong_type", "must be " + expectation(type));
        look_over(value);
    }
    bool read_string(od::value value, std::string_view& text) {
        if (get_text(value, text)) return true;
        report_.add("invalid_utf8", "is not valid UTF-8");
        return false;
    }
    void read_json_object(od::value value, const TypeInfo& type, void* out);
    void read_list(od::array array, const TypeInfo& type, void* out);
    void read_members(od::object object, const TypeInfo& type, void* out);

    Report& report_;
    const char* body_end_;
    int depth_ = 0;
};

// Reads on to the end of a value that is not used, for it may hide that the body is no JSON at all.
void RequestReader::look_over(od::value value) {
    std::string_view text;
    switch (value.type()) {
        case json_type::null: return take_null(value);
        case json_type::boolean: static_cast<void>(bool(value.get_bool())); return;
        case json_type::number: number_token(value); return;
        case json_type::string: get_text(value, text); return;
        case json_type::array:
            go_deeper();
            for (od::value entry : value.get_array()) look_over(entry);
            break;
        case json_type::object:
            go_deeper();
            for (od::field field : value.get_object()) {
                get_name(field, text);
                look_over(field.value());
            }
            break;
    }
    --depth_;
}

void RequestReader::read(od::value value, const TypeInfo& type, void* out) {
    const json_type given = value.type();
    if (given == json_type::null) {
        take_null(value);
        if (type.kind == Kind::optional) type.reset(out);
        else if (report_.path.empty() || !is_required(type)) report_.add("wrong_type", "must be " + expectation(type));
        else report_.add("required", "may not be null; must be " + expectation(type));
        return;
    }
    std::string_view text;
    switch (type.kind) {
        case Kind::optional: return read(value, *type.inner, type.emplace(out));
        case Kind::boolean:
            if (given != json_type::boolean) return wrong_type(value, type);
            *static_cast<bool*>(out) = value.get_bool();
            return;
        case Kind::integer:
        case Kind::number:
            if (given != json_type::number) return wrong_type(value, type);
            return read_number(number_token(value), type, out, report_);
        case Kind::text:
            if (given != json_type::string) return wrong_type(value, type);
            if (read_string(value, text)) read_text(text, type, out, report_);
            return;
        case Kind::enumeration:
            if (given != json_type::string) return wrong_type(value, type);
            if (read_string(value, text)) read_enumerator(text, type, out, report_);
            return;
        case Kind::scalar:
            if (given != json_type::string) return wrong_type(value, type);
            if (read_string(value, text)) read_scalar(text, *type.scalar, out, report_);
            return;
        case Kind::json_object:
            if (given != json_type::object) return wrong_type(value, type);
            return read_json_object(value, type, out);
        case Kind::list:
            if (given != json_type::array) return wrong_type(value, type);
            return read_list(value.get_array(), type, out);
        case Kind::object:
        case Kind::patch:
            if (given != json_type::object) return wrong_type(value, type);
            return read_members(value.get_object(), type, out);
    }
}

void RequestReader::read_json_object(od::value value, const TypeInfo& type, void* out) {
    std::string& text = *type.text_at(out);
    const char* const start = value.raw_json_token().data();
    look_over(value);
    text.clear();
    // Now it is known to be JSON, and where it ends is where its brackets close.
    append_canonical(Cursor({start, body_end_}).value(), text, &report_);
    if (type.max && text.size() > type.max)
        report_.add("too_long", "may take at most " + std::to_string(type.max) + " bytes as JSON");
}

void RequestReader::read_list(od::array array, const TypeInfo& type, void* out) {
    go_deeper();
    type.reset(out);
    std::size_t index = 0;
    for (od::value value : array) {
        if (type.max && index >= type.max) {
            look_over(value);
        } else {
            const Report::Step step(report_, index);
            read(value, *type.inner, type.emplace(out));
        }
        ++index;
    }
    if (type.max && index > type.max)
        report_.add("too_many", "may have at most " + std::to_string(type.max) + " entries");
    --depth_;
}

void RequestReader::read_members(od::object object, const TypeInfo& type, void* out) {
    go_deeper();
    const bool is_patch = type.kind == Kind::patch;
    const TypeInfo& described = is_patch ? *type.inner : type;
    void* const values = is_patch ? type.inner_at(out) : out;
    std::bitset<256> seen;
    std::size_t next = 0;
    for (od::field field : object) {
        std::string_view name;
        if (!get_name(field, name)) {
            report_.add("unknown_member", "has a member whose name is not valid UTF-8");
            look_over(field.value());
            continue;
        }
        // Programs mostly send members in the order in which they are documented, so the next one is tried first.
        const bool foretold = next < described.members.size() && described.members[next].name == name;
        const MemberInfo* const member = foretold ? &described.members[next] : described.find(name);
        if (!member) {
            report_.add_at(name, "unknown_member", "is no member that is known here");
            look_over(field.value());
            continue;
        }
        const std::size_t index = member - described.members.data();
        next = index + 1;
        if (seen[index]) {
            report_.add_at(name, "duplicate_member", "is there twice");
            look_over(field.value());
            continue;
        }
        seen[index] = true;
        if (is_patch) *type.given_at(out) |= std::uint64_t{1} << index;
        const Report::Step step(report_, member->name);
        read(field.value(), *member->type, member->at(values));
    }
    for (std::size_t i = 0; !is_patch && i < described.members.size(); ++i) {
        const MemberInfo& member = described.members[i];
        if (!seen[i] && is_required(*member.type))
            report_.add_at(member.name, "required", "is missing; must be " + expectation(*member.type));
    }
    --depth_;
}

void report_malformed(std::string_view json, Violations& violations) {
    if (const auto at = first_utf8_fault(json)) {
        violations.add("", "invalid_utf8", "The body is not valid UTF-8 at byte " + std::to_string(*at) + ".");
        return;
    }
    const std::size_t at = first_syntax_fault(json).value_or(json.size());
    violations.add("", "malformed_json", "The body is not JSON: it breaks at byte " + std::to_string(at) + ".");
}

}  // namespace

bool read_request(std::string_view json, Object out, Violations& violations) {
    Report report;
    report.path.reserve(64);
    try {
        Document document(json);
        RequestReader reader(report, document.end());
        document.read([&](od::value value) { reader.read(value, *out.type, out.value); });
    } catch (const simdjson::simdjson_error&) {
        report_malformed(json, violations);
        return false;
    } catch (const TooDeep&) {
        violations.add(report.path, "too_deep", "The body is nested deeper than 32 levels.");
        return false;
    }
    for (const Violation& violation : report.found.all())
        violations.add(violation.path, violation.code, violation.message);
    return report.found.empty();
}

}  // namespace nova::schemas

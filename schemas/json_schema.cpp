#include "schemas/json_schema.h"

#include <algorithm>

#include "schemas/json.h"
#include "schemas/value_rules.h"

namespace nova::schemas {
namespace {

enum class Purpose { request, answer, event };

// As inside of a character class: what clean_text refuses, and what it cuts off at both ends.
constexpr std::string_view refused = R"(\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069)";
constexpr std::string_view blank = R"( \t\n\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff)";

// At least `min` characters from the first that is not blank to the last.
std::string text_pattern(std::size_t min) {
    const std::string any = "[^" + std::string(refused) + "]",
                      solid = "[^" + std::string(refused) + std::string(blank) + "]";
    if (min == 0) return "^" + any + "*$";
    if (min == 1) return "^" + any + "*" + solid + any + "*$";
    return "^" + any + "*" + solid + any + "{" + std::to_string(min - 2) + ",}" + solid + any + "*$";
}

// Years 0001–9999; the formats of JSON Schema know a year 0.
constexpr std::string_view year_pattern = "^(000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9])-";

// Not every tool knows the format.
constexpr std::string_view uuid_pattern =
    "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

class SchemaWriter {
public:
    explicit SchemaWriter(Purpose purpose) : purpose_(purpose) {}

    std::string of(const TypeInfo& type) {
        out_ = "{";
        write(type, false);
        out_ += '}';
        return std::move(out_);
    }

private:
    void key(std::string_view name) {
        if (out_.back() != '{') out_ += ',';
        write_string(name, out_);
        out_ += ':';
    }
    void text(std::string_view name, std::string_view value) {
        key(name);
        write_string(value, out_);
    }
    void size(std::string_view name, std::size_t value) {
        key(name);
        out_ += std::to_string(value);
    }
    void type(std::string_view name, bool nullable) {
        key("type");
        if (nullable) out_.append("[\"").append(name).append("\",\"null\"]");
        else write_string(name, out_);
    }
    void nested(std::string_view name, const TypeInfo& inner) {
        key(name);
        out_ += '{';
        write(inner, false);
        out_ += '}';
    }

    void write(const TypeInfo& described, bool nullable);
    void write_text(const TypeInfo& described);
    void write_scalar(const ScalarInfo& scalar);
    void write_enumeration(const TypeInfo& described, bool nullable);
    void write_object(const TypeInfo& described, bool is_patch);
    void write_free_object();

    Purpose purpose_;
    std::string out_;
};

void SchemaWriter::write(const TypeInfo& described, bool nullable) {
    const bool request = purpose_ == Purpose::request;
    switch (described.kind) {
        case Kind::optional: return write(*described.inner, true);
        case Kind::boolean: return type("boolean", nullable);
        case Kind::integer:
            type("integer", nullable);
            if (!request) return;
            key("minimum"), write_number(described.lowest, out_);
            key("maximum"), write_number(described.highest, out_);
            return;
        case Kind::number:
            type("number", nullable);
            if (!request || described.highest_number > 1e300) return;
            key("minimum"), write_number(described.lowest_number, out_);
            key("maximum"), write_number(described.highest_number, out_);
            return;
        case Kind::text:
            type("string", nullable);
            if (request) write_text(described);
            return;
        case Kind::scalar:
            type("string", nullable);
            return write_scalar(*described.scalar);
        case Kind::enumeration: return write_enumeration(described, nullable);
        case Kind::list:
            type("array", nullable);
            nested("items", *described.inner);
            if (request && described.max) size("maxItems", described.max);
            return;
        case Kind::json_object:
            type("object", nullable);
            if (request) write_free_object();
            return;
        case Kind::object:
        case Kind::patch:
            type("object", nullable);
            return write_object(described.kind == Kind::patch ? *described.inner : described,
                                described.kind == Kind::patch);
    }
}

void SchemaWriter::write_text(const TypeInfo& described) {
    if (described.min) size("minLength", described.min);
    if (described.max) size("maxLength", described.max);
    text("pattern", text_pattern(described.min));
}

void SchemaWriter::write_scalar(const ScalarInfo& scalar) {
    text("format", scalar.format);
    if (purpose_ == Purpose::event) return;
    if (purpose_ == Purpose::request) {
        if (scalar.typed) size("maxLength", scalar.max_length);
        if (scalar.format == "uuid") size("maxLength", scalar.max_length), text("pattern", uuid_pattern);
        if (scalar.format.starts_with("date")) text("pattern", year_pattern);
    }
    text("example", scalar.example);
}

void SchemaWriter::write_enumeration(const TypeInfo& described, bool nullable) {
    type("string", nullable);
    key("enum");
    out_ += '[';
    for (const std::string& word : described.enumerators) {
        if (out_.back() != '[') out_ += ',';
        write_string(word, out_);
    }
    out_ += nullable ? ",null]" : "]";
}

// An answer may gain members, so only a request says that there are no others.
void SchemaWriter::write_object(const TypeInfo& described, bool is_patch) {
    key("properties");
    out_ += '{';
    for (const MemberInfo& member : described.members) nested(member.name, *member.type);
    out_ += '}';
    std::string required;
    for (const MemberInfo& member : described.members) {
        if (is_patch || (purpose_ != Purpose::answer && !is_required(*member.type))) continue;
        if (!required.empty()) required += ',';
        write_string(member.name, required);
    }
    if (!required.empty()) key("required"), out_.append("[").append(required).append("]");
    if (purpose_ == Purpose::request) key("additionalProperties"), out_ += "false";
}

// Values two levels deep. What lies deeper is read too, but only a schema that refers to itself could say so, and such
// a schema breaks many tools.
void SchemaWriter::write_free_object() {
    std::string bounds = R"("minimum":-9007199254740991,"maximum":9007199254740991,"pattern":)";
    write_string(text_pattern(0), bounds);
    std::string names = R"("propertyNames":{"minLength":1,"maxLength":100,"pattern":)";
    write_string(text_pattern(1), names);
    names += R"(,"not":{"enum":["__proto__","constructor","prototype"]}})";
    const std::string leaf = R"({"type":["string","number","boolean","null"],)" + bounds + "}";
    out_.append(",").append(names).append(",\"additionalProperties\":{").append(bounds).append(",").append(names);
    out_.append(",\"items\":").append(leaf).append(",\"additionalProperties\":").append(leaf).append("}");
}

void mark_member(const EventType& type, const MemberInfo& member, std::string& schema) {
    const auto has = [&](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), member.name) != names.end();
    };
    const bool secret = has(type.secret);
    if (!secret && !has(type.personal)) return;
    schema.pop_back();
    schema.append(secret ? ",\"x-secret\":true" : ",\"x-personal\":true").append(",\"x-subject\":");
    write_string(type.subject_member.empty() ? "stream" : std::string_view(type.subject_member), schema);
    schema += '}';
}

}  // namespace

std::string request_schema(const TypeInfo& type) { return SchemaWriter(Purpose::request).of(type); }

std::string answer_schema(const TypeInfo& type) { return SchemaWriter(Purpose::answer).of(type); }

std::string partial_schema(const TypeInfo& type) {
    TypeInfo some;
    some.kind = Kind::patch;
    some.inner = &type;
    return SchemaWriter(Purpose::answer).of(some);
}

std::string event_schema(const EventType& type) {
    std::string out = "{\n  \"title\": ";
    write_string(type.name, out);
    out += ",\n  \"description\": ";
    write_string(type.sentence, out);
    out += ",\n  \"x-version\": " + std::to_string(type.version);
    out += ",\n  \"type\": \"object\",\n  \"properties\": {";
    std::string required;
    for (const MemberInfo& member : type.data->members) {
        out.append(out.back() == '{' ? "\n    " : ",\n    ");
        write_string(member.name, out);
        std::string schema = SchemaWriter(Purpose::event).of(*member.type);
        mark_member(type, member, schema);
        out.append(": ").append(schema);
        if (!is_required(*member.type)) continue;
        if (!required.empty()) required += ", ";
        write_string(member.name, required);
    }
    out.append(out.back() == '{' ? "}" : "\n  }").append(",\n  \"required\": [").append(required).append("]\n}");
    return out;
}

}  // namespace nova::schemas

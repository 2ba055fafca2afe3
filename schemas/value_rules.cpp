#include "schemas/value_rules.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "schemas/json.h"

namespace nova::schemas {
namespace {

// A body of a megabyte can break a rule a hundred thousand times; nobody reads that many answers.
constexpr std::size_t max_reported = 200;
constexpr std::size_t max_name_bytes = 100;

std::string number_text(double value) {
    std::string text;
    write_number(value, text);
    return text;
}

void read_integer(std::string_view token, const TypeInfo& type, void* out, Report& report) {
    if (token.find_first_of(".eE") != std::string_view::npos)
        return report.add("not_whole", "must be a whole number, written without point and exponent");
    std::int64_t value = 0;
    const bool fits = std::from_chars(token.data(), token.data() + token.size(), value).ec == std::errc{};
    const bool negative = token.front() == '-';
    if (fits ? value < type.lowest : negative)
        return report.add("too_small", "must be at least " + std::to_string(type.lowest));
    if (fits ? value > type.highest : !negative)
        return report.add("too_large", "must be at most " + std::to_string(type.highest));
    *static_cast<std::int64_t*>(out) = value;
}

// strtod instead of from_chars: it tells an overflow (infinite) from an underflow (zero, the nearest double there is).
double nearest_double(std::string_view token) { return std::strtod(std::string(token).c_str(), nullptr); }

void read_decimal(std::string_view token, const TypeInfo& type, void* out, Report& report) {
    double value = 0;
    if (std::from_chars(token.data(), token.data() + token.size(), value).ec != std::errc{})
        value = nearest_double(token);
    const bool whole = token.find_first_of(".eE") == std::string_view::npos;
    const double limit = static_cast<double>(max_exact);
    const double lowest = whole ? std::max(type.lowest_number, -limit) : type.lowest_number;
    const double highest = whole ? std::min(type.highest_number, limit) : type.highest_number;
    if (value < lowest) return report.add("too_small", "must be at least " + number_text(lowest));
    if (value > highest) return report.add("too_large", "must be at most " + number_text(highest));
    *static_cast<double*>(out) = value;
}

bool read_flag(std::string_view given, void* out) {
    *static_cast<bool*>(out) = given == "true";
    return given == "true" || given == "false";
}

}  // namespace

void Report::add(std::string code, std::string message) {
    if (found.all().size() < max_reported) found.add(path, std::move(code), std::move(message));
}

void Report::add_at(std::string_view member, std::string code, std::string message) {
    const Step step(*this, member);
    add(std::move(code), std::move(message));
}

Report::Step::Step(Report& report, std::string_view member) : report_(report), length_(report.path.size()) {
    if (length_) report.path += '.';
    if (member.size() > max_name_bytes) {
        // A name is a stranger's text: it is cut, and never in the middle of a character.
        std::size_t cut = max_name_bytes;
        while (cut > 0 && (static_cast<unsigned char>(member[cut]) & 0xC0) == 0x80) --cut;
        report.path.append(member.substr(0, cut)).append("…");
    } else {
        report.path += member;
    }
}

Report::Step::Step(Report& report, std::size_t entry) : report_(report), length_(report.path.size()) {
    report.path.append("[").append(std::to_string(entry)).append("]");
}

bool clean(std::string_view given, std::string& out, Report& report) {
    switch (clean_text(given, out)) {
        case TextFault::none: return true;
        case TextFault::invalid_utf8: report.add("invalid_utf8", "is not valid UTF-8"); return false;
        case TextFault::control_character:
            report.add("control_character", "may not hold control characters or overrides of writing direction");
            return false;
    }
    return false;
}

void read_text(std::string_view given, const TypeInfo& type, void* out, Report& report) {
    std::string& text = *type.text_at(out);
    if (!clean(given, text, report)) return;
    const std::size_t length = length_in_characters(text);
    if (length < type.min) {
        const char* const unit = type.min == 1 ? " character" : " characters";
        report.add("too_short", "must have at least " + std::to_string(type.min) + unit);
    } else if (type.max && length > type.max) {
        report.add("too_long", "may have at most " + std::to_string(type.max) + " characters");
    }
}

void read_scalar(std::string_view given, const ScalarInfo& scalar, void* out, Report& report) {
    std::string cleaned;
    if (scalar.typed) {
        if (!clean(given, cleaned, report)) return;
        given = cleaned;
        if (length_in_characters(given) > scalar.max_length)
            return report.add("too_long", "may have at most " + std::to_string(scalar.max_length) + " characters");
    }
    if (!scalar.parse(given, out)) report.add(std::string(scalar.code), "must be " + std::string(scalar.expectation));
}

void read_enumerator(std::string_view given, const TypeInfo& type, void* out, Report& report) {
    for (std::size_t i = 0; i < type.enumerators.size(); ++i)
        if (type.enumerators[i] == given) return type.set_enum(out, type.enumerator_values[i]);
    report.add("unknown_value", "must be " + expectation(type));
}

void read_number(std::string_view token, const TypeInfo& type, void* out, Report& report) {
    if (type.kind == Kind::integer) read_integer(token, type, out, report);
    else read_decimal(token, type, out, report);
}

bool is_json_number(std::string_view token) {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t start = at;
        while (at < token.size() && token[at] >= '0' && token[at] <= '9') ++at;
        return at - start;
    };
    if (at < token.size() && token[at] == '-') ++at;
    const bool leading_zero = at < token.size() && token[at] == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (leading_zero && whole > 1)) return false;
    if (at < token.size() && token[at] == '.') {
        ++at;
        if (digits() == 0) return false;
    }
    if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
        ++at;
        if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
        if (digits() == 0) return false;
    }
    return at == token.size();
}

// Names that mean something else to programs in JavaScript which copy such objects.
bool is_forbidden_key(std::string_view key) { return key == "__proto__" || key == "constructor" || key == "prototype"; }

std::string expectation(const TypeInfo& type) {
    switch (type.kind) {
        case Kind::boolean: return "true or false";
        case Kind::integer: return "a whole number";
        case Kind::number: return "a number";
        case Kind::text: return "a text";
        case Kind::scalar: return std::string(type.scalar->expectation);
        case Kind::optional: return expectation(*type.inner);
        case Kind::list: return "a list";
        case Kind::json_object:
        case Kind::object:
        case Kind::patch: return "an object";
        case Kind::enumeration: break;
    }
    std::string words = "one of";
    for (std::size_t i = 0; i < type.enumerators.size(); ++i) words.append(i ? ", " : " ").append(type.enumerators[i]);
    return words;
}

bool is_required(const TypeInfo& type) {
    return type.kind != Kind::optional && type.kind != Kind::list && type.kind != Kind::json_object;
}

bool read_text_value(std::string_view given, const TypeInfo& type, void* out, const std::string& path,
                     Violations& violations) {
    Report report{path, {}};
    switch (type.kind) {
        case Kind::optional: return read_text_value(given, *type.inner, type.emplace(out), path, violations);
        case Kind::text: read_text(given, type, out, report); break;
        case Kind::scalar: read_scalar(given, *type.scalar, out, report); break;
        case Kind::enumeration: read_enumerator(given, type, out, report); break;
        case Kind::integer:
        case Kind::number:
            if (is_json_number(given)) read_number(given, type, out, report);
            else report.add("wrong_type", "must be " + expectation(type));
            break;
        case Kind::boolean:
            if (!read_flag(given, out)) report.add("wrong_type", "must be true or false");
            break;
        default: throw std::logic_error("no single text is read as " + expectation(type));
    }
    for (const Violation& violation : report.found.all())
        violations.add(violation.path, violation.code, violation.message);
    return report.found.empty();
}

}  // namespace nova::schemas

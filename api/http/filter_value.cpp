#include "api/http/filter_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "domain/kernel/instant.h"
#include "domain/kernel/uuid.h"
#include "schemas/json.h"

namespace nova::api {
namespace {

using projections::Value;
using schemas::Kind;
using schemas::TypeInfo;

constexpr std::int64_t riyadh_ahead_of_utc = 3 * hour_ms;   // no summer time since ever

std::string listed(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

std::optional<Value> wrong(Violations& violations, const std::string& parameter, std::string_view code,
                           std::string message) {
    violations.add(parameter, std::string(code), std::move(message));
    return std::nullopt;
}

std::optional<Value> read_whole(std::string_view given, const TypeInfo& type, const std::string& parameter,
                                Violations& violations) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (error == std::errc::result_out_of_range)
        return wrong(violations, parameter, given.starts_with('-') ? "too_small" : "too_large",
                     "The number is out of range.");
    if (error != std::errc() || end != given.data() + given.size())
        return wrong(violations, parameter, "wrong_type", "A whole number is needed.");
    if (number < type.lowest)
        return wrong(violations, parameter, "too_small", "At least " + std::to_string(type.lowest) + ".");
    if (number > type.highest)
        return wrong(violations, parameter, "too_large", "At most " + std::to_string(type.highest) + ".");
    return number;
}

std::optional<Value> read_number(std::string_view given, const TypeInfo& type, const std::string& parameter,
                                 Violations& violations) {
    double number = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (error != std::errc() || end != given.data() + given.size() || !std::isfinite(number))
        return wrong(violations, parameter, "wrong_type", "A number is needed.");
    if (number < type.lowest_number) return wrong(violations, parameter, "too_small", "The number is too small.");
    if (number > type.highest_number) return wrong(violations, parameter, "too_large", "The number is too large.");
    return number;
}

std::optional<Value> read_scalar(std::string_view given, const TypeInfo& type, const std::string& parameter,
                                 Violations& violations) {
    const auto& scalar = *type.scalar;
    if (scalar.format == "uuid") {
        if (const auto id = parse_uuid(given)) return to_text(*id);
    } else if (scalar.format == "date-time") {
        if (const auto time = parse_instant(given)) return time->ms;
    } else if (scalar.format == "date") {
        if (const auto date = parse_date(given)) return to_text(*date);
    } else {
        return std::string(given);
    }
    return wrong(violations, parameter, scalar.code, "This must be " + std::string(scalar.expectation) + ".");
}

}  // namespace

const TypeInfo& value_type(const TypeInfo& type) {
    return type.kind == Kind::optional || type.kind == Kind::list ? value_type(*type.inner) : type;
}

bool is_id(const TypeInfo& type) {
    const TypeInfo& value = value_type(type);
    return value.kind == Kind::scalar && value.scalar->format == "uuid";
}

bool is_time(const TypeInfo& type) {
    const TypeInfo& value = value_type(type);
    return value.kind == Kind::scalar && (value.scalar->format == "date-time" || value.scalar->format == "date");
}

std::string value_schema(const TypeInfo& given) {
    const TypeInfo& type = value_type(given);
    switch (type.kind) {
        case Kind::boolean: return R"({"type":"boolean"})";
        case Kind::integer:
            return R"({"type":"integer","minimum":)" + std::to_string(type.lowest) + R"(,"maximum":)" + std::to_string(type.highest) + "}";
        case Kind::number: return R"({"type":"number"})";
        case Kind::enumeration: {
            std::string out = R"({"type":"string","enum":[)";
            for (std::size_t i = 0; i < type.enumerators.size(); ++i) {
                if (i) out += ',';
                schemas::write_string(type.enumerators[i], out);
            }
            return out + "]}";
        }
        case Kind::scalar:
            if (type.scalar->format == "uuid") return R"({"type":"string","anyOf":[{"format":"uuid"},{"enum":["me","none"]}]})";
            return R"({"type":"string"})";
        default: return R"({"type":"string"})";
    }
}

std::optional<Value> read_value(std::string_view given, const TypeInfo& column, const std::string& parameter,
                                Violations& violations) {
    const TypeInfo& type = value_type(column);
    switch (type.kind) {
        case Kind::boolean:
            if (given == "true" || given == "1") return std::int64_t{1};
            if (given == "false" || given == "0") return std::int64_t{0};
            return wrong(violations, parameter, "wrong_type", "This must be true or false.");
        case Kind::integer: return read_whole(given, type, parameter, violations);
        case Kind::number: return read_number(given, type, parameter, violations);
        case Kind::enumeration:
            if (std::find(type.enumerators.begin(), type.enumerators.end(), given) != type.enumerators.end())
                return std::string(given);
            return wrong(violations, parameter, "unknown_value",
                         "This must be one of " + listed(type.enumerators) + ".");
        case Kind::scalar: return read_scalar(given, type, parameter, violations);
        default: return std::string(given);
    }
}

std::optional<Value> read_bound(std::string_view given, const TypeInfo& column, End end, const std::string& parameter,
                                Violations& violations) {
    const TypeInfo& type = value_type(column);
    if (type.kind == Kind::scalar && type.scalar->format == "date-time") {
        if (const auto date = parse_date(given)) {
            const auto begins = date->days * day_ms - riyadh_ahead_of_utc;
            return end == End::from ? begins : begins + day_ms - 1;
        }
    }
    return read_value(given, column, parameter, violations);
}

}  // namespace nova::api

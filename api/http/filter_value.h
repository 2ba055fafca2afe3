// One value of a query parameter, read by the type of the column that it is compared with.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "domain/kernel/violation.h"
#include "projections/collection.h"

namespace nova::api {

// The type of one value: of what an optional holds, of a list's entries.
const schemas::TypeInfo& value_type(const schemas::TypeInfo&);
bool is_id(const schemas::TypeInfo&);
bool is_time(const schemas::TypeInfo&);
std::string value_schema(const schemas::TypeInfo&);   // JSON Schema

std::optional<projections::Value> read_value(std::string_view given, const schemas::TypeInfo&,
                                             const std::string& parameter, Violations&);

enum class End { from, to };
// As read_value; a time may be a date too, which is its first or last millisecond in Riyadh.
std::optional<projections::Value> read_bound(std::string_view given, const schemas::TypeInfo&, End,
                                             const std::string& parameter, Violations&);

}  // namespace nova::api

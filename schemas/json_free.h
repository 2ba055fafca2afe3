// JSON whose members nobody but its writer knows, brought into canonical form.
#pragma once
#include <string>
#include <string_view>

#include "schemas/value_rules.h"

namespace nova::schemas {

// Appends RFC 8785 of `json`, which must be valid (see json_fault.h). With a report it is a person's: texts and names are
// cleaned and everything wrong is reported. Without one, what has no canonical form throws CorruptRecord.
void append_canonical(std::string_view json, std::string& out, Report* report);

}  // namespace nova::schemas

// Reading an event's data back: like read_stored, and one further member is handed out as it stands (the sealed boxes).
#pragma once
#include <string_view>

#include "schemas/json.h"

namespace nova::schemas {

// `aside` becomes the raw value of the member `aside_name`, which `out` does not have; it stays as it is if there is none.
void read_stored_beside(std::string_view json, Object out, std::string_view aside_name, std::string_view& aside);

}  // namespace nova::schemas

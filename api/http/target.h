// The request target taken apart: path and query, percent-decoded.
#pragma once
#include <string_view>

#include "api/http/message.h"

namespace nova::api {

// Fills path and query from request.target; false when it is not a target this server understands (a percent sign
// without two digits, bytes that are no UTF-8, a control character).
bool read_target(Request&);

// Well-formed UTF-8 without U+0000.
bool is_clean_utf8(std::string_view);

}  // namespace nova::api

// What the route table says a request may carry, checked before any handler sees it.
#pragma once
#include <optional>
#include <string_view>

#include "api/http/problem.h"

namespace nova::api {

// 415 for a body of another media type, charset or coding than the route takes; 400 for a body where none is taken.
std::optional<Problem> wrong_media(const Request&);
// Every query parameter that the route does not know (`unknown_parameter`) or takes only once (`repeated_parameter`).
Violations wrong_parameters(const Request&);

bool prefers_arabic(std::string_view accept_language);
bool is_gzip(std::string_view content_encoding);
bool is_compressible(std::string_view content_type);

}  // namespace nova::api

// The sentences of refusals in Arabic, by code; what has none is answered in English.
#pragma once
#include <string_view>

namespace nova::api {

std::string_view arabic_of(std::string_view code);   // empty: none

}  // namespace nova::api

// The 10,000 passwords that people choose most, divided by blanks.
#pragma once
#include <string_view>

namespace nova::identity {
extern const std::string_view common_passwords;
}

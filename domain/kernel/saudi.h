// Numbers that Saudi authorities give out, checked by their form alone; whether one was ever given out is not asked.
#pragma once
#include <string_view>

namespace nova {

// Ten ASCII digits, the first a 1 (citizen) or a 2 (resident), the last the check digit of Luhn.
bool is_saudi_id(std::string_view);

// Commercial registration: ten ASCII digits.
bool is_commercial_registration(std::string_view);

}  // namespace nova

// Phone numbers of all countries as libphonenumber knows them; the only door to that library.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace nova {

// `number` is "+" and digits. Its E.164 form, which differs where people write a digit that is not dialled
// ("+4402079460958"); nothing if the library says that no such number can exist. From any thread. The first call
// loads the library's tables (about 6 ms), later ones take 10–40 µs.
std::optional<std::string> valid_e164(const std::string& number);
// The same without asking whether the number can exist.
std::optional<std::string> readable_e164(const std::string& number);

}  // namespace nova

#include "domain/kernel/international_phone.h"

#include <phonenumbers/phonenumberutil.h>

namespace nova {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr char no_region[] = "ZZ";  // the library's name for it: only numbers that begin with + can be read

// The library guards its one instance by pthread_once and its cache of expressions by a mutex.
const PhoneNumberUtil& library() { return *PhoneNumberUtil::GetInstance(); }

std::optional<std::string> read(const std::string& number, bool must_be_valid) {
    PhoneNumber parsed;
    if (library().Parse(number, no_region, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) return std::nullopt;
    if (must_be_valid && !library().IsValidNumber(parsed)) return std::nullopt;
    std::string e164;
    library().Format(parsed, PhoneNumberUtil::E164, &e164);
    return e164;
}

}  // namespace

std::optional<std::string> valid_e164(const std::string& number) { return read(number, true); }
std::optional<std::string> readable_e164(const std::string& number) { return read(number, false); }

}  // namespace nova

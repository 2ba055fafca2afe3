// What makes a password acceptable. The rules look at the password itself, so they are asked before it is hashed, and
// never again.
#pragma once
#include <span>
#include <string_view>

#include "domain/kernel/violation.h"

namespace nova::identity {

// Every broken rule, at `path`: too_short, too_long, no_upper, no_lower, no_digit, no_special, too_common, contains_identity.
void check_password(std::string_view password, std::string_view email, std::string_view name, const std::string& path,
                    Violations&);

// One of the 10,000 that people choose most, compared exactly.
bool is_common_password(std::string_view);

}  // namespace nova::identity

// Where a text stops being JSON. Only asked once a text is known to be wrong, so it is plain rather than fast.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace nova::schemas {

// The byte at which RFC 8259 is broken (the length of `json` when something is missing at its end); none: it is JSON.
std::optional<std::size_t> first_syntax_fault(std::string_view json);

}  // namespace nova::schemas

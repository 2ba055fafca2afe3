// Answers that show one item, with their ETag; and the request headers that speak of its version.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/message.h"
#include "domain/kernel/violation.h"

namespace nova::api {

// `{"customer": <item_json>}` with `ETag: "<version>-<digest of the item>"`; 304 without a body when a GET or HEAD
// says by If-None-Match that it has this one.
// `more`: further members of the body, each with a comma before it: `,"warnings":[…]`.
Response item_response(const Request&, std::string_view item_name, std::string_view item_json, std::uint64_t version,
                       unsigned status = 200, std::string_view more = {});
std::string etag_of(std::string_view item_json, std::uint64_t version);

// The version that If-Match names (`"7"`, the whole tag, or either with W/); none when it was not sent or is `*`. A wrong
// one is a violation `invalid_if_match`.
std::optional<std::uint64_t> if_match(const Request&, Violations&);

// Empty when it was not sent; anything but 1–255 visible ASCII characters is a violation `invalid_idempotency_key`.
std::string idempotency_key(const Request&, Violations&);

}  // namespace nova::api

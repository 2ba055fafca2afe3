// Names that the writer and the readers of an envelope share.
#pragma once
#include <string>
#include <string_view>

namespace nova::schemas {

constexpr std::string_view sealed_name = "sealed";                      // the member of `data` that holds the boxes
constexpr std::string_view secret_shown = "\"[sealed]\"";               // what an answer shows of a secret
constexpr std::string_view directory_source = "/directory";
constexpr std::string_view tenant_source = "/tenants/";
constexpr std::string_view actor_names[] = {"USER", "APIKEY", "SYSTEM"};  // by ActorType

// Whose key a user's own things are sealed under.
inline std::string user_subject(std::string_view user_id) { return std::string("user-").append(user_id); }

}  // namespace nova::schemas

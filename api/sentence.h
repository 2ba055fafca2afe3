// An event in words: the catalogue's sentence with the event's members in their places.
#pragma once
#include <string>
#include <string_view>

#include "domain/kernel/context.h"

namespace nova::api {

// `{actor}` and `{member}`s of `data` (a JSON object) replaced; what has no value reads "—", a list is joined by commas.
std::string sentence(std::string_view pattern, std::string_view data, std::string_view actor);

std::string_view actor_type_text(ActorType);

}  // namespace nova::api

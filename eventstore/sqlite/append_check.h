// What an append must be before it is written: whole lines that say which version of which stream they are, the versions
// next in their streams, each command in one boundary.
#pragma once
#include <optional>
#include <string>

#include "eventstore/index.h"
#include "eventstore/log.h"

namespace nova::eventstore::sqlite {

std::optional<std::string> refusal_of(const Append&, const Index&);

}  // namespace nova::eventstore::sqlite

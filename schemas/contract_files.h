// The contract as files: `schemas/json/<context>.<aggregate>.json` holds, of every event type and version ever released, the
// schema and a golden sample. Other people's programs rely on them, so they are committed and only ever grow.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "schemas/event_type.h"

namespace nova::schemas {

using Files = std::map<std::string, std::string>;  // name in schemas/json → content

// What is to be committed for this catalogue: of each type its present version, beside the older ones of `committed`.
Files contract_files(const Catalogue&, const Files& committed);

// Every way in which the catalogue breaks what was committed: a type that vanished, a version that changed for its readers.
std::vector<std::string> broken_promises(const Catalogue&, const Files& committed);

struct Sample {
    std::string type;
    std::string version;
    std::string data;   // canonical JSON, nothing sealed
};
std::vector<Sample> golden_samples(const Files& committed);

}  // namespace nova::schemas

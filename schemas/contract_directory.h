// The committed contract files on disk: `nova schema` reads and writes them, the contract test reads them.
#pragma once
#include <filesystem>

#include "schemas/contract_files.h"

namespace nova::schemas {

// Every *.json of the directory; none if there is no directory yet.
Files read_contracts(const std::filesystem::path& directory);
// Writes those that differ, each whole or not at all, and says which. Throws std::runtime_error.
std::vector<std::string> write_contracts(const std::filesystem::path& directory, const Files&);

}  // namespace nova::schemas

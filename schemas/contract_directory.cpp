#include "schemas/contract_directory.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace nova::schemas {

Files read_contracts(const std::filesystem::path& directory) {
    Files files;
    if (!std::filesystem::exists(directory)) return files;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        if (entry.path().extension() != ".json") continue;
        std::ifstream file(entry.path(), std::ios::binary);
        files[entry.path().filename().string()] = {std::istreambuf_iterator<char>(file), {}};
        if (!file) throw std::runtime_error("cannot read " + entry.path().string());
    }
    return files;
}

std::vector<std::string> write_contracts(const std::filesystem::path& directory, const Files& files) {
    std::filesystem::create_directories(directory);
    const Files present = read_contracts(directory);
    std::vector<std::string> written;
    for (const auto& [name, content] : files) {
        if (const auto at = present.find(name); at != present.end() && at->second == content) continue;
        const std::filesystem::path path = directory / name, draft = directory / (name + ".new");
        std::ofstream file(draft, std::ios::binary);
        file << content;
        file.close();
        if (!file) throw std::runtime_error("cannot write " + draft.string());
        std::filesystem::rename(draft, path);
        written.push_back(name);
    }
    return written;
}

}  // namespace nova::schemas

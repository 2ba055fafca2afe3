// The right to write a folder: one process at a time, by a lock on nova.lock that ends with the process.
#pragma once
#include <filesystem>

namespace nova::eventstore::sqlite {

class FolderLock {
public:
    // Throws Unavailable and names the process that holds it.
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int descriptor_ = -1;
};

}  // namespace nova::eventstore::sqlite

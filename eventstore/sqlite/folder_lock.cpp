#include "eventstore/sqlite/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "eventstore/log.h"

namespace nova::eventstore::sqlite {
namespace {

std::string holder_in(int descriptor) {
    char text[32] = {};
    const auto length = ::pread(descriptor, text, sizeof text - 1, 0);
    std::string pid(text, length > 0 ? static_cast<std::size_t>(length) : 0);
    while (!pid.empty() && (pid.back() < '0' || pid.back() > '9')) pid.pop_back();
    return pid.empty() ? "another process" : "process " + pid;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) {
    const auto file = folder / "nova.lock";
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0)
        throw Unavailable("The folder " + folder.string() + " cannot be written: " + std::strerror(errno) + ".");
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const std::string holder = holder_in(descriptor_);
        ::close(descriptor_);
        throw Unavailable("The log in " + folder.string() + " is being written by " + holder +
                          "; stop it first or use another folder.");
    }
    const std::string pid = std::to_string(::getpid()) + "\n";
    // The pid is for the sentence above only; the lock holds without it, so a full disk is no reason to fail here.
    if (::ftruncate(descriptor_, 0) == 0) [[maybe_unused]]
        const auto written = ::pwrite(descriptor_, pid.data(), pid.size(), 0);
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace nova::eventstore::sqlite

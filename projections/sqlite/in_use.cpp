#include "projections/sqlite/in_use.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace nova::projections::sqlite {
namespace {

std::string note_of(const std::string& file) { return file + "-in-use"; }

std::string first_line(const std::string& path) {
    std::ifstream in(path);
    std::string line;
    std::getline(in, line);
    return line;
}

std::string boot_id() {
    const std::string id = first_line("/proc/sys/kernel/random/boot_id");
    return id.empty() ? "unknown" : id;
}

std::string folder_of(const std::string& file) {
    const auto parent = std::filesystem::path(file).parent_path();
    return parent.empty() ? "." : parent.string();
}

}  // namespace

bool survived_power_cut(const std::string& file) {
    return std::filesystem::exists(note_of(file)) && (first_line(note_of(file)) != boot_id() || boot_id() == "unknown");
}

void sync_file(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);
    ::close(fd);
}

void note_in_use(const std::string& file) {
    {
        std::ofstream out(note_of(file), std::ios::trunc);
        out << boot_id() << '\n';
        if (!out.flush()) throw std::runtime_error("cannot write " + note_of(file) + ": " + std::strerror(errno));
    }
    sync_file(note_of(file));
    sync_file(folder_of(file));
}

void note_closed(const std::string& file) {
    std::error_code ignored;
    std::filesystem::remove(note_of(file), ignored);
    sync_file(folder_of(file));
}

void move_aside(const std::string& file) {
    std::error_code ignored;
    for (const char* part : {"", "-wal"}) {
        std::filesystem::remove(file + ".damaged" + part, ignored);
        std::filesystem::rename(file + part, file + ".damaged" + part, ignored);
    }
    remove_database(file);
}

void remove_database(const std::string& file) {
    std::error_code ignored;
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(file + part, ignored);
}

}  // namespace nova::projections::sqlite

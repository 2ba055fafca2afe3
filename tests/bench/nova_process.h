// A `nova serve` of its own, on a folder of its own, for as long as this object lives.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nova::bench {

class NovaProcess {
public:
    NovaProcess(std::filesystem::path program, std::filesystem::path folder);
    ~NovaProcess();
    NovaProcess(const NovaProcess&) = delete;
    NovaProcess& operator=(const NovaProcess&) = delete;

    // Seconds until /health/ready says yes. Throws std::runtime_error when it ends instead or takes longer than the bound.
    double start(double bound_s = 120);
    void stop();
    std::uint16_t port() const { return port_; }
    double resident_mb() const;    // VmRSS
    const std::filesystem::path& folder() const { return folder_; }
    // Runs another subcommand on the folder, its output thrown away but for `last_line`; seconds it took, negative if it failed.
    double run(const std::vector<std::string>& arguments, std::string* last_line = nullptr);

private:
    pid_t spawn(const std::vector<std::string>& arguments, int output) const;
    std::filesystem::path program_, folder_;
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
};

}  // namespace nova::bench

// A progress bar on the terminal's standard error: one line, redrawn a few times a second; a plain line now and then where
// standard error is no terminal.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace nova::cli {

class Progress {
public:
    explicit Progress(std::string what) : what_(std::move(what)), begun_(Clock::now()) {}
    ~Progress() { finish(); }
    Progress(const Progress&) = delete;
    void show(std::uint64_t done, std::uint64_t total);
    void finish();   // leaves a line with the count and the time, if anything was shown

private:
    using Clock = std::chrono::steady_clock;
    void draw(std::uint64_t done, std::uint64_t total, bool last);

    std::string what_;
    Clock::time_point begun_, drawn_{};
    std::uint64_t done_ = 0, total_ = 0;
    bool shown_ = false, finished_ = false;
};

}  // namespace nova::cli

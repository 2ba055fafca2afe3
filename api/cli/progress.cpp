#include "api/cli/progress.h"

#include <unistd.h>

#include <cstdio>

namespace nova::cli {
namespace {
// Work that is done sooner is not worth a line on the terminal.
constexpr std::chrono::milliseconds first_drawn_after{300};
constexpr int bar_width = 30;
}  // namespace

void Progress::show(std::uint64_t done, std::uint64_t total) {
    done_ = done, total_ = total;
    const auto now = Clock::now();
    const bool terminal = isatty(STDERR_FILENO) != 0;
    if (now - begun_ < first_drawn_after ||
        now - drawn_ < (terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000)))
        return;
    drawn_ = now;
    shown_ = true;
    draw(done, total, false);
}

void Progress::finish() {
    if (finished_) return;
    finished_ = true;
    if (shown_) draw(done_, total_, true);
}

void Progress::draw(std::uint64_t done, std::uint64_t total, bool last) {
    const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
    const double share = total ? std::min(1.0, static_cast<double>(done) / static_cast<double>(total)) : 1.0;
    const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    const bool terminal = isatty(STDERR_FILENO) != 0;
    std::string bar(static_cast<std::size_t>(share * bar_width), '#');
    bar.resize(bar_width, '.');
    std::fprintf(stderr, "%s%s [%s] %3.0f %%  %llu of %llu events, %.0f/s, %.1f s%s", terminal ? "\r" : "",
                 what_.c_str(), bar.c_str(), share * 100, static_cast<unsigned long long>(done),
                 static_cast<unsigned long long>(total), rate, seconds, !terminal || last ? "\n" : "   ");
}

}  // namespace nova::cli

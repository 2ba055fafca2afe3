// The goals of the benchmark, for two cores shared by server and client, 64 connections, data on an ordinary disk.
#pragma once
#include "tests/bench/report.h"

namespace nova::bench::goals {

// A rate, and the milliseconds within which 99 of 100 answers come.
struct Served {
    Goal per_s;
    double p99_ms;
};
inline constexpr Served create{{10'000}, 25}, patch{{10'000}, 25}, get{{35'000}, 20}, list{{10'000}, 50}, search{{2'000}, 150};
inline constexpr Served mixed{{15'000}, 20}, health{{1'000}, 100};
inline constexpr Goal stalls{0, false};                  // answers slower than 100 ms in a minute of mixed work
inline constexpr Goal memory_mb_100k_customers{200, false};
inline constexpr Goal log_share_of_bare_commits{0.6};    // events a second of the log alone, of bare SQLite commits

inline constexpr Goal replay_events_per_s{1'000'000};
inline constexpr Goal rebuild_events_per_s{60'000};
inline constexpr Goal start_s_with_a_million{1, false};

}  // namespace nova::bench::goals

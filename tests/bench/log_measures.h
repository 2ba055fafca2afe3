// What the log is worth once the server has stopped: starting again, replaying, rebuilding the read models.
#pragma once
#include <cstdint>

#include "tests/bench/nova_process.h"
#include "tests/bench/report.h"

namespace nova::bench {

// `events`: how many the log holds. The server is not running.
void measure_log(Report&, NovaProcess&, std::uint64_t events);

}  // namespace nova::bench

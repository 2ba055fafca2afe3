#include "tests/bench/log_measures.h"

#include <cstdlib>

#include "tests/bench/ceilings.h"
#include "tests/bench/goals.h"

namespace nova::bench {
namespace {

std::string of_events(const std::string& work, std::uint64_t events) {
    return work + ", " + std::to_string(events / 1000) + ",000 events";
}

// The number behind `name=` in what `nova replay --measure` says; 0: it says no such thing.
double number_after(const std::string& said, const std::string& name) {
    const std::size_t at = said.find(name);
    return at == said.npos ? 0 : std::strtod(said.c_str() + at + name.size(), nullptr);
}

void add_rate(Report& report, const std::string& work, std::optional<Goal> goal, std::uint64_t events, double seconds,
              std::optional<double> ceiling) {
    if (seconds <= 0)
        report.add({work, "ev/s", goal, 0, {}, {}, {}, "the program refused it"});
    else
        report.add({work, "ev/s", goal, static_cast<double>(events) / seconds, {}, {}, ceiling, {}});
}

std::string grouped_rate(std::uint64_t events, double seconds) {
    return std::to_string(static_cast<std::uint64_t>(static_cast<double>(events) / std::max(seconds, 0.001))) + " events/s";
}

}  // namespace

void measure_log(Report& report, NovaProcess& nova, std::uint64_t events) {
    const std::string folder = nova.folder().string();
    const double read_per_s = bare_read_events_per_second(nova.folder() / "log.db", events);
    report.add({of_events("bare read of the blocks (ceiling)", events), "ev/s", {}, read_per_s, {}, {}, {}, {}});
    add_rate(report, of_events("nova replay, every event written out", events), {}, events,
             nova.run({"replay", "--log", folder}), read_per_s);
    std::string said;
    nova.run({"replay", "--measure", "--log", folder}, &said);
    report.add({of_events("nova replay, every event decoded", events), "ev/s", goals::replay_events_per_s,
                number_after(said, "events_per_second="), {}, {}, read_per_s, {}});
    add_rate(report, of_events("nova audit verify", events), {}, events, nova.run({"audit", "verify", "--log", folder}),
             read_per_s);

    const double millions = static_cast<double>(events) / 1e6;
    const double start_s = nova.start();
    nova.stop();
    // Goals are for a million events; a shorter log must do it in proportion.
    report.add({of_events("start until ready", events),
                "s",
                Goal{std::max(0.5, goals::start_s_with_a_million.value * millions), false},
                start_s,
                {},
                {},
                {},
                {}});
    for (const char* derived : {"views.db", "views.db-wal", "views.db-shm"})
        std::filesystem::remove(nova.folder() / derived);
    const double rebuild_s = nova.start(600);
    nova.stop();
    report.add({of_events("start with all read models to build anew", events), "s",
                Goal{std::max(2.0, static_cast<double>(events) / goals::rebuild_events_per_s.value), false}, rebuild_s, {}, {}, {},
                grouped_rate(events, rebuild_s)});
}

}  // namespace nova::bench

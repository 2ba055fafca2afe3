// nova_bench: starts the program on an empty folder, works it, and says how it did beside goals and ceilings.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "tests/bench/ceilings.h"
#include "tests/bench/goals.h"
#include "tests/bench/log_measures.h"
#include "tests/bench/nova_process.h"
#include "tests/bench/report.h"
#include "tests/bench/work.h"

namespace nova::bench {
namespace {

using std::chrono::milliseconds;

struct Options {
    std::filesystem::path nova = "build/nova", folder;
    bool quick = false;
    milliseconds each() const { return milliseconds(quick ? 2000 : 10'000); }
};

std::string grouped(std::uint64_t n) {
    if (n < 1000) return std::to_string(n);
    return std::to_string(n / 1000) + "," + std::to_string(n % 1000 + 1000).substr(1);
}

class Bench {
public:
    explicit Bench(Options options) : options_(std::move(options)), nova_(options_.nova, options_.folder / "data") {}

    bool run() {
        say_if_busy();
        {
            EmptyServer empty;
            Load load;
            load.port = empty.port(), load.lasts = milliseconds(options_.quick ? 1000 : 5000);
            Outcome outcome = run_load(
                load, [](std::string& out) { out = "GET /api/customers/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"; });
            empty_per_s_ = outcome.per_second();
            add("empty answer of Boost.Beast (ceiling)", {}, outcome);
        }
        nova_.start();
        {
            Work work(nova_.port());
            add("GET /health, 100 connections", goals::health, work.health(options_.each()));
            at_size(work, 10'000);
            if (!options_.quick) whole_day(work);
            events_ = work.events();
        }
        nova_.stop();
        CommitSize commits = observed_commits(nova_.folder() / "log.db");
        const double bare = bare_commits_per_second(options_.folder, commits, options_.each() / 2) * commits.events;
        const auto events = static_cast<int>(commits.events + 0.5), bytes = static_cast<int>(commits.bytes);
        report_.add({"bare SQLite commits of the same size (ceiling)", "ev/s", {}, bare, {}, {}, {},
                     std::to_string(events) + " events, " + std::to_string(bytes) + " bytes each"});
        const double alone = log_events_per_second(options_.folder / "log-alone", commits, options_.each() / 2);
        const Goal share{goals::log_share_of_bare_commits.value * bare};
        report_.add({"the log alone at that size, keys and index included", "ev/s", share, alone, {}, {}, bare, {}});
        // A POST is one event, so its rate may stand beside the events of bare commits.
        report_.add({"the last POST of these", "/s", {}, posts_per_s_, {}, {}, bare, {}});
        measure_log(report_, nova_, events_);
        return report_.print();
    }

private:
    static void say_if_busy() {
        double load = 0;
        if (getloadavg(&load, 1) == 1 && load > 0.5)
            std::fprintf(stderr, "Something else is running (load %.1f): these figures are those of a busy machine.\n",
                         load);
    }

    void add(const std::string& work, std::optional<goals::Served> goal, Outcome outcome, std::optional<double> ceiling = {}) {
        if (outcome.refused > 0)
            std::fprintf(stderr, "%llu answers were refusals, the first: %s\n",
                         static_cast<unsigned long long>(outcome.refused), outcome.first_refusal.c_str());
        Row row{work,
                "/s",
                goal ? std::optional(goal->per_s) : std::nullopt,
                outcome.per_second(),
                outcome.latencies.percentile_ms(0.99),
                outcome.latencies.max_ms(),
                ceiling,
                {}};
        if (outcome.refused > 0) row.note = std::to_string(outcome.refused) + " refused";
        if (goal && outcome.latencies.percentile_ms(0.99) > goal->p99_ms)
            row.note += " p99 over " + std::to_string(static_cast<int>(goal->p99_ms)) + " ms";
        report_.add(std::move(row));
    }

    void at_size(Work& work, std::uint64_t customers) {
        const std::string size = ", " + grouped(customers) + " customers";
        add("load" + size, {}, work.load_customers(customers), empty_per_s_);
        add("GET one" + size, goals::get, work.get_one(options_.each()), empty_per_s_);
        add("list, 20 a page" + size, goals::list, work.list(options_.each()), empty_per_s_);
        add("list with search" + size, goals::search, work.search(options_.each()), empty_per_s_);
        add("PATCH" + size, goals::patch, work.patch(options_.each()), empty_per_s_);
        Outcome posts = work.create(options_.each());
        posts_per_s_ = posts.per_second();
        add("POST" + size, goals::create, std::move(posts), empty_per_s_);
        add("mixed 80/20" + size, goals::mixed, work.mixed(options_.each()), empty_per_s_);
    }

    // What only a long run shows: memory, a large tenant, stalls, a log of a million events.
    void whole_day(Work& work) {
        work.load_customers(100'000);
        report_.add({"memory, " + grouped(work.customers()) + " customers", "MB", goals::memory_mb_100k_customers,
                     nova_.resident_mb(), {}, {}, {}, {}});
        at_size(work, 200'000);
        Outcome minute = work.mixed(milliseconds(60'000));
        report_.add({"stalls over 100 ms in a minute, mixed",
                     "",
                     goals::stalls,
                     static_cast<double>(minute.latencies.stalls()),
                     minute.latencies.percentile_ms(0.99),
                     minute.latencies.max_ms(),
                     {},
                     {}});
        add("mixed 80/20 for a minute", goals::mixed, std::move(minute), empty_per_s_);
        while (work.events() < 1'000'000 && work.patch(milliseconds(120'000), 1'000'000 - work.events()).answers > 0) {
        }
        report_.add({"memory, " + grouped(work.customers()) + " customers, 1M events", "MB", {},
                     nova_.resident_mb(), {}, {}, {}, {}});
    }

    Options options_;
    NovaProcess nova_;
    Report report_;
    double empty_per_s_ = 0, posts_per_s_ = 0;
    std::uint64_t events_ = 0;
};

Options options_of(int count, char** arguments) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string argument = arguments[i];
        if (argument == "--quick") options.quick = true;
        else if (argument == "--nova" && i + 1 < count) options.nova = arguments[++i];
        else if (argument == "--folder" && i + 1 < count) options.folder = arguments[++i];
        else throw std::runtime_error("unknown option " + argument + ": see scripts/bench --help");
    }
    if (options.folder.empty()) throw std::runtime_error("--folder is missing: use scripts/bench, which makes one");
    return options;
}

}  // namespace
}  // namespace nova::bench

int main(int count, char** arguments) {
    try {
        return nova::bench::Bench(nova::bench::options_of(count, arguments)).run() ? 0 : 1;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "nova_bench: %s\n", e.what());
        return 2;
    }
}

// Figures of the view store and the runner, printed with NOVA_MEASURE=1: NOVA_MEASURE=1 test_projections -tc="measure*"
#include <doctest/doctest.h>

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>

#include "projections/runner.h"
#include "projections/view_store.h"
#include "tests/projections/folder.h"
#include "tests/projections/log_world.h"

using namespace nova;
using namespace nova::projections;
using namespace model;

namespace {

using Clock = std::chrono::steady_clock;
const Reach everything{true, {}, {}};

bool measuring() { return std::getenv("NOVA_MEASURE") != nullptr; }

double us_since(Clock::time_point begun) {
    return std::chrono::duration<double, std::micro>(Clock::now() - begun).count();
}

// CPU time of this thread: a neighbour's build does not count.
double cpu_us() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void report(const char* what, int runs, const std::function<void(int)>& run) {
    std::vector<double> times;
    const double begun_cpu = cpu_us();
    for (int i = 0; i < runs; ++i) {
        const auto begun = Clock::now();
        run(i);
        times.push_back(us_since(begun));
    }
    const double cpu = (cpu_us() - begun_cpu) / runs;
    std::sort(times.begin(), times.end());
    std::printf("%-58s %9.1f us CPU   p50 %9.1f   p99 %9.1f us\n", what, cpu, times[times.size() / 2],
                times[times.size() * 99 / 100]);
}

sample::OfferView typical(std::mt19937& random, int number) {
    static const char* const names[] = {"عبدالله", "محمد", "نورة",  "سارة",  "فهد",
                                        "خالد",    "ريم",  "Ahmed", "Layla", "Omar"};
    static const char* const families[] = {"العتيبي", "القحطاني", "الغامدي", "الحربي",
                                           "Alharbi", "Khan",     "الشمري",  "المطيري"};
    sample::OfferView view = any_offer(random, number);
    view.title =
        std::string(names[random() % 10]) + " " + families[random() % 8] + " " + std::to_string(random() % 100000);
    view.notes =
        "يبحث عن شقة في شمال الرياض، ثلاث غرف، قريبة من المدارس +9665" + std::to_string(10000000 + random() % 89999999);
    view.custom_fields.text = R"({"remark":")" + std::string(300, '.') + R"("})";
    view.created_at = {1'700'000'000'000 + static_cast<std::int64_t>(number) * 1000};
    view.owner = user(static_cast<int>(random() % 50));
    view.assignee = random() % 5 ? view.owner : user(static_cast<int>(random() % 50));
    return view;
}

}  // namespace

TEST_CASE("measure: reads and changes") {
    if (!measuring()) return;
    static const CollectionInfo info = sample::offers();
    for (const int rows : {10000, 200000}) {
        Folder folder;
        const auto store = open_sqlite_views({folder.path() / "views.db", {&info}});
        std::mt19937 random(1);
        std::uint64_t next = 0;
        std::vector<std::shared_ptr<const sample::OfferView>> views;
        for (int i = 0; i < rows; ++i) views.push_back(std::make_shared<const sample::OfferView>(typical(random, i)));
        const auto begun = Clock::now();
        double cpu = cpu_us();
        for (int i = 0; i < rows;) {
            std::vector<RowChange> batch;
            for (int n = 0; n < 500 && i < rows; ++n, ++i)
                batch.push_back({&info, {tenant(1), offer_id(i)}, views[static_cast<std::size_t>(i)], true});
            store->apply(batch, {&info}, checkpoint(++next));
        }
        std::printf("--- %d rows of one tenant, %zu bytes a document, 6 secondary indexes\n", rows,
                    schemas::to_json(*views[0]).size());
        std::printf("%-58s %9.0f rows/s   %.1f us CPU a row\n", "insert, transactions of 500",
                    rows / us_since(begun) * 1e6, (cpu_us() - cpu) / rows);
        std::vector<RowChange> updates;
        for (int i = 0; i < 20000; ++i) {
            auto view = std::make_shared<sample::OfferView>(*views[random() % views.size()]);
            view->title += "x", view->version += 1, view->updated_at = view->updated_at + 1;
            updates.push_back({&info, {tenant(1), view->id}, view});
        }
        const auto updating = Clock::now();
        cpu = cpu_us();
        for (std::size_t i = 0; i < updates.size(); i += 500)
            store->apply({updates.begin() + static_cast<std::ptrdiff_t>(i),
                          updates.begin() + static_cast<std::ptrdiff_t>(i + 500)},
                         {&info}, checkpoint(++next));
        std::printf("%-58s %9.0f rows/s   %.1f us CPU a row\n", "update (one indexed column), transactions of 500",
            20000 / us_since(updating) * 1e6,
                    (cpu_us() - cpu) / 20000);
        report("apply of one row, in us", 2000,
            [&](int i) { store->apply({updates[static_cast<std::size_t>(i)]}, {&info}, checkpoint(++next)); });

        report("point read", 20000, [&](int) {
            store->get(info, {tenant(1), offer_id(static_cast<int>(random() % static_cast<unsigned>(rows)))},
                       everything);
        });
        report("point read after a commit each time", 2000, [&](int i) {
            if (i % 2) store->apply({}, {&info}, checkpoint(++next));
            else store->get(info, {tenant(1), offer_id(i)}, everything);
        });
        const auto list = [&](const char* what, const std::function<void(Query&)>& change, int runs = 300,
                              bool own = false) {
            Query query(tenant(1), own ? Reach{false, to_text(user(3)), {}} : everything);
            change(query);
            const Page page = store->list(info, query);
            report((std::string(what) + " (total " + std::to_string(page.total) + ")").c_str(), runs,
                [&](int) { store->list(info, query); });
        };
        list("list of 20", [](Query&) {}, 3000);
        list("list of 20 by title", [](Query& q) { q.sort = {{"title", false}}; }, 3000);
        list("list of 20, page 250", [](Query& q) { q.page = 250; });
        list("list of 20 behind a cursor", [&](Query& q) {
            q.page = 200;
            q.cursor = store->list(info, q).next_cursor;
        }, 3000);
        list("list of 20, status filter",
             [](Query& q) { q.filters = {{"status", Match::equals, {Value(std::string("OPEN"))}, {}, {}}}; });
        list("list of 20, filter without index",
            [](Query& q) { q.filters = {{"tags", Match::any_of, {Value(std::string("vip"))}, {}, {}}}; }, 50);
        list("list of 20, own items", [](Query&) {}, 300, true);
        list("list of 20, own items and status",
            [](Query& q) { q.filters = {{"status", Match::equals, {Value(std::string("OPEN"))}, {}, {}}}; }, 300, true);
        report("first search (loads the texts)", 1, [&](int) {
            Query query(tenant(1), everything);
            query.search = "نورة";
            store->list(info, query);
        });
        const auto search = [&](const char* words, std::vector<Sort> sort = {}) {
            list((std::string("search ") + words).c_str(), [&](Query& q) { q.search = words, q.sort = sort; });
        };
        search("قحطاني نورة");
        search("Layla khan");
        search("العتيبي 123");
        search("0551");
        search("الرياض");
        search("nosuchword");
    }
}

TEST_CASE("measure: building views from the log") {
    if (!measuring()) return;
    Folder folder;
    sample::LogWorld log(folder.path());
    const CollectionInfo info = sample::offers();
    const int offers = 50000;
    for (int i = 0; i < offers; ++i) {
        sample::Opened event = sample::opened("شقة في حي الملقا " + std::to_string(i), i);
        event.notes = "يبحث عن شقة في شمال الرياض، ثلاث غرف، قريبة من المدارس +966551234567";
        log.add(1 + i % 20, sample::offer_stream(i), event);
        if (i > 100)
            log.add(1 + (i - 50) % 20, sample::offer_stream(i - 50), sample::Renamed{"اسم آخر " + std::to_string(i)});
        if (i % 500 == 499) log.commit();
    }
    const std::uint64_t events = log.log->tail(0).next;
    for (const bool cold_keys : {false, true}) {
        Folder views;
        eventstore::MasterKey master{};
        master.fill(7);
        eventstore::KeyRing fresh(master, *log.log);
        sample::Ring ring(fresh);
        const auto store = open_sqlite_views({views.path() / "views.db", {&info}});
        Runner runner(*log.log, *store, sample::catalogue(), cold_keys ? ring : *log.ring, {.collections = {&info}});
        const auto begun = Clock::now();
        const double cpu = cpu_us();
        runner.start();
        const double seconds = us_since(begun) / 1e6;
        std::printf("%-58s %9.0f events/s (%llu events, %.2f s, %.1f us CPU of folding and writing)\n",
            cold_keys ? "build from zero, every key unwrapped" : "build from zero, keys cached",
                    static_cast<double>(events) / seconds, static_cast<unsigned long long>(events), seconds,
                    (cpu_us() - cpu) / static_cast<double>(events));
    }
    const auto decoding = Clock::now();
    DecodedLog decoded(*log.log, 0, 0, events, sample::catalogue(), *log.ring);
    std::size_t seen = 0;
    for (auto commits = decoded.next(); !commits.empty(); commits = decoded.next())
        for (const auto& commit : commits) seen += commit.events->size();
    std::printf("%-58s %9.0f events/s\n", "of that reading and decoding alone",
                static_cast<double>(seen) / us_since(decoding) * 1e6);
}

TEST_CASE("measure: the live runner") {
    if (!measuring()) return;
    Folder folder;
    sample::LogWorld log(folder.path());
    const CollectionInfo info = sample::offers();
    const auto store = open_sqlite_views({folder.path() / "views.db", {&info}});
    Runner runner(*log.log, *store, sample::catalogue(), *log.ring, {.collections = {&info}});
    runner.start();
    std::vector<DecodedCommit> commits;
    for (int c = 0; c < 400; ++c) {
        for (int i = 0; i < 100; ++i)
            log.add(1, sample::offer_stream(c * 100 + i), sample::opened("شقة " + std::to_string(i), i));
        commits.push_back(log.commit());
    }
    const auto begun = Clock::now();
    for (const auto& commit : commits) runner.offer(commit.commit, commit.events);
    while (runner.applied_next() < log.log->tail(0).next) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::printf("%-58s %9.0f events/s, %.1f us a row\n", "live, decoded already, inserts",
                40000 / us_since(begun) * 1e6, runner.us_per_row());
}

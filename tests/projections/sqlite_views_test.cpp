// The SQLite view store: the suite that every store passes, and what is its own: kills, power cuts, damage.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/projections/folder.h"
#include "tests/projections/offers_model.h"
#include "tests/projections/view_conformance.h"

using namespace nova::projections;
using namespace model;

namespace {

class SqliteHome final : public conformance::Home {
public:
    explicit SqliteHome(std::size_t search_bytes = 1 << 20, std::size_t readers = 8)
        : search_bytes_(search_bytes), readers_(readers) {}
    std::unique_ptr<ViewStore> open(std::vector<const CollectionInfo*> collections) override {
        return open_sqlite_views({folder.path() / "views.db", std::move(collections), search_bytes_, readers_});
    }
    Folder folder;

private:
    std::size_t search_bytes_, readers_;
};

const conformance::MakeHome home = [] { return std::make_unique<SqliteHome>(); };
// Texts of one tenant at a time fit, and all queries share one connection.
const conformance::MakeHome cramped_home = [] { return std::make_unique<SqliteHome>(1, 1); };
const Reach everything{true, {}, {}};

}  // namespace

TEST_CASE("sqlite views: tenants never see each other in any query shape") {
    conformance::tenants_never_see_each_other(home);
}
TEST_CASE("sqlite views: pages and cursors cover each row exactly once under every sort") {
    conformance::paging_covers_each_row_once(home); }
TEST_CASE("sqlite views: totals follow every change") { conformance::totals_are_right(home); }
TEST_CASE("sqlite views: filters select what they say") { conformance::filters_select(home); }
TEST_CASE("sqlite views: who reaches only some items sees only those") { conformance::reach_limits(home); }
TEST_CASE("sqlite views: search folds Arabic and finds behind particles") { conformance::search_folds_arabic(home); }
TEST_CASE("sqlite views: a forged cursor is refused") { conformance::cursors_are_checked(home); }
TEST_CASE("sqlite views: changes and their checkpoint persist together") {
    conformance::changes_persist_with_their_checkpoint(home);
}
TEST_CASE("sqlite views: a rebuild stands beside the live rows until it is switched to") {
    conformance::rebuild_switches(home);
}
TEST_CASE("sqlite views: another revision starts empty") { conformance::revision_empties(home); }
TEST_CASE("sqlite views: random changes and queries agree with a model in memory") {
    for (unsigned seed = 1; seed <= 6; ++seed) conformance::agrees_with_a_model(home, seed, 120);
}
TEST_CASE("sqlite views: readers beside the writer and a rebuild see whole batches") {
    conformance::readers_run_beside_the_writer(home);
}

TEST_CASE("sqlite views: without memory for texts and with one connection the answers are the same") {
    conformance::tenants_never_see_each_other(cramped_home);
    conformance::readers_run_beside_the_writer(cramped_home);
    conformance::agrees_with_a_model(cramped_home, 41, 60);
}

TEST_CASE("sqlite views: more shapes of queries than statements are kept") {
    SqliteHome place(1 << 20, 1);
    static const CollectionInfo info = sample::offers();
    const auto store = place.open({&info});
    std::mt19937 random(3);
    for (int i = 0; i < 50; ++i)
        store->apply({put(info, {tenant(1), offer_id(i)}, any_offer(random, i))}, {&info}, checkpoint(1));
    Query query(tenant(1), everything);
    query.filters = {{"price", Match::equals, {}, {}, {}}};
    for (std::int64_t i = 0; i < 1000; ++i) {
        query.filters[0].values.push_back(i);
        const std::uint64_t total = store->list(info, query).total;
        CHECK((i < 7 ? total <= 50 : total == 50));
    }
}

TEST_CASE("sqlite views: who visits every row may ask the store and change it meanwhile") {
    SqliteHome place(1 << 20, 1);
    static const CollectionInfo info = sample::offers();
    const auto store = place.open({&info});
    std::mt19937 random(3);
    std::vector<RowChange> batch;
    for (int i = 0; i < 500; ++i) batch.push_back(put(info, {tenant(1), offer_id(i)}, any_offer(random, i)));
    store->apply(batch, {&info}, checkpoint(1));
    std::uint64_t visited = 0;
    store->each(info, [&](const RowKey& row, std::string_view document) {
        CHECK(store->get(info, row, everything) == document);
        if (++visited <= 300)
            store->apply({put(info, {tenant(2), row.id}, any_offer(random, 1))}, {&info}, checkpoint(1 + visited));
    });
    CHECK(visited == 500);
    CHECK(store->count(info, tenant(2)) == 300);
}

TEST_CASE("sqlite views: the WAL stays short under steady changes and reads, and is cut off at rest") {
    SqliteHome place;
    static const CollectionInfo info = sample::offers();
    const auto store = place.open({&info});
    const auto wal = place.folder.path() / "views.db-wal";
    std::mt19937 random(3);
    std::atomic<bool> done{false};
    std::thread reading([&] {
        while (!done) store->list(info, Query(tenant(1), everything));
    });
    std::uintmax_t longest = 0;
    for (std::uint64_t next = 1; next <= 600; ++next) {
        std::vector<RowChange> batch;
        for (int i = 0; i < 60; ++i) {
            const int number = static_cast<int>(random() % 3000);
            batch.push_back(put(info, {tenant(1), offer_id(number)}, any_offer(random, number)));
        }
        store->apply(batch, {&info}, checkpoint(next));
        longest = std::max(longest, std::filesystem::file_size(wal));
    }
    done = true;
    reading.join();
    CHECK(longest < 100u << 20);
    CHECK(longest > 4u << 20);   // else this test shows nothing
    for (int i = 0; i < 100 && std::filesystem::file_size(wal) > 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(std::filesystem::file_size(wal) == 0);
    Query query(tenant(1), everything);
    query.filters = {{"price", Match::range, {}, Value(std::int64_t{0}), {}}};
    CHECK(store->list(info, query).total == store->count(info, tenant(1)));
}

TEST_CASE("sqlite views: a process killed between and within batches loses nothing that was applied") {
    SqliteHome place;
    static const CollectionInfo info = sample::offers();
    for (int round = 0; round < 5; ++round) {
        int pipe_ends[2];
        REQUIRE(::pipe(pipe_ends) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            try {
                const auto store = place.open({&info});
                std::mt19937 random(static_cast<unsigned>(round));
                std::uint64_t next = store->checkpoint(info) ? store->checkpoint(info)->next : 0;
                while (true) {   // batch n puts the offers 10n … 10n+9
                    std::vector<RowChange> batch;
                    for (int i = 0; i < 10; ++i) {
                        const int number = static_cast<int>(next) * 10 + i;
                        batch.push_back(put(info, {tenant(1), offer_id(number)}, any_offer(random, number)));
                    }
                    store->apply(batch, {&info}, checkpoint(++next));
                    if (::write(pipe_ends[1], &next, sizeof next) != sizeof next) ::_exit(2);
                }
            } catch (...) {
            }
            ::_exit(1);
        }
        ::close(pipe_ends[1]);
        std::uint64_t told = 0;
        for (int i = 0; i < 20 + 30 * round; ++i) REQUIRE(::read(pipe_ends[0], &told, sizeof told) == sizeof told);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ::close(pipe_ends[0]);
        const auto store = place.open({&info});
        REQUIRE(store->checkpoint(info));
        const std::uint64_t next = store->checkpoint(info)->next;
        CHECK(next >= told);
        CHECK(store->count(info, tenant(1)) == next * 10);
        Query query(tenant(1), everything);
        query.filters = {{"price", Match::range, {}, Value(std::int64_t{0}), {}}};
        CHECK(store->list(info, query).total == next * 10);
    }
}

TEST_CASE("sqlite views: after a power cut the file is thrown away, after a clean close it is not") {
    SqliteHome place;
    static const CollectionInfo info = sample::offers();
    const auto note = place.folder.path() / "views.db-in-use";
    std::mt19937 random(1);
    {
        const auto store = place.open({&info});
        store->apply({put(info, {tenant(1), offer_id(1)}, any_offer(random, 1))}, {&info}, checkpoint(1));
        CHECK(std::filesystem::exists(note));
    }
    CHECK(!std::filesystem::exists(note));
    CHECK(place.open({&info})->checkpoint(info)->next == 1);
    std::ofstream(note) << "another boot\n";
    CHECK(!place.open({&info})->checkpoint(info));
}

TEST_CASE("sqlite views: a damaged or foreign file is moved aside and made anew") {
    SqliteHome place;
    static const CollectionInfo info = sample::offers();
    const auto file = place.folder.path() / "views.db";
    std::ofstream(file)
        << "this is no database, but it is longer than the header of one, which has a hundred bytes or so in all";
    CHECK(!place.open({&info})->checkpoint(info));
    CHECK(std::filesystem::exists(place.folder.path() / "views.db.damaged"));
    std::filesystem::remove(place.folder.path() / "views.db.damaged");
    std::filesystem::remove(file);
    REQUIRE(std::system(("sqlite3 " + file.string() + " 'CREATE TABLE theirs(x)'").c_str()) == 0);
    CHECK(!place.open({&info})->checkpoint(info));
    CHECK(std::filesystem::exists(place.folder.path() / "views.db.damaged"));
}

TEST_CASE("sqlite views: what a person had erased is in no free page") {
    SqliteHome place;
    static const CollectionInfo info = sample::offers();
    std::mt19937 random(1);
    {
        const auto store = place.open({&info});
        sample::OfferView view = any_offer(random, 1);
        view.notes = "SECRETNOTE" + std::string(9000, 'x') + "SECRETEND";
        store->apply({put(info, {tenant(1), offer_id(1)}, view)}, {&info}, checkpoint(1));
        view.notes.clear();
        store->apply({put(info, {tenant(1), offer_id(1)}, view)}, {&info}, checkpoint(2));
    }
    std::ifstream in(place.folder.path() / "views.db", std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    CHECK(bytes.size() > 4096);
    CHECK(bytes.find("SECRETNOTE") == std::string::npos);
    CHECK(bytes.find("secretnote") == std::string::npos);
    CHECK(bytes.find("SECRETEND") == std::string::npos);
}

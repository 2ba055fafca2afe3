// The SQLite view store: the suite that every store passes, and what is its own: kills, power cuts, damage.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/projections/folder.h"
#include "tests/projections/offers_model.h"
#include "tests/projections/view_conformance.h"

using namespace nova::projections;
using namespace model;

namespace {

class SqliteHome final : public conformance::Home {
public:
    std::unique_ptr<ViewStore> open(std::vector<const CollectionInfo*> collections) override {
        return open_sqlite_views({folder.path() / "views.db", std::move(collections)});
    }
    Folder folder;
};

const conformance::MakeHome home = [] { return std::make_unique<SqliteHome>(); };
const Reach everything{true, {}, {}};

}  // namespace

TEST_CASE("sqlite views: tenants never see each other in any query shape") { conformance::tenants_never_see_each_other(home); }
TEST_CASE("sqlite views: pages and cursors cover each row exactly once under every sort") { conformance::paging_covers_each_row_once(home); }
TEST_CASE("sqlite views: totals follow every change") { conformance::totals_are_right(home); }
TEST_CASE("sqlite views: filters select what they say") { conformance::filters_select(home); }
TEST_CASE("sqlite views: who reaches only some items sees only those") { conformance::reach_limits(home); }
TEST_CASE("sqlite views: search folds Arabic and finds behind particles") { conformance::search_folds_arabic(home); }
TEST_CASE("sqlite views: a forged cursor is refused") { conformance::cursors_are_checked(home); }
TEST_CASE("sqlite views: changes and their checkpoint persist together") { conformance::changes_persist_with_their_checkpoint(home); }
TEST_CASE("sqlite views: a rebuild stands beside the live rows until it is switched to") { conformance::rebuild_switches(home); }
TEST_CASE("sqlite views: another revision starts empty") { conformance::revision_empties(home); }
TEST_CASE("sqlite views: random changes and queries agree with a model in memory") {
    for (unsigned seed = 1; seed <= 6; ++seed) conformance::agrees_with_a_model(home, seed, 120);
}
TEST_CASE("sqlite views: readers beside the writer and a rebuild see whole batches") { conformance::readers_run_beside_the_writer(home); }

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
    std::ofstream(file) << "this is no database, but it is longer than the header of one, which has a hundred bytes or so in all";
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

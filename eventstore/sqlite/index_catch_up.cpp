// How the index comes to hold what the log holds: at start, from where it stopped or from the beginning.
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <utility>

#include "eventstore/envelope.h"
#include "eventstore/sqlite/chain_reader.h"
#include "eventstore/sqlite/sqlite_index.h"

namespace nova::eventstore::sqlite {
namespace {

constexpr std::uint64_t progress_every = 50'000;  // events

}  // namespace

SqliteIndex::SqliteIndex(IndexOptions options) : options_(std::move(options)) {
    try {
        try {
            open_current();
        } catch (const Failure& failure) {
            if (!failure.corrupt()) throw;
            start_over();
        }
    } catch (const Failure& failure) {
        stop_thread();
        throw Unavailable(std::string("index.db cannot be opened: ") + failure.what() + ".");
    } catch (...) {
        stop_thread();
        throw;
    }
}

SqliteIndex::~SqliteIndex() {
    try {
        close();
    } catch (const std::exception&) {
        // The log holds everything; the next start catches up or builds the index anew.
    }
}

void SqliteIndex::start_over() {
    stop_thread();
    readers_.reset();
    writer_.reset();
    if (writeback_descriptor_ >= 0) ::close(std::exchange(writeback_descriptor_, -1));
    active_ = std::make_shared<Generation>();
    flushing_.reset();
    failure_.reset();
    corrupt_ = false;
    IndexWriter::throw_away(options_.folder);
    open_current();
}

void SqliteIndex::open_current() {
    writer_ = std::make_unique<IndexWriter>(options_.folder, options_.log_id);
    Holds holds = writer_->holds();
    if (holds.next > 0) {
        const auto reader = options_.log->lend();
        const auto tail = reader->last(0);
        const auto hash = reader->hash_before(0, holds.next);
        if (!tail || holds.next > tail->next() || !hash ||
            *hash != holds.last) {  // of another past, or ahead of the log
            writer_.reset();
            IndexWriter::throw_away(options_.folder);
            writer_ = std::make_unique<IndexWriter>(options_.folder, options_.log_id);
            holds = {};
        }
    }
    readers_ = std::make_shared<IndexReaders>(options_.folder / "index.db");
    writeback_descriptor_ = ::open((options_.folder / "index.db").c_str(), O_RDONLY | O_CLOEXEC);
    {
        const std::lock_guard lock(mutex_);
        stopping_ = false;
        active_->next = holds.next;
        catching_up_ = true;
    }
    thread_ = std::thread(&SqliteIndex::run, this);
    catch_up(holds);
}

void SqliteIndex::catch_up(const Holds& holds) {
    const auto tail = options_.log->lend()->last(0);
    const std::uint64_t total = tail ? tail->next() : 0;
    if (holds.next < total) {
        ChainReader reader(options_.log, options_.log_id, 0, holds.next);
        std::vector<ShortLeaf> leaves;
        for (std::uint64_t told = holds.next; const auto commit = reader.next(&leaves); leaves.clear()) {
            publish(indexed(*commit, leaves));
            if (failure()) break;
            if (options_.progress && (commit->next() - told >= progress_every || commit->next() >= total))
                options_.progress(told = commit->next(), total);
        }
    }
    std::unique_lock lock(mutex_);
    catching_up_ = false;
    work_.notify_one();
    if (failure_ && corrupt_) throw Failure(SQLITE_CORRUPT, *failure_);
    if (failure_) throw Unavailable("index.db cannot be written: " + *failure_ + ".");
}

IndexedBlock SqliteIndex::indexed(const Commit& commit, const std::vector<ShortLeaf>& leaves) const {
    IndexedBlock block{commit.partition, commit.next(), commit.last, commit.time, {}};
    block.events.reserve(commit.count());
    std::string_view command;
    for (std::size_t i = 0; i < commit.count(); ++i) {
        const std::string_view bytes = commit.event(i);
        const auto attributes = attributes_of(bytes);
        if (!attributes)
            throw Damaged("The event at " + to_text(Position{commit.partition, commit.first + i}) +
                          " does not say which version of which stream it is.");
        IndexedEvent& event = block.events.emplace_back();
        event.stream = attributes->stream;
        event.version = attributes->version;
        event.entry = {commit.first + i, commit.begins[i], static_cast<std::uint32_t>(bytes.size()), leaves[i]};
        const bool same = i > 0 && !command.empty() && attributes->command_id == command;
        event.command = i == 0 ? 0 : block.events[i - 1].command + (same ? 0 : 1);
        command = attributes->command_id;
        if (options_.claims_of) event.claims = options_.claims_of(*options_.keys, event.stream, bytes);
        if (options_.repeat_of) event.repeat = options_.repeat_of(bytes);
        if (event.repeat && event.repeat->command_id.empty()) event.repeat->command_id = attributes->command_id;
    }
    return block;
}

}  // namespace nova::eventstore::sqlite

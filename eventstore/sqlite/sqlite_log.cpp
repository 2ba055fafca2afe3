#include "eventstore/sqlite/sqlite_log.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "eventstore/chain.h"
#include "eventstore/envelope.h"
#include "eventstore/sqlite/append_check.h"
#include "eventstore/sqlite/background_check.h"
#include "eventstore/sqlite/chain_reader.h"
#include "eventstore/sqlite/checkpointer.h"
#include "eventstore/sqlite/folder_lock.h"
#include "eventstore/sqlite/log_file.h"
#include "eventstore/sqlite/sqlite_index.h"
#include "eventstore/sqlite/stream_reading.h"

namespace nova::eventstore {

using namespace sqlite;

namespace {

constexpr std::uint64_t tail_events_checked = 1'000;
constexpr std::string_view check_name = "master_check";

struct KeysInLog final : KeyTable {
    std::shared_ptr<LogReaders> readers;
    std::optional<std::string> wrapped_key(std::string_view subject) override {
        try {
            return readers->lend()->wrapped_key(subject);
        } catch (const Failure& failure) {
            throw Unavailable("The keys in log.db cannot be read: " + std::string(failure.what()) + ".");
        }
    }
};

[[noreturn]] void refuse(const std::filesystem::path& folder, const Failure& failure) {
    const std::string file = (folder / "log.db").string();
    if (failure.corrupt()) throw Damaged(file + " is damaged: " + failure.what() + ".");
    throw Unavailable(file + " cannot be opened: " + failure.what() + ".");
}

void make_folder(const std::filesystem::path& folder) {
    if (std::filesystem::is_directory(folder)) return;
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw Unavailable("The folder " + folder.string() + " cannot be made: " + error.message() + ".");
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);  // it will hold keys
}

}  // namespace

struct SqliteLog::Impl {
    std::filesystem::path folder;
    std::string id;
    std::shared_ptr<LogReaders> readers;
    KeysInLog keys;
    // From here on, only when writing; closed in reverse order.
    std::unique_ptr<FolderLock> lock;
    std::unique_ptr<LogWriter> writer;
    std::unique_ptr<SqliteIndex> index;
    std::unique_ptr<Checkpointer> checkpointer;
    std::unique_ptr<BackgroundCheck> check;
    std::mutex append_mutex;
    std::string trouble;                 // of the last append; under tail_mutex
    std::string stuck;                   // why nothing more is appended
    mutable std::mutex tail_mutex;
    Tail tail;

    void open_readers() {
        readers = std::make_shared<LogReaders>(folder / "log.db");
        keys.readers = readers;
    }
    Tail read_tail() const {
        const auto row = readers->lend()->last(0);
        return row ? Tail{row->next(), row->last, row->time} : Tail{0, first_hash(id, 0), {}};
    }
    Tail tail_now() const {
        const std::lock_guard lock(tail_mutex);
        return tail;
    }
    void open_for_writing(SqliteLogOptions);
    void check_master(const MasterKey&);
    void check_tail();
    AppendResult append(Append&&);
    std::optional<AppendResult> store(const Commit&, const std::vector<WrappedKey>&);
    void close();
};

void SqliteLog::Impl::check_master(const MasterKey& key) {
    bool fitting = true;
    if (const auto box = writer->meta(check_name)) fitting = fits(key, *box);
    else if (const auto subject = readers->lend()->any_key_subject())
        fitting = unwraps(key, *subject, *keys.wrapped_key(*subject));
    if (!fitting)
        throw Unavailable("MASTER_KEY is not the one that the log in " + folder.string() +
                          " was made with; start with that one, for what is sealed there opens with no other.");
    if (!writer->meta(check_name)) writer->set_meta(check_name, master_check(key));
}

void SqliteLog::Impl::check_tail() {
    ChainReader reader(readers, id, 0, tail.next - std::min(tail.next, tail_events_checked));
    while (reader.next()) {}
}

void SqliteLog::Impl::open_for_writing(SqliteLogOptions options) {
    folder = std::move(options.folder);
    make_folder(folder);
    lock = std::make_unique<FolderLock>(folder);
    writer = std::make_unique<LogWriter>(folder / "log.db");
    id = writer->id();
    open_readers();
    if (options.master_key) check_master(*options.master_key);
    tail = read_tail();
    check_tail();
    checkpointer = std::make_unique<Checkpointer>(folder / "log.db", writer->database());
    index = std::make_unique<SqliteIndex>(IndexOptions{folder, id, readers, &keys, std::move(options.claims_of),
                                                       std::move(options.repeat_of), std::move(options.progress)});
    check = std::make_unique<BackgroundCheck>(readers, id, tail.next);
}

std::unique_ptr<SqliteLog> SqliteLog::open(SqliteLogOptions options) {
    auto impl = std::make_unique<Impl>();
    const auto folder = options.folder;
    try {
        impl->open_for_writing(std::move(options));
    } catch (const Failure& failure) {
        refuse(folder, failure);
    }
    return std::unique_ptr<SqliteLog>(new SqliteLog(std::move(impl)));
}

std::unique_ptr<SqliteLog> SqliteLog::open_to_read(std::filesystem::path folder) {
    auto impl = std::make_unique<Impl>();
    impl->folder = std::move(folder);
    if (!std::filesystem::exists(impl->folder / "log.db"))
        throw Unavailable("There is no log in " + impl->folder.string() + ".");
    try {
        impl->open_readers();
        impl->id = impl->readers->lend()->id();
    } catch (const Failure& failure) {
        refuse(impl->folder, failure);
    }
    return std::unique_ptr<SqliteLog>(new SqliteLog(std::move(impl)));
}

SqliteLog::SqliteLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteLog::~SqliteLog() { close(); }

void SqliteLog::append(Append append, Done done) {
    AppendResult result;
    {
        const std::lock_guard lock(impl_->append_mutex);
        result = impl_->append(std::move(append));
        const std::lock_guard trouble_lock(impl_->tail_mutex);
        impl_->trouble = result.outcome == Outcome::done ? std::string() : result.why;
    }
    done(std::move(result));
}

AppendResult SqliteLog::Impl::append(Append&& append) {
    const auto refused = [](std::string why) {
        return AppendResult{Outcome::not_done, false, nullptr, std::move(why)};
    };
    if (!writer) return refused("The log is closed, or open for reading only.");
    if (!stuck.empty()) return refused(stuck);
    if (auto why = index->failure()) return refused("index.db cannot be written: " + *why + ".");
    try {
        if (auto why = refusal_of(append, *index)) return refused(std::move(*why));
    } catch (const Unavailable& unavailable) {
        return refused(unavailable.what());
    }

    auto commit = std::make_shared<Commit>();
    commit->partition = append.partition;
    commit->first = tail.next;
    commit->time = std::max(append.time, tail.time);  // times never go back, whatever the clock does
    commit->previous = tail.last;
    commit->block = std::move(append.block);
    commit->begins.reserve(append.events.size());
    for (const PendingEvent& event : append.events) commit->begins.push_back(static_cast<std::uint32_t>(event.begin));
    std::vector<ShortLeaf> leaves;
    commit->last = chain_through(*commit, &leaves);

    if (auto failed = store(*commit, append.new_keys)) return std::move(*failed);
    {
        const std::lock_guard lock(tail_mutex);
        tail = {commit->next(), commit->last, commit->time};
    }
    IndexedBlock block{commit->partition, commit->next(), commit->last, commit->time, {}};
    block.events.reserve(append.events.size());
    for (std::size_t i = 0; i < append.events.size(); ++i) {
        PendingEvent& event = append.events[i];
        const Entry entry{commit->first + i, commit->begins[i], static_cast<std::uint32_t>(event.length), leaves[i]};
        block.events.push_back({std::move(event.stream), event.version, entry, event.command, std::move(event.claims),
                                std::move(event.repeat)});
    }
    index->publish(std::move(block));
    checkpointer->after_commit();
    return {Outcome::done, false, std::move(commit), {}};
}

// One transaction. What fails before COMMIT was not done. A COMMIT that found no room was not either, since its last
// frame is not whole; of any other failed COMMIT the frames may lie in the WAL and count after the next recovery.
std::optional<AppendResult> SqliteLog::Impl::store(const Commit& commit, const std::vector<WrappedKey>& new_keys) {
    bool committing = false;
    try {
        writer->begin();
        writer->insert(commit);
        for (const WrappedKey& key : new_keys) writer->insert_key(key);
        committing = true;
        writer->commit();
        return std::nullopt;
    } catch (const Failure& failure) {
        writer->roll_back();
        const std::string why = std::string("log.db cannot be written: ") + failure.what() + ".";
        if (!committing || failure.disk_full() || failure.busy())
            return AppendResult{Outcome::not_done, false, nullptr, why};
        stuck = "Whether an earlier append was done is not known (" + std::string(failure.what()) +
                "); start again to find out.";
        return AppendResult{Outcome::unknown, false, nullptr, why};
    }
}

std::vector<EventRecord> SqliteLog::read_stream(std::string_view stream, std::uint64_t from, std::uint64_t to) {
    const StreamReading reading{impl_->readers, impl_->id, impl_->index.get()};
    return reading.stream(stream, from, to);
}

std::optional<EventRecord> SqliteLog::read_one(Position position) {
    const StreamReading reading{impl_->readers, impl_->id, impl_->index.get()};
    return reading.one(position);
}

std::unique_ptr<Reader> SqliteLog::read(std::uint32_t partition, std::uint64_t offset) {
    return std::make_unique<ChainReader>(impl_->readers, impl_->id, partition, offset);
}

Tail SqliteLog::tail(std::uint32_t partition) const {
    if (partition != 0) return {0, first_hash(impl_->id, partition), {}};
    return impl_->lock ? impl_->tail_now() : impl_->read_tail();
}

const std::string& SqliteLog::id() const { return impl_->id; }
std::optional<std::string> SqliteLog::wrapped_key(std::string_view subject) { return impl_->keys.wrapped_key(subject); }

void SqliteLog::destroy_key(std::string_view subject) {
    const std::lock_guard lock(impl_->append_mutex);
    if (!impl_->writer) throw Unavailable("The log is closed, or open for reading only.");
    try {
        impl_->writer->begin();
        impl_->writer->delete_key(subject);
        impl_->writer->commit();
    } catch (const Failure& failure) {
        impl_->writer->roll_back();
        throw Unavailable("The key of " + std::string(subject) + " cannot be destroyed: " + failure.what() + ".");
    }
    impl_->checkpointer->truncate();
}

Index& SqliteLog::index() {
    if (!impl_->index) throw Unavailable("A log that is open for reading only has no index.");
    return *impl_->index;
}

std::optional<std::string> SqliteLog::trouble() const {
    const std::lock_guard lock(impl_->tail_mutex);
    return impl_->trouble.empty() ? std::nullopt : std::optional(impl_->trouble);
}

std::optional<std::string> SqliteLog::damage() const { return impl_->check ? impl_->check->damage() : std::nullopt; }

void SqliteLog::close() { impl_->close(); }

void SqliteLog::Impl::close() {
    const std::lock_guard guard(append_mutex);
    if (check) check->stop();
    try {
        if (index) index->close();
    } catch (const Failure&) {
        // Not marked as closed cleanly, so the next start knows what to think of it.
    }
    checkpointer.reset();
    if (readers) readers->close();
    if (writer) {
        try {
            writer->database().run("pragma wal_checkpoint(truncate)");
        } catch (const Failure&) {
            // The WAL keeps what was committed; the next start carries it over.
        }
        writer.reset();
    }
    lock.reset();
}

}  // namespace nova::eventstore

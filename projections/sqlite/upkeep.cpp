#include "projections/sqlite/upkeep.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>

namespace nova::projections::sqlite {
namespace {

constexpr int frames_max = 2000;      // 8 MB of WAL, then it starts anew: the longer it is, the slower is every read
constexpr int frames_most = 8 * frames_max;   // then even long queries are waited for
constexpr int short_rest = 500;       // frames that the writer itself copies: one or two milliseconds
constexpr int turns_per_write_back = 5;
constexpr int turns_of_rest = 20;     // without a change, then the WAL is cut off
constexpr std::chrono::milliseconds turn{100};

void start_write_back(int fd) {
#if defined(__linux__)
    if (fd >= 0) ::sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#else
    (void)fd;
#endif
}

}  // namespace

// Closing a second descriptor of a database file drops the locks that SQLite holds on it in this process; that is why
// this object outlives the connections.
Upkeep::Upkeep(std::string file) : file_(std::move(file)), database_(::open(file_.c_str(), O_RDWR | O_CLOEXEC)) {}

Upkeep::~Upkeep() {
    stop();
    if (wal_ >= 0) ::close(wal_);
    if (database_ >= 0) ::close(database_);
}

void Upkeep::start(Readers& readers) {
    readers_ = &readers;
    wal_ = ::open((file_ + "-wal").c_str(), O_RDWR | O_CLOEXEC);
    thread_ = std::thread([this] { run(); });
}

void Upkeep::stop() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard guard(lock_);
        ending_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

// Copies what it can. When nothing has changed for a while, the WAL is cut off: what a person had erased must not stand
// in its old frames.
void Upkeep::copy(Connection& connection) {
    readers_->end_old_snapshots();
    int in_wal = 0, copied = 0;
    if (sqlite3_wal_checkpoint_v2(connection.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied) !=
        SQLITE_OK)
        return;
    const bool changed = copied != copied_ || copied != in_wal;
    // A snapshot begun before the WAL was copied reads from it page by page; a new one reads the mapped file.
    if (changed && copied == in_wal) readers_->committed();
    copied_ = copied;
    rested_ = changed ? 0 : rested_ + 1;
    if (rested_ < turns_of_rest || in_wal == 0) return;
    const auto held = readers_->try_to_hold_all();
    if (held.empty()) return;
    sqlite3_busy_timeout(connection.handle(), 0);   // if a change comes just now, another time
    if (sqlite3_wal_checkpoint_v2(connection.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) ==
        SQLITE_OK)
        copied_ = 0;
    sqlite3_busy_timeout(connection.handle(), busy_ms_max);
}

void Upkeep::run() {
    Connection connection(file_, Connection::Use::read);
    connection.run("PRAGMA query_only=OFF");
    std::unique_lock lock(lock_);
    for (int turns = 1; !wake_.wait_for(lock, turn, [this] { return ending_; }); ++turns) {
        lock.unlock();
        try {
            copy(connection);
        } catch (const std::exception&) {
            // A reader that cannot end its snapshot says so to the next query; upkeep goes on.
        }
        if (turns % turns_per_write_back == 0) start_write_back(database_), start_write_back(wal_);
        lock.lock();
    }
}

void Upkeep::after_commit(Connection& writer, int frames) {
    // The thread copies the bulk, unless it cannot keep up.
    if (frames < frames_max || (frames - copied_ > short_rest && frames < 3 * frames_max)) return;
    if (frames < frames_most) {
        readers_->end_old_snapshots();
        int in_wal = 0, copied = 0;
        sqlite3_wal_checkpoint_v2(writer.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied);
        if (in_wal - copied > short_rest) return;   // a long query holds an old snapshot
    }
    // Neither the runner nor other queries wait for a long one, if it can be helped: the next commit tries again.
    const auto held = frames < frames_most ? readers_->try_to_hold_all() : readers_->hold_all();
    if (held.empty()) return;
    sqlite3_busy_timeout(writer.handle(), 0);
    if (sqlite3_wal_checkpoint_v2(writer.handle(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr) == SQLITE_OK)
        copied_ = 0;
    sqlite3_busy_timeout(writer.handle(), busy_ms_max);
}

}  // namespace nova::projections::sqlite

#include "projections/sqlite/upkeep.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>

namespace nova::projections::sqlite {
namespace {

constexpr int frames_max = 4000;      // 16 MB of WAL, then it starts anew
constexpr int short_rest = 500;       // frames that the writer itself copies: one or two milliseconds
constexpr int turns_per_write_back = 5;
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

void Upkeep::run() {
    Connection connection(file_, Connection::Use::read);
    connection.run("PRAGMA query_only=OFF");
    std::unique_lock lock(lock_);
    for (int turns = 1; !wake_.wait_for(lock, turn, [this] { return ending_; }); ++turns) {
        lock.unlock();
        try {
            readers_->end_old_snapshots();
            int in_wal = 0, copied = 0;
            if (sqlite3_wal_checkpoint_v2(connection.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied) == SQLITE_OK) {
                // A snapshot begun before the WAL was copied reads from it page by page; a new one reads the mapped file.
                if (copied == in_wal && copied != copied_) readers_->committed();
                copied_ = copied;
            }
        } catch (const std::exception&) {
            // A reader that cannot end its snapshot says so to the next query; upkeep goes on.
        }
        if (turns % turns_per_write_back == 0) start_write_back(database_), start_write_back(wal_);
        lock.lock();
    }
}

void Upkeep::after_commit(Connection& writer, int frames) {
    // The thread copies the bulk, unless it cannot keep up.
    if (frames < frames_max || (frames - copied_ > short_rest && frames < 4 * frames_max)) return;
    readers_->end_old_snapshots();
    int in_wal = 0, copied = 0;
    sqlite3_wal_checkpoint_v2(writer.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied);
    if (in_wal - copied > short_rest) return;   // a long query holds an old snapshot
    const auto held = readers_->hold_all();
    if (sqlite3_wal_checkpoint_v2(writer.handle(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr) == SQLITE_OK) copied_ = 0;
}

}  // namespace nova::projections::sqlite

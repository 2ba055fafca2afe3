#include "eventstore/sqlite/checkpointer.h"

#include <sqlite3.h>

#include <chrono>

namespace nova::eventstore::sqlite {
namespace {

constexpr auto interval = std::chrono::milliseconds(50);
constexpr int short_enough_frames = 500;   // the writer may carry so many itself
constexpr int worth_it_frames = 2000;      // below this the WAL (8 MB) need not begin anew
constexpr int too_long_frames = 32768;     // from here (128 MB) the writer carries whatever remains
constexpr int truncate_wait_ms = 200;

}  // namespace

Checkpointer::Checkpointer(const std::filesystem::path& file, Database& writer)
    : database_(file, Access::write), writer_(writer) {
    database_.run("pragma synchronous = full; pragma wal_autocheckpoint = 0;");
    sqlite3_wal_hook(writer_.handle(), &Checkpointer::on_frames, this);
    thread_ = std::thread(&Checkpointer::loop, this);
}

Checkpointer::~Checkpointer() { stop(); }

void Checkpointer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    sqlite3_wal_hook(writer_.handle(), nullptr, nullptr);
}

int Checkpointer::on_frames(void* self, sqlite3*, const char*, int frames) {
    static_cast<Checkpointer*>(self)->frames_.store(frames, std::memory_order_relaxed);
    return SQLITE_OK;
}

void Checkpointer::after_commit() {
    const int frames = frames_.load(std::memory_order_relaxed);
    if (frames < worth_it_frames) return;
    const int remaining = frames - carried_.load(std::memory_order_relaxed);
    if (remaining >= short_enough_frames && frames < too_long_frames) return;
    // A failure here is no failure of the commit, which is durable in the WAL.
    int in_wal = 0, carried = 0;
    if (sqlite3_wal_checkpoint_v2(writer_.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, &in_wal, &carried) == SQLITE_OK)
        carried_.store(in_wal == carried ? 0 : carried, std::memory_order_relaxed);  // all: the next commit begins anew
}

void Checkpointer::truncate() {
    truncate_.store(true);
    sqlite3_busy_timeout(writer_.handle(), truncate_wait_ms);
    if (sqlite3_wal_checkpoint_v2(writer_.handle(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) == SQLITE_OK)
        truncate_.store(false);
    sqlite3_busy_timeout(writer_.handle(), 10'000);
    wake_.notify_all();
}

void Checkpointer::loop() {
    std::unique_lock lock(mutex_);
    for (int seen = -1; !wake_.wait_for(lock, interval, [this] { return stopping_; });) {
        const int frames = frames_.load(std::memory_order_relaxed);
        const bool truncate = truncate_.load();
        if (frames == seen && !truncate) continue;
        lock.unlock();
        int in_wal = 0, carried = 0;
        if (truncate) {
            sqlite3_busy_timeout(database_.handle(), truncate_wait_ms);
            if (sqlite3_wal_checkpoint_v2(database_.handle(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) ==
                SQLITE_OK)
                truncate_.store(false);
        } else if (sqlite3_wal_checkpoint_v2(database_.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, &in_wal,
                                             &carried) == SQLITE_OK) {
            carried_.store(carried, std::memory_order_relaxed);
            seen = carried >= frames ? frames : -1;
        }
        lock.lock();
    }
}

}  // namespace nova::eventstore::sqlite

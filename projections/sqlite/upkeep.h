// Keeps views.db small and the disk calm: copies the WAL into the file beside the writer, and has the kernel write back
// steadily, since its own expiry after 30 s would stall the commits of the log for a tenth of a second and more.
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "projections/sqlite/readers.h"

namespace nova::projections::sqlite {

class Upkeep {
public:
    // The file exists, and every connection to it is closed before this object goes.
    explicit Upkeep(std::string file);
    ~Upkeep();
    void start(Readers&);
    void stop();
    // By the writer, after a commit that left `frames` in the WAL: copies the short rest and lets the WAL start anew.
    void after_commit(Connection& writer, int frames);

private:
    void run();
    void copy(Connection&);
    std::string file_;
    int database_, wal_ = -1;
    Readers* readers_ = nullptr;
    std::atomic<int> copied_{0};   // frames of the WAL that are in the file, as of the thread's last turn
    int rested_ = 0;               // turns without a change; the thread's own
    std::mutex lock_;
    std::condition_variable wake_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace nova::projections::sqlite

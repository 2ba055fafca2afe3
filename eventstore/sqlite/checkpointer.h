// Carries what the WAL of log.db holds into the file, beside the writer, so that no commit waits long for it. The thread
// alone never lets the WAL begin anew under load, since frames arrive while it works; so the writer runs the last, short
// checkpoint itself when little remains.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <thread>

#include "eventstore/sqlite/database.h"

namespace nova::eventstore::sqlite {

class Checkpointer {
public:
    Checkpointer(const std::filesystem::path& file, Database& writer);
    ~Checkpointer();
    void after_commit();     // on the writer's thread
    // Empties the WAL, so that nothing deleted is left in it; later, by the thread, when readers are in the way now.
    void truncate();
    void stop();

private:
    void loop();
    static int on_frames(void* self, sqlite3*, const char*, int frames);

    Database database_;
    Database& writer_;
    std::atomic<int> frames_{0};        // in the WAL, as of the last commit
    std::atomic<int> carried_{0};       // of these, in the file
    std::atomic<bool> truncate_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace nova::eventstore::sqlite

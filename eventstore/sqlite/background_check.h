// Proves the whole chain once after the start, beside the work and giving way to it.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "eventstore/sqlite/log_file.h"

namespace nova::eventstore::sqlite {

class BackgroundCheck {
public:
    BackgroundCheck(std::shared_ptr<LogReaders>, std::string log_id, std::uint64_t up_to);
    ~BackgroundCheck() { stop(); }
    void stop();
    std::optional<std::string> damage() const;
    void found(std::string damage);  // by someone else, who read it

private:
    void run(std::shared_ptr<LogReaders>, std::string log_id, std::uint64_t up_to);

    mutable std::mutex mutex_;
    std::optional<std::string> damage_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace nova::eventstore::sqlite

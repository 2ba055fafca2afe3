// What endpoints work with: the bus for commands, the views and the log for questions. Wired once, in cli/node.
#pragma once
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "api/http/message.h"
#include "api/worker_pool.h"
#include "commands/bus.h"
#include "projections/runner.h"

namespace nova::api {

// The position of each user's last command: their queries wait until the views hold it.
class OwnWrites {
public:
    void note(const UserId& user, std::uint64_t next);
    std::uint64_t next_of(const UserId& user) const;  // 0: nothing to wait for

private:
    static constexpr std::size_t users_max = 100000;
    mutable std::mutex mutex_;
    std::unordered_map<UserId, std::uint64_t> next_;
};

struct Services {
    commands::Bus& bus;
    eventstore::Log& log;
    schemas::Opener& opener;
    projections::ViewStore& views;
    projections::Runner& runner;
    const DirectoryFacts& directory;
    WorkerPool& pool;
    OwnWrites& own_writes;
    std::function<Instant()> clock;
    std::function<void(std::function<void()>)> post;   // onto the I/O thread
    // A person's name as it is now, of this tenant; none: erased or foreign.
    std::function<std::optional<std::string>(const TenantId&, const UserId&)> name_of;
};

}  // namespace nova::api

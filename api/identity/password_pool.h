// The one thread on which passwords are hashed and compared, with what it needs for that: the kept hashes, read from
// the log. Its queue is bounded; when it is full the client is told to come again.
#pragma once
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "api/identity/passwords.h"
#include "api/worker_pool.h"
#include "domain/identity/user.h"
#include "eventstore/log.h"
#include "schemas/sealing.h"

namespace nova::api {

// The states of users as the log has them. For the password thread alone.
class UserStates {
public:
    UserStates(eventstore::Log& log, schemas::Opener& opener) : log_(log), opener_(opener) {}
    // A person who signs in often has a long stream, so what was read stays and only what is new is read.
    const identity::user::State& read(const UserId&);

private:
    static constexpr std::size_t kept_max = 4096;
    struct Kept {
        identity::user::State state;
        std::uint64_t version = 0;
    };
    eventstore::Log& log_;
    schemas::Opener& opener_;
    std::unordered_map<UserId, Kept> kept_;
};

class PasswordPool {
public:
    PasswordPool(eventstore::Log& log, schemas::Opener& opener, PasswordCost cost = {})
        : states_(log, opener), passwords_(cost), pool_(1, 64) {}

    // False: too many wait. The work runs alone on the thread and must catch what it throws.
    bool submit(std::function<void(const Passwords&, UserStates&)> work) {
        return pool_.submit([this, work = std::move(work)] { work(passwords_, states_); });
    }
    void stop() { pool_.stop(); }

private:
    UserStates states_;
    Passwords passwords_;
    WorkerPool pool_;   // last: runs on the two above
};

}  // namespace nova::api

// A real writer on a real log in a folder of its own, for tests of commands: submit one, wait for what came of it.
#pragma once
#include <unistd.h>

#include <filesystem>
#include <future>
#include <map>

#include "commands/claims.h"
#include "commands/customers/customer.h"
#include "commands/uuid_v7.h"
#include "commands/writer.h"
#include "eventstore/sqlite/sqlite_log.h"
#include "tests/domain/given.h"

namespace nova::testing {

class Folder {
public:
    Folder() {
        char name[] = "/tmp/nova-commands-XXXXXX";
        path_ = mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

class CommandsWorld {
public:
    explicit CommandsWorld(const std::filesystem::path& folder, commands::WriterOptions options = {}) {
        eventstore::MasterKey key{};
        key.fill(7);
        log = eventstore::SqliteLog::open(
            {.folder = folder, .claims_of = commands::claims_reader(key), .repeat_of = commands::repeat_reader()});
        ring = std::make_unique<eventstore::KeyRing>(key, *log);
        facts.members = {nth<UserId>(1), nth<UserId>(2)};
        if (!options.clock) options.clock = [] { return system_now(); };
        options.committed = [this](std::shared_ptr<const eventstore::Commit>, commands::DecodedBatch batch) {
            committed.push_back(std::move(batch));
        };
        writer = std::make_unique<commands::Writer>(*log, log->index(), *ring, ids, facts, std::move(options));
    }
    ~CommandsWorld() {
        writer->stop();
    }

    static Instant system_now() {
        return {
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
                .count()};
    }

    commands::Command command(std::string name, commands::Handler handle) {
        commands::Command c;
        c.name = std::move(name);
        c.boundary = c.tenant = nth<TenantId>(1);
        c.actor = {.type = ActorType::USER,
                   .user = nth<UserId>(1),
                   .session = nth<SessionId>(1),
                   .role = Role::OWNER,
                   .address = "192.0.2.1",
                   .user_agent = "test"};
        c.correlation_id = "test";
        c.handle = std::move(handle);
        return c;
    }
    std::future<commands::Completed> send(commands::Command c) {
        auto promise = std::make_shared<std::promise<commands::Completed>>();
        auto future = promise->get_future();
        c.done = [promise](commands::Completed completed) { promise->set_value(std::move(completed)); };
        if (!writer->submit(std::move(c))) {
            commands::Completed refused;
            promise->set_value(refused);
        }
        return future;
    }
    commands::Completed ask(commands::Command c) { return send(std::move(c)).get(); }
    commands::Completed ask(std::string name, commands::Handler handle) {
        return ask(command(std::move(name), std::move(handle)));
    }

    eventstore::Log& stored() { return *log; }

    std::unique_ptr<eventstore::SqliteLog> log;
    std::unique_ptr<eventstore::KeyRing> ring;
    commands::UuidV7 ids{[] { return system_now(); }};
    FixedFacts facts;
    std::vector<commands::DecodedBatch> committed;
    std::unique_ptr<commands::Writer> writer;
};

}  // namespace nova::testing

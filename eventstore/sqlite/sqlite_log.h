// The embedded home of the log: `log.db` (truth) and `index.db` (derived) in one folder, one writing process.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "eventstore/index.h"
#include "eventstore/keys.h"
#include "eventstore/log.h"

namespace nova::eventstore {

struct SqliteLogOptions {
    std::filesystem::path folder;
    ClaimsOf claims_of;
    RepeatOf repeat_of;
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // while the index catches up; may be empty
    std::optional<MasterKey> master_key;  // if given, a log that was made with another one is refused
};

class SqliteLog final : public Log, public KeyTable {
public:
    // Opens for writing, verifying the tail. Throws Unavailable (a second writer: says which process holds it) and Damaged.
    static std::unique_ptr<SqliteLog> open(SqliteLogOptions);
    // Opens read-only beside a running server: read, read_one, tail, wrapped_key; a stream is found by
    // reading the whole log, since the index belongs to the writer.
    static std::unique_ptr<SqliteLog> open_to_read(std::filesystem::path folder);
    ~SqliteLog() override;

    void append(Append, Done) override;
    std::vector<EventRecord> read_stream(std::string_view, std::uint64_t, std::uint64_t) override;
    std::optional<EventRecord> read_one(Position) override;
    std::unique_ptr<Reader> read(std::uint32_t partition, std::uint64_t offset) override;
    Tail tail(std::uint32_t partition) const override;
    const std::string& id() const override;
    std::optional<std::string> wrapped_key(std::string_view subject) override;

    // Erasure: the key's row is gone from the file and the WAL. Throws Unavailable if it is not. A reader that still
    // holds an old snapshot delays the emptying of the WAL; it is tried again until it is done.
    void destroy_key(std::string_view subject);

    Index& index();
    // Index flushed, WAL checkpointed, files closed; called by the destructor too.
    void close();
    // The background check of the whole chain: set when it found damage.
    std::optional<std::string> damage() const;
    // Why the last append was not done, until one is done again.
    std::optional<std::string> trouble() const;

private:
    struct Impl;
    explicit SqliteLog(std::unique_ptr<Impl>);
    std::unique_ptr<Impl> impl_;
};

struct Verified {
    bool ok = true;
    std::uint64_t events = 0;
    Hash last{};
    std::string problem;  // one sentence naming the first bad position; empty when ok
};
// `nova audit verify`: reads everything, trusts nothing. Works beside a running server.
Verified verify_log(const std::filesystem::path& folder,
                    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace nova::eventstore

// The port of the log: append a batch atomically, read a stream, read everything from a position. Events are bytes
// with a stream and a version; what they mean is not known here. Embedded it is a SQLite file, else a Kafka topic.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "domain/kernel/instant.h"
#include "domain/kernel/uuid.h"
#include "eventstore/position.h"

namespace nova::eventstore {

// What a stream claims from one event on: unique keys (a user's e-mail) or plain look-ups (a customer's phone). The
// set replaces the stream's earlier claims in that space; an empty set gives them up.
struct ClaimSet {
    std::string space;              // "user.email", "customer.phone"; unique ones are decided by the writer
    std::vector<std::string> keys;  // tenant-scoped spaces carry the tenant in the key
    std::optional<Instant> until;   // the claim lapses then (a deleted user's e-mail after 30 days)
};

// The first event of a command that came with an Idempotency-Key remembers it.
struct RepeatKey {
    std::string scope;   // boundary, actor
    std::string key;
    std::string digest;  // of the request
    std::string command_name;
    std::string command_id;  // as text
};

struct PendingEvent {
    std::size_t begin = 0, length = 0;  // its bytes in Append::block
    std::string stream;
    std::uint64_t version = 0;          // from 1; must be the stream's next
    TenantId boundary{};                // nil: the directory
    std::uint32_t command = 0;          // events of one command carry one number, and one boundary
    std::vector<ClaimSet> claims;
    std::optional<RepeatKey> repeat;
};

struct WrappedKey {
    std::string subject;  // the person's stream
    std::string wrapped;  // under MASTER_KEY
};

struct Append {
    std::uint32_t partition = 0;
    Instant time{};
    std::string block;                  // the events' bytes, each followed by '\n'
    std::vector<PendingEvent> events;
    std::vector<WrappedKey> new_keys;   // durable with the events or not at all
};

// A committed block: immutable, shared by everyone who follows the log.
struct Commit {
    std::uint32_t partition = 0;
    std::uint64_t first = 0;            // offset of the first event
    Instant time{};
    Hash previous{}, last{};
    std::string block;                  // events, each followed by '\n'
    std::vector<std::uint32_t> begins;  // of each event in block
    std::uint64_t count() const { return begins.size(); }
    std::uint64_t next() const { return first + begins.size(); }
    std::string_view event(std::size_t i) const {
        const std::size_t end = i + 1 < begins.size() ? begins[i + 1] : block.size();
        return std::string_view(block).substr(begins[i], end - begins[i] - 1);
    }
};

enum class Outcome { done, not_done, unknown };
struct AppendResult {
    Outcome outcome = Outcome::unknown;
    bool fenced = false;                       // another writer owns the partition now
    std::shared_ptr<const Commit> commit;      // done only
    std::string why;                           // one sentence; not done or unknown
};

struct EventRecord {
    Position position;
    std::uint64_t version = 0;   // in its stream
    Instant recorded{};          // the block's time
    std::string bytes;
};

// Follows one partition. Every block's chain is checked against the one before it.
class Reader {
public:
    virtual ~Reader() = default;
    virtual std::shared_ptr<const Commit> next() = 0;  // nullptr: at the end for now. Throws Damaged
};

// The log holds something that was not written so. The text is one sentence that names the position.
struct Damaged : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// The log cannot be used now: locked by another writer, disk full, unreadable folder. One sentence, with what to do.
struct Unavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Tail {
    std::uint64_t next = 0;  // offset of the next event: the number of events, embedded
    Hash last{};
    Instant time{};
};

class Log {
public:
    virtual ~Log() = default;
    using Done = std::function<void(AppendResult)>;
    // One append of a partition at a time; `done` comes on any thread, possibly before append returns. Refuses with
    // not_done: a version that is not the stream's next, a command whose events lie in two boundaries.
    virtual void append(Append, Done done) = 0;
    // Events of a stream with from_version ≤ version ≤ to_version, in order. Thread-safe; throws Damaged.
    virtual std::vector<EventRecord> read_stream(std::string_view stream, std::uint64_t from_version = 1,
                                                 std::uint64_t to_version = UINT64_MAX) = 0;
    virtual std::optional<EventRecord> read_one(Position) = 0;
    // From the block that holds `offset` on.
    virtual std::unique_ptr<Reader> read(std::uint32_t partition, std::uint64_t offset) = 0;
    virtual Tail tail(std::uint32_t partition) const = 0;
    virtual const std::string& id() const = 0;
};

}  // namespace nova::eventstore

// What is derived from the log and asked for by name: a stream's version, who holds a key, which command a repeat
// repeats, snapshots. Written behind the log, caught up from it at start; may be deleted at any time.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/log.h"

namespace nova::eventstore {

struct Remembered {
    std::string digest, command_name, command_id;
    std::string stream;           // of the command's first event
    std::uint64_t version = 0;    // of that stream after the command
    Position position;            // of the command's last event
    Instant time{};
};

struct Snapshot {
    std::uint64_t version = 0;
    std::string state;            // as the writer encoded it (sealed where it holds personal members)
};

class Index {
public:
    virtual ~Index() = default;
    // All are thread-safe and see every event up to the last done append.
    virtual std::uint64_t version(std::string_view stream) const = 0;  // 0: no such stream
    virtual std::vector<std::string> holders(std::string_view space, std::string_view key, Instant now,
                                             std::size_t at_most) const = 0;
    virtual std::optional<Remembered> remembered(std::string_view scope, std::string_view key,
                                                 Instant now) const = 0;  // of the last 24 h
    virtual std::optional<Snapshot> snapshot(std::string_view stream) const = 0;
    virtual void keep_snapshot(std::string_view stream, Snapshot) = 0;
};

// Derives an event's claims from its bytes when the index is rebuilt; the layer above knows event types.
// Personal members are opened through `keys`, since this happens while the log that keeps them is being opened.
class KeyTable;
using ClaimsOf = std::function<std::vector<ClaimSet>(KeyTable& keys, std::string_view stream, std::string_view bytes)>;
// The RepeatKey of an event's bytes, if it is the first of a command that came with one.
using RepeatOf = std::function<std::optional<RepeatKey>(std::string_view bytes)>;

}  // namespace nova::eventstore

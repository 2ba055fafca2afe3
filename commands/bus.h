// The way in for commands: submit one, get the answer by callback. One writer thread decides them one after another and
// appends what they yield in groups.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/unit_of_work.h"
#include "eventstore/log.h"

namespace nova::commands {

// What a handler makes of a command.
struct Result {
    std::optional<Rejection> refusal;   // what was recorded beside it stays recorded: a failed sign-in
    std::string stream;            // whose item the answer shows; its version is the answer's
    std::vector<Uuid> created;     // ids that a repeat must answer with again are read from the log, not from here
    std::string warnings = "[]";   // JSON array; left out when it is empty
    std::shared_ptr<void> extra;   // for the route that submitted it (tokens of a sign-in)

    static Result refused(Rejection why) {
        Result result;
        result.refusal = std::move(why);
        return result;
    }
};

using Handler = std::function<Result(UnitOfWork&, const Context&)>;

enum class Completion { accepted, refused, repeated, unavailable, unknown, failed };  // failed: a bug

struct Completed {
    Completion how = Completion::unavailable;
    Result result;
    std::optional<Rejection> refusal;
    std::uint64_t version = 0;              // of result.stream after the command
    eventstore::Position position;          // of the command's last event; unchanged items: of the log's tail
    std::string item;                       // the item as canonical JSON, if the stream's items are presented
    bool item_gone = false;
    std::optional<eventstore::Remembered> first;  // repeated: what the first command did
    std::string why;                        // unavailable, unknown: one sentence; failed: for the log only
};

struct Command {
    std::string name;                       // "CreateCustomer", in logs, metrics and events
    TenantId boundary{};                    // nil: the directory
    TenantId tenant{};                      // of the asker; for Context
    Actor actor;
    std::string correlation_id, on_behalf_of;
    std::string idempotency_key, request_digest;   // empty: none
    std::optional<std::uint64_t> if_match;  // the version that `target` must have at the command's turn; an item that
                                            // is not there, or not the actor's to change, is told before that
    std::string target;                            // the stream if_match speaks of
    Handler handle;
    std::function<void(Completed)> done;           // on the writer's thread; must not block
};

class Bus {
public:
    virtual ~Bus() = default;
    // False: the queue is full or the writer has stopped; `done` will not be called. Any thread; never blocks.
    virtual bool submit(Command) = 0;
};

}  // namespace nova::commands

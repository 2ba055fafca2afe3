// Commands of the directory on the wire: they are decided in its own boundary, and what they answer with comes from the
// directory in memory, which has seen the command's events before anyone is answered.
#pragma once
#include <functional>
#include <string>

#include "api/http/problem.h"
#include "api/identity/identity_services.h"

namespace nova::api {

struct DirectoryCommand {
    std::string name;                        // "SuspendUser"
    std::string target;                      // the stream that If-Match speaks of; empty: none
    commands::Handler handle;
    Actor actor;
    TenantId tenant{};                       // nil before sign-in
    bool takes_idempotency_key = false;
    // Makes the answer, on the I/O thread; `stream` is that of the first event or of the result. Position headers are added.
    std::function<Response(const commands::Completed&, const std::string& stream)> accepted;
    // Instead of the refusal's own answer, on the I/O thread; may be empty.
    std::function<void(const commands::Completed&)> refused;
    // Instead of `accepted` when the command repeats an earlier one; may be empty.
    std::function<void(const commands::Completed&)> repeated;
};
void submit(const IdentityServices&, const RequestPtr&, const ReplyPtr&, DirectoryCommand);

// A command of the signed-in user.
DirectoryCommand command_of(const Request&, std::string name, std::string target, commands::Handler);

// A text member of the body exactly as it was sent: passwords are not cleaned as other texts are. The body must be valid.
std::string raw_member(const std::string& body, std::string_view name);

// Tells bodies apart without their passwords, so that no digest in the log helps to guess one.
std::string digest_without_secrets(const Request&);

}  // namespace nova::api

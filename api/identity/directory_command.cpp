#include "api/identity/directory_command.h"

#include "api/http/item.h"
#include "schemas/json.h"

namespace nova::api {
namespace {

constexpr std::string_view secrets[] = {"password", "newPassword", "currentPassword", "refreshToken"};

void answer(const IdentityServices& services, const RequestPtr& request, const ReplyPtr& reply,
            const DirectoryCommand& command, const commands::Completed& completed) {
    using commands::Completion;
    request->command_name = command.name;   // here and not before: commands come from the password thread too
    const bool repeats = completed.how == Completion::repeated;
    if (repeats && command.repeated) return command.repeated(completed);
    if (completed.how == Completion::refused && command.refused) return command.refused(completed);
    if (completed.how == Completion::refused)
        return reply->send(problem(*request, *completed.refusal).with("Nova-Position", to_text(completed.position)));
    if (completed.how == Completion::unavailable) return reply->send(unavailable(*request, completed.why));
    if (completed.how == Completion::unknown) return reply->send(outcome_unknown(*request));
    if (completed.how == Completion::failed) return reply->send(failure(*request, completed.why));
    const eventstore::Position position = repeats ? completed.first->position : completed.position;
    if (request->identity) services.common.own_writes.note(request->identity->actor.user, position.offset + 1);
    Response response = command.accepted(completed, repeats ? completed.first->stream : completed.result.stream);
    if (repeats) response.with("Idempotency-Replayed", "true");
    request->position = to_text(position);
    reply->send(std::move(response.with("Nova-Position", request->position)));
}

}  // namespace

void submit(const IdentityServices& services, const RequestPtr& request, const ReplyPtr& reply,
            DirectoryCommand wanted) {
    Violations wrong;
    commands::Command command;
    if (!wanted.target.empty()) command.if_match = if_match(*request, wrong);
    if (wanted.takes_idempotency_key) command.idempotency_key = idempotency_key(*request, wrong);
    if (!wrong.empty()) return reply->send(invalid(*request, std::move(wrong)));
    if (!command.idempotency_key.empty()) command.request_digest = digest_without_secrets(*request);
    command.name = wanted.name;
    command.tenant = wanted.tenant;
    command.actor = std::move(wanted.actor);
    command.correlation_id = request->correlation_id;
    command.target = wanted.target;
    command.handle = std::move(wanted.handle);
    auto shape = std::make_shared<const DirectoryCommand>(std::move(wanted));
    command.done = [&services, request, reply, shape](commands::Completed completed) {
        services.common.post([&services, request, reply, shape, completed = std::move(completed)] {
            try {
                answer(services, request, reply, *shape, completed);
            } catch (const std::exception& e) {
                reply->send(failure(*request, e.what()));
            }
        });
    };
    if (!services.common.bus.submit(std::move(command)))
        reply->send(unavailable(*request, "Too many commands are waiting."));
}

DirectoryCommand command_of(const Request& request, std::string name, std::string target, commands::Handler handle) {
    DirectoryCommand command;
    command.name = std::move(name), command.target = std::move(target), command.handle = std::move(handle);
    command.actor = request.identity->actor, command.tenant = request.identity->tenant;
    command.takes_idempotency_key = true;
    return command;
}

std::string raw_member(const std::string& body, std::string_view name) {
    std::string text;
    schemas::for_each_member(body, [&](std::string_view member, std::string_view raw) {
        if (member == name && raw.starts_with('"')) text = schemas::unescaped(raw);
    });
    return text;
}

std::string digest_without_secrets(const Request& request) {
    std::string text = std::string(to_text(request.method)) + ' ' + request.path + '\n';
    if (!request.body.empty())
        schemas::for_each_member(request.body, [&](std::string_view member, std::string_view raw) {
            if (std::find(std::begin(secrets), std::end(secrets), member) == std::end(secrets))
                text.append(member).append("=").append(raw).append("\n");
        });
    return eventstore::stamp(text);
}

}  // namespace nova::api

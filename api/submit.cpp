// Commands on the wire: from a request to the bus, and from what came of it to the answer.
#include "api/http/item.h"
#include "api/http/log.h"
#include "api/offload.h"
#include "api/resource.h"

namespace nova::api {
namespace {

std::string id_of(const std::string& stream) {
    return stream.size() > 36 ? stream.substr(stream.size() - 36) : std::string();
}

// The item as it was at one version of its stream, for the answer of a repeated command.
std::string item_at(const Services& services, const projections::CollectionInfo& info, const std::string& stream,
                    std::uint64_t version) {
    const std::shared_ptr<void> view = info.make();
    bool there = false;
    for (const eventstore::EventRecord& record : services.log.read_stream(stream, 1, version)) {
        const schemas::DecodedEvent event = schemas::decode_event(record.bytes, schemas::catalogue(), services.opener);
        there = projections::fold(info, view.get(), event, record.position);
    }
    std::string json;
    if (there) schemas::write_json(*info.view, view.get(), json);
    return json;
}

Response answer(const Request& request, const Answer& shape, const std::string& stream, std::string_view item,
                std::uint64_t version, const std::string& warnings) {
    if (shape.status == 204 || !shape.item) return Response{shape.status, {}};
    const std::string more = shape.warnings ? ",\"warnings\":" + warnings : std::string();
    Response response = item_response(request, shape.item->item_name, item, version, shape.status, more);
    if (shape.status == 201 && !shape.location.empty()) response.with("Location", shape.location + id_of(stream));
    return response;
}

void answer_repeat(const Services& services, const RequestPtr& request, const ReplyPtr& reply, const Answer& shape,
                   eventstore::Remembered first) {
    run_on(services.pool, request, reply, [&services, request, reply, shape, first = std::move(first)] {
        std::string item;
        if (shape.item && shape.status != 204) item = item_at(services, *shape.item, first.stream, first.version);
        Response response = answer(*request, shape, first.stream, item, first.version, "[]");
        reply->send(
            std::move(response.with("Idempotency-Replayed", "true").with("Nova-Position", to_text(first.position))));
    });
}

void settle(const Services& services, const RequestPtr& request, const ReplyPtr& reply, const Answer& shape,
            commands::Completed completed) {
    using commands::Completion;
    if (request->identity) services.own_writes.note(request->identity->actor.user, completed.position.offset + 1);
    switch (completed.how) {
        case Completion::accepted: {
            request->position = to_text(completed.position);
            Response response = answer(*request, shape, completed.result.stream, completed.item, completed.version,
                                       completed.result.warnings);
            return reply->send(std::move(response.with("Nova-Position", request->position)));
        }
        case Completion::refused:
            return reply->send(
                problem(*request, *completed.refusal).with("Nova-Position", to_text(completed.position)));
        case Completion::repeated: return answer_repeat(services, request, reply, shape, *completed.first);
        case Completion::unavailable:
            log(Level::error, "a command was not done",
                {{"correlationId", request->correlation_id}, {"error", completed.why}});
            return reply->send(
                unavailable(*request, "The log does not take commands at the moment; nothing was done."));
        case Completion::unknown: return reply->send(outcome_unknown(*request));
        case Completion::failed: return reply->send(failure(*request, completed.why));
    }
}

}  // namespace

void OwnWrites::note(const UserId& user, std::uint64_t next) {
    std::lock_guard lock(mutex_);
    // Forgetting everyone's position at once costs nothing but reads that do not wait: it happens once in 100,000 users.
    if (next_.size() >= users_max) next_.clear();
    std::uint64_t& known = next_[user];
    known = std::max(known, next);
}

std::uint64_t OwnWrites::next_of(const UserId& user) const {
    std::lock_guard lock(mutex_);
    const auto found = next_.find(user);
    return found == next_.end() ? 0 : found->second;
}

void submit(const Services& services, const RequestPtr& request, const ReplyPtr& reply, std::string name,
            std::string stream, commands::Handler handle, Answer shape) {
    Violations wrong;
    commands::Command command;
    command.if_match = if_match(*request, wrong);
    command.idempotency_key = idempotency_key(*request, wrong);
    if (!wrong.empty()) return reply->send(invalid(*request, std::move(wrong)));
    request->command_name = name;
    command.name = std::move(name);
    command.boundary = command.tenant = request->identity->tenant;
    command.actor = request->identity->actor;
    command.correlation_id = request->correlation_id;
    if (!command.idempotency_key.empty())
        command.request_digest =
            eventstore::stamp(std::string(to_text(request->method)) + ' ' + request->path + '\n' + request->body);
    command.target = std::move(stream);
    command.handle = std::move(handle);
    command.done = [&services, request, reply, shape = std::move(shape)](commands::Completed completed) {
        settle(services, request, reply, shape, std::move(completed));
    };
    if (!services.bus.submit(std::move(command))) reply->send(unavailable(*request, "Too many commands are waiting."));
}

std::optional<Uuid> path_id(const Request& request, const ReplyPtr& reply, std::size_t index) {
    const auto id = parse_uuid(request.path_values.at(index));
    if (!id) reply->send(problem(request, Rejection::not_found()));
    return id;
}

}  // namespace nova::api

// Who one is and which sessions one has: /auth/me, /auth/session, /auth/sessions, /auth/logout.
#include "api/identity/directory_command.h"
#include "api/identity/people.h"
#include "api/resource.h"
#include "commands/policy.h"
#include "schemas/json.h"
#include "schemas/json_schema.h"

namespace nova::api {
namespace {

using commands::Extent;
using commands::Right;

struct SessionAnswer : projections::SessionView {
    bool current = false;
};
BOOST_DESCRIBE_STRUCT(SessionAnswer, (projections::SessionView), (current))

std::string shown_session(const projections::SessionView& view, const SessionId& own) {
    return schemas::to_json(SessionAnswer{view, view.id == own});
}

Response json(std::string body) {
    Response response;
    response.body = std::move(body);
    return response;
}

// What the policy lets the person do: {"customers.read":"OWN",…}; rights they lack are left out.
std::string permissions_of(const Actor& actor) {
    constexpr std::pair<const char*, Right> rights[] = {{"customers.assign", Right::customers_assign},
                                                        {"customers.delete", Right::customers_delete},
                                                        {"customers.export", Right::customers_export},
                                                        {"customers.read", Right::customers_read},
                                                        {"customers.write", Right::customers_write},
                                                        {"log.read", Right::log_read},
                                                        {"platform", Right::platform},
                                                        {"users.create", Right::users_create},
                                                        {"users.manage", Right::users_manage},
                                                        {"users.read", Right::users_read}};
    std::string out = "{";
    for (const auto& [name, right] : rights) {
        const Extent reach = extent(actor, right);
        if (reach == Extent::none) continue;
        out.append(out.size() > 1 ? "," : "")
            .append("\"")
            .append(name)
            .append(reach == Extent::tenant ? "\":\"TENANT\"" : "\":\"OWN\"");
    }
    return out + "}";
}

Handler me(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        const Identity& who = *request->identity;
        std::string user = shown_user_now(services.directory, who.actor.user, who.tenant, Sight::whole, true);
        if (user.empty()) return reply->send(problem(*request, Rejection::not_found()));
        user.pop_back();
        reply->send(json("{\"user\":" + user + ",\"permissions\":" + permissions_of(who.actor) + "}}"));
    };
}

Handler own_session(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        const SessionId own = request->identity->actor.session;
        const auto session = services.directory.session(own);
        if (!session) return reply->send(problem(*request, Rejection::not_found()));
        reply->send(
            json("{\"delegation\":null,\"session\":" + shown_session(*session, own) + ",\"twoFactorProven\":false}"));
    };
}

Handler own_sessions(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        const Actor& actor = request->identity->actor;
        std::string list;
        const auto sessions = services.directory.sessions(actor.user, request->received);
        for (const projections::SessionView& session : sessions)
            list += (list.empty() ? "" : ",") + shown_session(session, actor.session);
        const std::string total = std::to_string(sessions.size());
        reply->send(json("{\"limit\":" + std::to_string(identity::session::live_sessions_max) +
                         ",\"nextCursor\":null,\"page\":1,\"pages\":1,\"sessions\":[" + list + "],\"total\":" + total +
                         "}"));
    };
}

Response no_content(const commands::Completed&, const std::string&) { return Response{204}; }

Handler logout(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        DirectoryCommand command = command_of(*request, "EndSession", {}, commands::end_own_session());
        command.accepted = no_content;
        submit(services, request, reply, std::move(command));
    };
}

Handler end_session(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        const auto id = path_id(*request, reply);
        if (!id) return;
        DirectoryCommand command = command_of(*request, "EndSession", {}, commands::end_session({*id}));
        command.accepted = no_content;
        submit(services, request, reply, std::move(command));
    };
}

std::string with_member(const char* name, const std::string& schema) {
    return std::string(R"({"type":"object","required":[")") + name + "\"],\"properties\":{\"" + name + "\":" + schema + "}}";
}

}  // namespace

void add_session_routes(Router& router, const IdentityServices& services) {
    const std::string tag = "Authentication", session = schemas::answer_schema(schemas::type_of<SessionAnswer>());
    router.add({.method = Method::GET,
                .pattern = "/api/auth/me",
                .summary = "Shows who one is, in which companies, and what one may do.",
                .tag = tag,
                .handle = me(services),
                .answers = {{200, with_member("user", schemas::answer_schema(schemas::type_of<UserAnswer>()))}}});
    router.add({.method = Method::GET,
                .pattern = "/api/auth/session",
                .summary = "Shows the session of the token.",
                .tag = tag,
                .handle = own_session(services),
                .answers = {{200, with_member("session", session)}}});
    router.add({.method = Method::GET,
                .pattern = "/api/auth/sessions",
                .summary = "Lists one's live sessions, the newest first.",
                .tag = tag,
                .handle = own_sessions(services),
                .answers = {{200, with_member("sessions", R"({"type":"array","items":)" + session + "}")}}});
    router.add({.method = Method::POST,
                .pattern = "/api/auth/logout",
                .summary = "Ends the session of the token.",
                .tag = tag,
                .handle = logout(services),
                .answers = {{204, ""}},
                .takes_idempotency_key = true});
    router.add({.method = Method::DELETE,
                .pattern = "/api/auth/sessions/{id}",
                .summary = "Ends another session of one's own, or one of a person whom one administers.",
                .tag = tag,
                .handle = end_session(services),
                .answers = {{204, ""}},
                .refusals = {{403, "role_too_high"}, {404, "not_found"}},
                .takes_idempotency_key = true});
}

}  // namespace nova::api

#include "api/http/problem.h"
#include "api/identity/identity_services.h"

namespace nova::api {
namespace {

using projections::Standing;
constexpr std::chrono::milliseconds directory_wait{2000};

// The token behind `Bearer `, whose case is the client's choice.
std::string_view bearer(const Request& request) {
    constexpr std::string_view scheme = "bearer ";
    const std::string_view given = request.header("authorization");
    if (given.size() <= scheme.size()) return {};
    for (std::size_t i = 0; i < scheme.size(); ++i)
        if ((given[i] | 0x20) != (scheme[i] | 0x20)) return {};
    return given.substr(scheme.size());
}

void refuse(const Request& request, const ReplyPtr& reply, const char* code, const char* title, const char* message) {
    reply->send(problem(request, Problem{401, code, title, message}));
}
void refuse_session(const Request& request, const ReplyPtr& reply) {
    refuse(request, reply, "session_revoked", "Session revoked", "This session is over; sign in again.");
}

void identify(Request& request, const VerifiedToken& token, const Standing& standing) {
    Identity& who = request.identity.emplace();
    who.tenant = standing.tenant;
    who.actor.type = ActorType::USER;
    who.actor.user = standing.user;
    who.actor.session = token.session;
    who.actor.role = standing.role;
    who.actor.owns_tenant = standing.owns_tenant;
    who.actor.address = request.address;
    who.actor.user_agent = user_agent_of(request);
}

// The token says who and where; the directory says whether that still stands, so both must agree.
bool admits(const Standing& standing, const VerifiedToken& token) {
    return standing.answer == Standing::Answer::good && standing.user == token.user && standing.tenant == token.tenant;
}

// A session that began a moment ago may not have come here yet: the directory's end is awaited before it is refused.
void admit_later(const IdentityServices& services, const RequestPtr& request, const ReplyPtr& reply,
                 const VerifiedToken& token, std::function<void()> proceed) {
    const std::uint64_t end = services.common.log.tail(0).next;
    services.common.runner.when_applied(
        end, directory_wait, [&services, request, reply, token, proceed = std::move(proceed)](bool) {
            // Back to the I/O thread: the runner's has views to apply, and nobody there catches what an answer throws.
            services.common.post([&services, request, reply, token, proceed] {
                const Standing standing = services.directory.standing(token.session, request->received);
                if (!admits(standing, token)) return refuse_session(*request, reply);
                identify(*request, token, standing);
                proceed();
            });
        });
}

}  // namespace

Guard make_guard(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply, std::function<void()> proceed) {
        const std::string_view given = bearer(*request);
        if (given.empty())
            return refuse(*request, reply, "missing_token", "Unauthorized",
                          "Sign in first: the request carries no token.");
        const auto token = services.tokens.verify(given);
        if (!token) return refuse(*request, reply, "invalid_token", "Invalid token", "The token is not one of ours.");
        if (token->expires_s * 1000 <= request->received.ms)
            return refuse(*request, reply, "token_expired", "Token expired",
                          "The token has expired; refresh it or sign in again.");
        const Standing standing = services.directory.standing(token->session, request->received);
        if (standing.answer == Standing::Answer::unknown)
            return admit_later(services, request, reply, *token, std::move(proceed));
        if (!admits(standing, *token)) return refuse_session(*request, reply);
        identify(*request, *token, standing);
        proceed();
    };
}

}  // namespace nova::api

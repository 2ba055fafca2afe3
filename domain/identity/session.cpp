#include "domain/identity/session.h"

#include <algorithm>

namespace nova::identity::session {
namespace {

// Hashes of secrets are compared in a time that says nothing of where they differ.
bool same_hash(const std::string& a, const std::string& b) {
    if (a.size() != b.size() || a.empty()) return false;
    unsigned char difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
    return difference == 0;
}

Instant expiry(Instant now, std::int64_t idle_life_ms, Instant started) {
    return std::min(now + idle_life_ms, started + absolute_life_ms);
}

Rejection refresh_invalid() { return Rejection::unauthenticated("refresh_invalid", "The refresh token is not valid."); }

}  // namespace

Decision<Event> decide(const State& session, const Start& command, const Context& context) {
    if (session.stage != State::Stage::absent)
        return Rejection::rule("wrong_state", "The session was started already.");
    return Started{{command.user, command.tenant},
                   command.refresh_hash,
                   command.device_name,
                   context.actor.user_agent,
                   context.actor.address,
                   command.amr,
                   context.now,
                   expiry(context.now, command.idle_life_ms, context.now)};
}

Decision<Event> decide(const State& session, const Refresh& command, const Context& context) {
    if (session.stage != State::Stage::live) return refresh_invalid();
    if (!session.live_at(context.now))
        return Rejection::unauthenticated("refresh_expired", "The session was idle for too long; sign in again.");
    if (command.generation == session.generation && same_hash(command.presented, session.refresh_hash))
        return Refreshed{session, session.generation + 1, command.next, context.now,
                         expiry(context.now, command.idle_life_ms, session.started_at)};
    if (command.generation >= session.generation) return refresh_invalid();
    // The answer to the last refresh may have been lost: within the grace the same successor is given again.
    if (command.generation + 1 == session.generation && same_hash(command.presented, session.previous_hash) &&
        context.now <= session.refreshed_at + grace_ms)
        return {};
    return {Rejection::unauthenticated("refresh_reused", "The refresh token was used before; the session is over."),
            {TokenReused{session, command.generation, context.actor.address},
             Revoked{session, RevokeReason::TOKEN_REUSED, {}}}};
}

Decision<Event> decide(const State& session, const End& command, const Context&) {
    if (session.stage == State::Stage::absent) return Rejection::not_found();
    if (session.stage == State::Stage::ended) return {};
    return Ended{session, command.reason};
}

Decision<Event> decide(const State& session, const Revoke& command, const Context& context) {
    if (session.stage == State::Stage::absent) return Rejection::not_found();
    if (session.stage == State::Stage::ended) return {};
    std::optional<UserId> by;
    if (context.actor.type == ActorType::USER) by = context.actor.user;
    return Revoked{session, command.reason, by};
}

void evolve(State& session, const Started& event) {
    static_cast<Whose&>(session) = event;
    session.stage = State::Stage::live;
    session.generation = 1;
    session.refresh_hash = event.refresh_hash;
    session.started_at = session.refreshed_at = event.at;
    session.expires_at = event.expires_at;
}
void evolve(State& session, const Refreshed& event) {
    session.generation = event.generation;
    session.previous_hash = std::move(session.refresh_hash);
    session.refresh_hash = event.refresh_hash;
    session.refreshed_at = event.at;
    session.expires_at = event.expires_at;
}
void evolve(State& session, const Ended&) { session.stage = State::Stage::ended; }
void evolve(State& session, const Revoked&) { session.stage = State::Stage::ended; }
void evolve(State&, const TokenReused&) {}

}  // namespace nova::identity::session

// A session: one sign-in of one person on one device, kept alive by refresh tokens until it ends.
#pragma once
#include <boost/describe.hpp>
#include <string>
#include <variant>
#include <vector>

#include "domain/kernel/context.h"
#include "domain/kernel/decision.h"
#include "domain/kernel/text.h"

namespace nova::identity::session {

enum class EndReason { LOGOUT, EXPIRED, LIMIT };
BOOST_DESCRIBE_ENUM(EndReason, LOGOUT, EXPIRED, LIMIT)
enum class RevokeReason {
    REQUESTED,
    PASSWORD_CHANGED,
    USER_SUSPENDED,
    USER_DELETED,
    ACCESS_SUSPENDED,
    ACCESS_REVOKED,
    TOKEN_REUSED
};
BOOST_DESCRIBE_ENUM(RevokeReason, REQUESTED, PASSWORD_CHANGED, USER_SUSPENDED, USER_DELETED, ACCESS_SUSPENDED,
                    ACCESS_REVOKED, TOKEN_REUSED)

using DeviceName = Text<1, 100>;

// Whose session it is: in every event, so that a reader and a feed need no other one, and secrets are sealed for that person.
struct Whose {
    UserId user_id;
    TenantId tenant_id;
    bool operator==(const Whose&) const = default;
};
BOOST_DESCRIBE_STRUCT(Whose, (), (user_id, tenant_id))

// Stored for ever: never rename or drop a member. A new member is optional; a new meaning is a new event.
struct Started : Whose {
    static constexpr std::string_view type = "nova.session.SessionStarted";
    std::string refresh_hash;
    std::optional<DeviceName> device_name;
    std::string user_agent, address;
    std::vector<std::string> amr;   // how the person proved who they are: "pwd", "otp"
    Instant at, expires_at;
};
BOOST_DESCRIBE_STRUCT(Started, (Whose), (refresh_hash, device_name, user_agent, address, amr, at, expires_at))
struct Refreshed : Whose {
    static constexpr std::string_view type = "nova.session.SessionRefreshed";
    std::int64_t generation = 0;
    std::string refresh_hash;
    Instant at, expires_at;
};
BOOST_DESCRIBE_STRUCT(Refreshed, (Whose), (generation, refresh_hash, at, expires_at))
struct Ended : Whose {
    static constexpr std::string_view type = "nova.session.SessionEnded";
    EndReason reason{};
};
BOOST_DESCRIBE_STRUCT(Ended, (Whose), (reason))
struct Revoked : Whose {
    static constexpr std::string_view type = "nova.session.SessionRevoked";
    RevokeReason reason{};
    std::optional<UserId> by;
};
BOOST_DESCRIBE_STRUCT(Revoked, (Whose), (reason, by))
struct TokenReused : Whose {
    static constexpr std::string_view type = "nova.session.RefreshTokenReused";
    std::int64_t generation = 0;
    std::string address;
};
BOOST_DESCRIBE_STRUCT(TokenReused, (Whose), (generation, address))

using Event = std::variant<Started, Refreshed, Ended, Revoked, TokenReused>;

struct Start {
    UserId user;
    TenantId tenant;
    std::string refresh_hash;   // of generation 1
    std::optional<DeviceName> device_name;
    std::vector<std::string> amr;
    std::int64_t idle_life_ms = 7 * day_ms;
};
// `presented` is the hash of the token that came, of generation `generation`; `next` that of the one after the current.
struct Refresh {
    std::int64_t generation = 0;
    std::string presented, next;
    std::int64_t idle_life_ms = 7 * day_ms;
};
struct End {
    EndReason reason = EndReason::LOGOUT;
};
struct Revoke {
    RevokeReason reason = RevokeReason::REQUESTED;
};

constexpr std::int64_t absolute_life_ms = 90 * day_ms, grace_ms = 10 * second_ms;
constexpr std::size_t live_sessions_max = 20;

struct State : Whose {
    enum class Stage { absent, live, ended } stage = Stage::absent;
    std::int64_t generation = 0;
    std::string refresh_hash, previous_hash;
    Instant started_at, refreshed_at, expires_at;
    // An idle session is over before any event says so.
    bool live_at(Instant now) const { return stage == Stage::live && now < expires_at; }
};

Decision<Event> decide(const State&, const Start&, const Context&);
Decision<Event> decide(const State&, const Refresh&, const Context&);
Decision<Event> decide(const State&, const End&, const Context&);
Decision<Event> decide(const State&, const Revoke&, const Context&);

void evolve(State&, const Started&);
void evolve(State&, const Refreshed&);
void evolve(State&, const Ended&);
void evolve(State&, const Revoked&);
void evolve(State&, const TokenReused&);

}  // namespace nova::identity::session

namespace nova::identity {

struct Session {
    using State = session::State;
    using Event = session::Event;
    static constexpr std::string_view prefix = "session-";
};

}  // namespace nova::identity

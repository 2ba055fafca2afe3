#include "domain/identity/session.h"
#include "tests/domain/given.h"

using namespace nova;
using namespace nova::testing;
using namespace nova::identity;

namespace {

const Instant start = *parse_instant("2026-11-20T09:30:00.000Z");
const session::Whose whose{nth<UserId>(1), nth<TenantId>(1)};
const session::Started started{whose, "hash-1", {}, "test", "192.0.2.1", {"pwd"}, start, start + 7 * day_ms};
session::Refreshed refreshed(std::int64_t generation, Instant at) {
    return {whose, generation, "hash-" + std::to_string(generation), at, at + 7 * day_ms};
}
Outcome<Session> present(const Given<Session>& given, int generation, const char* hash, Instant now) {
    Scene scene;
    scene.now = now;
    return given.when(session::Refresh{generation, hash, "next", 7 * day_ms}, scene.context());
}

}  // namespace

TEST_CASE("session: each refresh replaces the token and moves the idle end, never past ninety days") {
    const Instant later = start + day_ms;
    present(given<Session>(started), 1, "hash-1", later)
        .then(session::Refreshed{whose, 2, "next", later, later + 7 * day_ms});
    session::Refreshed old = refreshed(2, start + 88 * day_ms);
    const Instant end = start + 89 * day_ms;
    present(given<Session>(started, old), 2, "hash-2", end)
        .then(session::Refreshed{whose, 3, "next", end, start + 90 * day_ms});
}

TEST_CASE("session: the token just replaced yields the same successor for ten seconds, then the session dies") {
    const auto at = given<Session>(started, refreshed(2, start));
    present(at, 1, "hash-1", start + 10 * second_ms).then_nothing();
    const Instant late = start + 10 * second_ms + 1;
    present(at, 1, "hash-1", late).then_refused("refresh_reused").recorded(
        session::TokenReused{whose, 1, "192.0.2.1"}, session::Revoked{whose, session::RevokeReason::TOKEN_REUSED, {}});
}

TEST_CASE("session: an older token is a reuse at any time") {
    present(given<Session>(started, refreshed(2, start), refreshed(3, start)), 1, "hash-1", start)
        .then_refused("refresh_reused");
}

TEST_CASE("session: tokens that were never given are refused without harm") {
    present(given<Session>(started), 1, "other", start).then_refused("refresh_invalid").recorded();
    present(given<Session>(started), 9, "hash-9", start).then_refused("refresh_invalid").recorded();
    present(given<Session>(), 1, "hash-1", start).then_refused("refresh_invalid").recorded();
    present(given<Session>(started, session::Ended{whose, session::EndReason::LOGOUT}), 1, "hash-1", start)
        .then_refused("refresh_invalid");
}

TEST_CASE("session: an idle session is over without an event") {
    present(given<Session>(started), 1, "hash-1", start + 7 * day_ms).then_refused("refresh_expired").recorded();
}

TEST_CASE("session: ending twice changes nothing") {
    given<Session>(started).when(session::End{}).then(session::Ended{whose, session::EndReason::LOGOUT});
    given<Session>(started, session::Ended{whose, session::EndReason::LOGOUT}).when(session::End{}).then_nothing();
    given<Session>(started).when(session::Revoke{session::RevokeReason::USER_SUSPENDED})
        .then(session::Revoked{whose, session::RevokeReason::USER_SUSPENDED, nth<UserId>(1)});
    given<Session>().when(session::End{}).then_refused("not_found");
}

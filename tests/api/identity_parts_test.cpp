#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>

#include "api/identity/passwords.h"
#include "api/identity/sign_in_attempts.h"
#include "api/identity/tokens.h"
#include "tests/domain/given.h"

using namespace nova;
using namespace nova::api;
using nova::testing::nth;

namespace {

const std::string secret = "a secret of more than thirty-two bytes, for tests";
const Instant now = *parse_instant("2026-11-20T09:30:00.000Z");
const TokenClaims claims{nth<UserId>(1), nth<SessionId>(2), nth<TenantId>(3), "a@x.sa", "+966551234567", "BROKER"};

Tokens tokens(const std::string& current = secret, const std::string& previous = "") {
    return Tokens({current, previous});
}

}  // namespace

TEST_CASE("tokens: what was issued is verified, also from memory, and nothing else is") {
    const Tokens ours{{secret, ""}};
    const std::string token = ours.issue(claims, now, testing::CountedIds::nth(9));
    for (int i = 0; i < 2; ++i) {
        const auto verified = ours.verify(token);
        REQUIRE(verified);
        CHECK(verified->user == claims.user);
        CHECK(verified->session == claims.session);
        CHECK(verified->tenant == claims.tenant);
        CHECK(verified->expires_s == now.ms / 1000 + 15 * 60);
    }
    for (std::size_t i = 0; i + 1 < token.size(); i += 7) {
        std::string altered = token;
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(ours.verify(altered));
    }
    CHECK_FALSE(Tokens({"another secret of more than thirty-two bytes.", ""}).verify(token));
    for (const char* odd : {"", ".", "..", "a.b", "a.b.c", "eyJhbGciOiJub25lIn0.e30."}) CHECK_FALSE(ours.verify(odd));
}

TEST_CASE("tokens: while the secret rotates, the previous one still verifies and never signs") {
    const std::string next = "the next secret, of more than thirty-two bytes";
    const std::string old_token = tokens().issue(claims, now, {});
    const Tokens rotated{{next, secret}};
    CHECK(rotated.verify(old_token));
    CHECK_FALSE(Tokens({secret, ""}).verify(rotated.issue(claims, now, {})));
    CHECK_FALSE(Tokens({next, ""}).verify(old_token));
}

TEST_CASE("refresh tokens: made again from the secret, read back, and of the secret of then while it rotates") {
    const Tokens ours{{secret, ""}};
    const commands::OpenedSession opened{
        nth<SessionId>(2), nth<UserId>(1), nth<TenantId>(3), 5, ours.refresh_hash(nth<SessionId>(2), 5), now};
    const std::string token = ours.refresh_token(opened);
    CHECK(token == ours.refresh_token(opened));
    const auto read = ours.read_refresh(token);
    REQUIRE(read);
    CHECK(read->session == opened.session);
    CHECK(read->generation == 5);
    CHECK(read->hash == opened.refresh_hash);
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string altered = token;
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(ours.read_refresh(altered));
    }
    const Tokens rotated{{"the next secret, of more than thirty-two bytes", secret}};
    REQUIRE(rotated.read_refresh(token));
    CHECK(rotated.read_refresh(token)->hash == opened.refresh_hash);
    CHECK(rotated.refresh_token(opened) == token);   // the successor given out before is given again
    CHECK_FALSE(ours.read_refresh(""));
    CHECK_FALSE(ours.read_refresh(token + "AAAA"));
}

TEST_CASE("a session's idle life is never shorter than its token's life and a day") {
    CHECK(Tokens({secret, "", std::chrono::hours(24 * 10), std::chrono::hours(1)}).idle_life_ms() == 11 * day_ms);
    CHECK(tokens().idle_life_ms() == 7 * day_ms);
}

TEST_CASE("passwords: Argon2id as it is set, bcrypt and PBKDF2 of imported people, nothing else") {
    using Match = Passwords::Match;
    const Passwords passwords({1, 1u << 20});
    const std::string kept = passwords.hash("Test1234!");
    CHECK(kept.starts_with("$argon2id$v=19$m=1024,t=1,p=1$"));
    CHECK(passwords.verify(kept, "Test1234!") == Match::right);
    CHECK(passwords.verify(kept, "test1234!") == Match::wrong);
    CHECK(Passwords({2, 1u << 20}).verify(kept, "Test1234!") == Match::right_but_old);
    // Vectors of others: OpenBSD's bcrypt tests, and Django's format computed by Python's hashlib.
    CHECK(passwords.verify("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U") ==
          Match::right_but_old);
    CHECK(passwords.verify("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*V") == Match::wrong);
    const std::string pbkdf2 = "pbkdf2_sha256$1000$salt$YywoEuRtRgQQK6dhjp1tfS+BKPYma0oDJk0qBGC33LM=";
    CHECK(passwords.verify(pbkdf2, "password") == Match::right_but_old);
    CHECK(passwords.verify(pbkdf2, "passwort") == Match::wrong);
    for (const char* odd : {"", "x", "$2a$", "pbkdf2_sha256$", "pbkdf2_sha256$0$s$AA==", "$argon2id$v=19$"})
        CHECK(passwords.verify(odd, "x") == Match::wrong);
    CHECK(passwords.verify_nobody("nobody has this password") == Match::wrong);
}

TEST_CASE("sign-in attempts: five in a quarter of an hour, by account and by address; success clears the account") {
    SignInAttempts attempts;
    Instant t = now;
    for (int i = 0; i < 4; ++i) attempts.failed("sara", "192.0.2.1", t);
    CHECK_FALSE(attempts.blocked_until("sara", "192.0.2.9", t));
    attempts.failed("sara", "192.0.2.2", t + second_ms);
    CHECK(attempts.blocked_until("sara", "192.0.2.9", t + second_ms) == t + 15 * minute_ms);
    CHECK_FALSE(attempts.blocked_until("fahad", "192.0.2.1", t + second_ms));
    attempts.failed("fahad", "192.0.2.1", t + second_ms);
    CHECK(attempts.blocked_until("noura", "192.0.2.1", t + second_ms));
    attempts.succeeded("sara");
    CHECK_FALSE(attempts.blocked_until("sara", "192.0.2.9", t + second_ms));
    CHECK_FALSE(attempts.blocked_until("noura", "192.0.2.1", t + 15 * minute_ms));
    for (int i = 0; i < 5; ++i) attempts.failed("", "2001:db8::" + std::to_string(i), t);
    CHECK(attempts.blocked_until("x", "2001:db8::ffff", t));   // one customer's network is one address
}

TEST_CASE("measure: a token that was verified before, and what the directory says of its session") {
    const Tokens ours{{secret, ""}};
    const std::string token = ours.issue(claims, now, {});
    const auto each_ns = [](auto&& work, int times) {
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < times; ++i) work();
        return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / times;
    };
    const double first = each_ns([&] { Tokens({secret, ""}).verify(token); }, 200);
    const double again = each_ns([&] { CHECK_FALSE(!ours.verify(token)); }, 20000);
    std::printf("token: %.0f ns verified anew (with a new Tokens), %.0f ns remembered\n", first, again);
    CHECK(again < 20000);
}

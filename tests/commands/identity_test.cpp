#include <doctest/doctest.h>

#include "commands/identity/sessions.h"
#include "commands/identity/tenants.h"
#include "commands/identity/user_claims.h"
#include "commands/identity/users.h"
#include "schemas/json.h"
#include "tests/commands/commands_world.h"

using namespace nova;
using namespace nova::testing;
using namespace nova::commands;
using namespace nova::identity;

namespace {

class PlainSecrets final : public RefreshSecrets {
public:
    std::string refresh_hash(const SessionId& session, std::int64_t generation) const override {
        return to_text(session) + "#" + std::to_string(generation);
    }
};
const PlainSecrets secrets;

// The clock moves only when a test says so.
struct People {
    Instant now = *parse_instant("2026-11-20T09:30:00.000Z");
    Folder folder;
    std::unique_ptr<CommandsWorld> world;
    People() { open(); }
    void open() {
        WriterOptions options;
        options.clock = [this] { return now; };
        world = std::make_unique<CommandsWorld>(folder.path(), std::move(options));
    }
    void reopen() {
        world.reset();
        open();
    }

    Completed ask(Handler handle, Actor actor = {}, TenantId tenant = {}) {
        Command c;
        c.name = "Test";
        c.actor = std::move(actor);
        c.tenant = tenant;
        c.handle = std::move(handle);
        return world->ask(std::move(c));
    }
    std::vector<std::string> last_types() const {
        std::vector<std::string> types;
        for (const auto& event : *world->committed.back()) types.emplace_back(event.event.type->short_name());
        return types;
    }
};

struct Person {
    UserId id;
    TenantId tenant;
    SessionId session;
    Actor actor(Role role = Role::BROKER, bool owner = false) const {
        return {.type = ActorType::USER,
                .user = id,
                .session = session,
                .role = role,
                .owns_tenant = owner,
                .address = "192.0.2.9",
                .user_agent = "test"};
    }
};

Profile named(const std::string& name) {
    Profile p;
    static_cast<Names&>(p) = *completed(FullName{name}, {}, {});
    return p;
}
user::Register registration(const std::string& email, const std::string& phone) {
    return {named("Sara Ali"), *parse_email(email), *parse_phone(phone), "hash-1"};
}
Person registered(People& people, const std::string& email, const std::string& phone) {
    const Completed done = people.ask(register_user(registration(email, phone), secrets, {}));
    REQUIRE(done.how == Completion::accepted);
    const auto opened = std::static_pointer_cast<OpenedSession>(done.result.extra);
    return {opened->user, opened->tenant, opened->session};
}
Person signed_in(People& people, const UserId& id, const std::string& hash = "hash-1") {
    const Completed done = people.ask(sign_in(id, {{}, user::SignInMethod::PASSWORD, hash, {}}, secrets, {}));
    REQUIRE(done.how == Completion::accepted);
    const auto opened = std::static_pointer_cast<OpenedSession>(done.result.extra);
    return {opened->user, opened->tenant, opened->session};
}
UserId made(const Completed& done) { return UserId{*parse_uuid(done.result.stream.substr(5))}; }
Person colleague(People& people, const Person& owner, const std::string& email, Role role) {
    const Completed done = people.ask(create_user({named("Fahad"), *parse_email(email), {}, "hash-1"}, role),
                                      owner.actor(Role::BROKER, true), owner.tenant);
    REQUIRE(done.how == Completion::accepted);
    return signed_in(people, made(done));
}
std::string code(const Completed& done) {
    return done.refusal ? done.refusal->code : done.how == Completion::accepted ? "accepted" : "other";
}
using Types = std::vector<std::string>;

}  // namespace

TEST_CASE("registration: person, company, access and session are one commit") {
    People people;
    const Person sara = registered(people, "Sara@x.sa", "0551234567");
    CHECK(people.last_types() == Types{"UserRegistered", "TenantCreated", "TenantAccessGranted", "SessionStarted"});
    const auto stored = people.world->stored().read_stream("user-" + to_text(sara.id));
    for (const char* personal : {"Sara", "x.sa", "55123", "hash-1"})
        CHECK(stored.at(0).bytes.find(personal) == std::string::npos);
    CHECK(people.world->log->wrapped_key("user-" + to_text(sara.id)));
    CHECK_FALSE(people.world->log->wrapped_key("session-" + to_text(sara.session)));
}

TEST_CASE(
    "registration: the same e-mail in other case and the same phone in another form are taken, also after a restart") {
    People people;
    registered(people, "Sara@x.sa", "0551234567");
    for (int restarts = 0; restarts < 2; ++restarts) {
        const Completed both = people.ask(register_user(registration("sARA@X.sa", "+966551234567"), secrets, {}));
        CHECK(code(both) == "user_exists");
        REQUIRE(both.refusal->details.all().size() == 2);
        CHECK(both.refusal->details.all()[0].code == "email_taken");
        CHECK(both.refusal->details.all()[1].code == "phone_taken");
        people.reopen();
    }
    CHECK(code(people.ask(register_user(registration("other@x.sa", "0551234568"), secrets, {}))) == "accepted");
}

TEST_CASE("registration: two of the same in one batch make one person") {
    People people;
    std::vector<std::future<Completed>> sent;
    for (int i = 0; i < 20; ++i) {
        Command c;
        c.name = "RegisterUser";
        c.handle = register_user(registration("a@x.sa", "0551234567"), secrets, {});
        sent.push_back(people.world->send(std::move(c)));
    }
    int accepted = 0;
    for (auto& one : sent) accepted += one.get().how == Completion::accepted;
    CHECK(accepted == 1);
}

TEST_CASE("companies of one name get slugs of their own") {
    People people;
    registered(people, "a@x.sa", "0551234561");
    registered(people, "b@x.sa", "0551234562");
    std::vector<std::string> slugs;
    for (const auto& batch : people.world->committed)
        for (const auto& event : *batch)
            if (const auto* created = event.event.get_if<tenant::Created>()) slugs.push_back(created->slug.value);
    CHECK(slugs == std::vector<std::string>{"sara-ali", "sara-ali-2"});
}

TEST_CASE("sign-in: the fifth failure locks the account, a restart does not unlock it, time does") {
    People people;
    const Person sara = registered(people, "sara@x.sa", "0551234567");
    const Person actor{sara.id, {}, {}};
    for (int i = 0; i < 4; ++i) CHECK(code(people.ask(fail_sign_in(sara.id), actor.actor())) == "invalid_credentials");
    CHECK(code(people.ask(fail_sign_in(sara.id), actor.actor())) == "invalid_credentials");
    CHECK(people.last_types() == Types{"UserSignInFailed", "UserLockedOut"});
    people.reopen();
    const user::SignIn right{{}, user::SignInMethod::PASSWORD, "hash-1", {}};
    const Completed locked = people.ask(sign_in(sara.id, right, secrets, {}), actor.actor());
    CHECK(code(locked) == "too_many_attempts");
    CHECK(locked.refusal->retry_after_s == 15 * 60);
    people.now = people.now + 15 * minute_ms;
    CHECK(code(people.ask(sign_in(sara.id, right, secrets, {}), actor.actor())) == "accepted");
    CHECK(people.last_types() == Types{"UserSignedIn", "SessionStarted"});
}

TEST_CASE("sign-in: the twenty-first session ends the oldest one") {
    People people;
    const Person sara = registered(people, "sara@x.sa", "0551234567");
    for (int i = 0; i < 19; ++i) {
        people.now = people.now + second_ms;
        signed_in(people, sara.id);
    }
    people.now = people.now + second_ms;
    signed_in(people, sara.id);
    CHECK(people.last_types() == Types{"UserSignedIn", "SessionEnded", "SessionStarted"});
    const auto& ended = people.world->committed.back()->at(1);
    CHECK(ended.envelope.stream == "session-" + to_text(sara.session));
    CHECK(ended.event.get_if<session::Ended>()->reason == session::EndReason::LIMIT);
}

TEST_CASE("refresh: each token works once, the last one again for ten seconds, an old one kills the session") {
    People people;
    const Person sara = registered(people, "sara@x.sa", "0551234567");
    const auto refresh = [&](std::int64_t generation) {
        return people.ask(refresh_session(
            sara.session, {generation, secrets.refresh_hash(sara.session, generation), {}, 7 * day_ms}, secrets));
    };
    const auto generation = [](const Completed& done) {
        return std::static_pointer_cast<OpenedSession>(done.result.extra)->generation;
    };
    CHECK(generation(refresh(1)) == 2);
    people.now = people.now + 10 * second_ms;
    const Completed again = refresh(1);
    CHECK(code(again) == "accepted");
    CHECK(generation(again) == 2);
    people.now = people.now + 1;
    CHECK(code(refresh(1)) == "refresh_reused");
    CHECK(people.last_types() == Types{"RefreshTokenReused", "SessionRevoked"});
    CHECK(code(refresh(2)) == "refresh_invalid");
}

TEST_CASE("users: ranks bound what is given") {
    People people;
    const Person owner = registered(people, "owner@x.sa", "0551234567");
    const Person manager = colleague(people, owner, "manager@x.sa", Role::MANAGER);
    const Person broker = colleague(people, owner, "broker@x.sa", Role::BROKER);
    const auto create = [&](const Person& who, Role as, Role given, const std::string& email) {
        const bool owns = who.id == owner.id;
        return code(people.ask(create_user({named("New"), *parse_email(email), {}, "h"}, given), who.actor(as, owns),
                               owner.tenant));
    };
    CHECK(create(manager, Role::MANAGER, Role::COMPANY, "1@x.sa") == "role_too_high");
    CHECK(create(manager, Role::MANAGER, Role::MANAGER, "1@x.sa") == "role_too_high");
    CHECK(create(manager, Role::MANAGER, Role::AGENT, "1@x.sa") == "accepted");
    CHECK(create(broker, Role::BROKER, Role::BROKER, "2@x.sa") == "forbidden");
    CHECK(create(owner, Role::BROKER, Role::OWNER, "2@x.sa") == "accepted");
    CHECK(create(owner, Role::BROKER, Role::ADMIN, "3@x.sa") == "role_too_high");
    CHECK(create(owner, Role::BROKER, Role::BROKER, "Manager@X.sa") == "email_taken");
    CHECK(code(people.ask(change_role(broker.id, {Role::MANAGER}), manager.actor(Role::MANAGER), owner.tenant)) ==
          "forbidden");
    CHECK(code(people.ask(change_role(owner.id, {Role::BROKER}), broker.actor(Role::COMPANY), owner.tenant)) ==
          "role_too_high");
    CHECK(code(people.ask(change_role(broker.id, {Role::OWNER}), manager.actor(Role::COMPANY), owner.tenant)) ==
          "role_too_high");
    CHECK(code(people.ask(change_role(broker.id, {Role::MANAGER}), owner.actor(Role::BROKER, true), owner.tenant)) ==
          "accepted");
    CHECK(people.last_types() == Types{"TenantAccessRoleChanged"});
}

TEST_CASE("users: a company always keeps an owner") {
    People people;
    const Person owner = registered(people, "owner@x.sa", "0551234567");
    CHECK(code(people.ask(delete_user(owner.id), owner.actor(Role::BROKER, true), owner.tenant)) == "last_owner");
    const Person second = colleague(people, owner, "second@x.sa", Role::OWNER);
    CHECK(code(people.ask(suspend_user(owner.id, {Reason{"x"}}), owner.actor(Role::BROKER, true), owner.tenant)) ==
          "cannot_suspend_self");
    CHECK(code(people.ask(suspend_user(owner.id, {Reason{"x"}}), second.actor(Role::OWNER), owner.tenant)) ==
          "accepted");
    CHECK(code(people.ask(change_role(second.id, {Role::BROKER}), second.actor(Role::OWNER), owner.tenant)) ==
          "last_owner");
    CHECK(code(people.ask(delete_user(second.id), second.actor(Role::OWNER), owner.tenant)) == "last_owner");
    CHECK(code(people.ask(activate_user(owner.id, {}), second.actor(Role::OWNER), owner.tenant)) == "accepted");
    CHECK(code(people.ask(delete_user(second.id), second.actor(Role::OWNER), owner.tenant)) == "accepted");
}

TEST_CASE("users: two owners who suspend each other in one batch leave one") {
    People people;
    const Person first = registered(people, "owner@x.sa", "0551234567");
    const Person second = colleague(people, first, "second@x.sa", Role::OWNER);
    const auto suspend = [&](const Person& who, const Person& whom) {
        Command c;
        c.name = "SuspendUser", c.tenant = first.tenant;
        c.actor = who.actor(Role::OWNER, who.id == first.id);
        c.handle = suspend_user(whom.id, {Reason{"x"}});
        return people.world->send(std::move(c));
    };
    auto a = suspend(first, second), b = suspend(second, first);
    CHECK(code(a.get()) == "accepted");
    CHECK(code(b.get()) == "last_owner");
}

TEST_CASE("users: suspension and deletion end the sessions, another tenant's people are not there") {
    People people;
    const Person owner = registered(people, "owner@x.sa", "0551234567");
    const Person stranger = registered(people, "stranger@x.sa", "0551234568");
    const Person broker = colleague(people, owner, "broker@x.sa", Role::BROKER);
    const Actor boss = owner.actor(Role::BROKER, true);
    CHECK(code(people.ask(suspend_user(stranger.id, {Reason{"x"}}), boss, owner.tenant)) == "not_found");
    CHECK(code(people.ask(change_user(stranger.id, {}), boss, owner.tenant)) == "not_found");
    CHECK(code(people.ask(end_session(stranger.session), boss, owner.tenant)) == "not_found");
    CHECK(code(people.ask(suspend_user(broker.id, {Reason{"x"}}), boss, owner.tenant)) == "accepted");
    CHECK(people.last_types() == Types{"UserSuspended", "SessionRevoked"});
    CHECK(code(people.ask(suspend_user(broker.id, {Reason{"x"}}), boss, owner.tenant)) == "wrong_state");
    CHECK(code(people.ask(sign_in(broker.id, {{}, user::SignInMethod::PASSWORD, "hash-1", {}}, secrets, {}))) ==
          "account_suspended");
    CHECK(code(people.ask(activate_user(broker.id, {}), boss, owner.tenant)) == "accepted");
    signed_in(people, broker.id);
    CHECK(code(people.ask(delete_user(broker.id), boss, owner.tenant)) == "accepted");
    CHECK(people.last_types() == Types{"UserSuspended", "UserDeleted", "SessionRevoked"});
    CHECK(code(people.ask(delete_user(broker.id), boss, owner.tenant)) == "not_found");
}

TEST_CASE("users: the addresses of a deleted person become free after thirty days, also in an index built anew") {
    People people;
    const Person owner = registered(people, "owner@x.sa", "0551234567");
    const Person broker = colleague(people, owner, "broker@x.sa", Role::BROKER);
    people.ask(delete_user(broker.id), owner.actor(Role::BROKER, true), owner.tenant);
    const auto try_again = [&] {
        return code(people.ask(register_user(registration("broker@x.sa", "0551234569"), secrets, {})));
    };
    people.now = people.now + 30 * day_ms + -1;
    CHECK(try_again() == "user_exists");
    people.world.reset();
    std::filesystem::remove(people.folder.path() / "index.db");
    people.open();
    CHECK(try_again() == "user_exists");
    people.now = people.now + 1;
    CHECK(try_again() == "accepted");
}

TEST_CASE("users: one's own password needs proof, another's needs the right to administer; other sessions end") {
    People people;
    const Person owner = registered(people, "owner@x.sa", "0551234567");
    const Person broker = colleague(people, owner, "broker@x.sa", Role::BROKER);
    const Person elsewhere = signed_in(people, broker.id);
    const auto change = [&](const UserId& whom, const Actor& who, const std::string& proven) {
        return code(
            people.ask(change_password(whom, {"hash-2", user::PasswordCause::CHANGED, proven}), who, owner.tenant));
    };
    CHECK(change(broker.id, broker.actor(), "") == "invalid_credentials");
    CHECK(change(broker.id, broker.actor(), "hash-0") == "invalid_credentials");
    CHECK(change(owner.id, broker.actor(), "") == "forbidden");
    CHECK(change(broker.id, broker.actor(), "hash-1") == "accepted");
    CHECK(people.last_types() == Types{"UserPasswordChanged", "SessionRevoked"});
    CHECK(people.world->committed.back()->at(1).envelope.stream == "session-" + to_text(elsewhere.session));
    CHECK(change(broker.id, owner.actor(Role::BROKER, true), "") == "accepted");
    CHECK(people.world->committed.back()->at(1).envelope.stream == "session-" + to_text(broker.session));
}

TEST_CASE("sessions: one's own ends, another of one's own is revoked, and ending twice is quiet") {
    People people;
    const Person sara = registered(people, "sara@x.sa", "0551234567");
    const Person phone = signed_in(people, sara.id);
    CHECK(code(people.ask(end_session(phone.session), sara.actor(), sara.tenant)) == "accepted");
    CHECK(people.last_types() == Types{"SessionRevoked"});
    CHECK(code(people.ask(end_session(phone.session), sara.actor(), sara.tenant)) == "not_found");
    CHECK(code(people.ask(end_own_session(), sara.actor(), sara.tenant)) == "accepted");
    CHECK(people.last_types() == Types{"SessionEnded"});
    CHECK(code(people.ask(end_own_session(), sara.actor(), sara.tenant)) == "accepted");
}

TEST_CASE("tenants: only its administration changes it, slugs are unique") {
    People people;
    const Person owner = registered(people, "owner@x.sa", "0551234567");
    const Person other = registered(people, "other@x.sa", "0551234568");
    const Person broker = colleague(people, owner, "broker@x.sa", Role::BROKER);
    const auto rename = patch<tenant::Changes>([](auto& c) { c.slug = {"nova-homes"}; }, "slug");
    CHECK(code(people.ask(change_tenant(owner.tenant, rename), broker.actor(), owner.tenant)) == "forbidden");
    CHECK(code(people.ask(change_tenant(other.tenant, rename), owner.actor(Role::BROKER, true), owner.tenant)) ==
          "not_found");
    CHECK(code(people.ask(change_tenant(owner.tenant, rename), owner.actor(Role::BROKER, true), owner.tenant)) ==
          "accepted");
    CHECK(code(people.ask(change_tenant(owner.tenant, rename), owner.actor(Role::BROKER, true), owner.tenant)) ==
          "accepted");
    CHECK(code(people.ask(change_tenant(other.tenant, rename), other.actor(Role::BROKER, true), other.tenant)) ==
          "slug_taken");
}

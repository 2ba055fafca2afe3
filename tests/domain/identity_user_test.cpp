#include "domain/identity/user.h"
#include "tests/domain/given.h"

using namespace nova;
using namespace nova::testing;
using namespace nova::identity;
using nova::identity::user::State;

namespace {

Profile profile_named(const char* name) {
    Profile p;
    static_cast<Names&>(p) = *completed(FullName{name}, {}, {});
    return p;
}
const user::Registered registered{Names{{"Sara Ali"}, GivenName{"Sara"}, GivenName{"Ali"}},
                                  Email{"Sara@x.sa"},
                                  Phone{"0551234567", "+966551234567"},
                                  "hash-1",
                                  Locale{"ar"},
                                  TimeZone{"Asia/Riyadh"}};
user::SignInFailed failed(Instant at) { return {at, user::FailureReason::PASSWORD, "192.0.2.1"}; }

}  // namespace

TEST_CASE("user: registering writes the profile members given as events of their groups") {
    user::Register command{profile_named("Sara Ali"), Email{"Sara@x.sa"}, Phone{"0551234567", "+966551234567"},
                           "hash-1"};
    command.profile.city = Place{"الرياض"};
    command.profile.fal_license = Text<1, 30>{"12-AB"};
    user::LocationChanged location;
    location.city = Place{"الرياض"};
    given<User>().when(command).then(registered, user::FalLicenseChanged{{Text<1, 30>{"12-AB"}, {}}}, location);
    given<User>(registered).when(command).then_refused("wrong_state");
}

TEST_CASE("user: a profile that breaks rules is refused with all of them") {
    user::Register command{profile_named("Sara Ali"), Email{"a@b.sa"}, Phone{}, "h"};
    command.profile.id_number = Text<1, 20>{"1234567890"};
    command.profile.commercial_registration = Text<1, 20>{"12"};
    command.profile.fal_license = Text<1, 30>{"a b"};
    command.profile.date_of_birth = parse_date("2026-11-20");
    command.profile.locale = Locale{"fr"};
    given<User>()
        .when(command)
        .then_refused("validation_error")
        .blaming({"commercialRegistration invalid_commercial_registration", "falLicense invalid_fal_license",
                  "idNumber invalid_id_number", "dateOfBirth invalid_date_of_birth", "locale unknown_value"});
}

TEST_CASE("user: a change yields one event a group, in the order of the groups, and nothing where nothing changes") {
    auto change = patch<Profile>([](Profile& p) { p.title = Place{"Broker"}, p.company_name = Text<1, 200>{"Nova"}; },
                                 "title", "company_name");
    given<User>(registered)
        .when(change)
        .then(user::BusinessChanged{{Text<1, 200>{"Nova"}, {}, {}}}, user::PositionChanged{{Place{"Broker"}, {}}});
    auto same = patch<Profile>([](Profile& p) { p.name = FullName{"Sara Ali"}; }, "name");
    given<User>(registered).when(same).then_nothing();
    given<User>().when(change).then_refused("not_found");
}

TEST_CASE("user: names complete each other") {
    auto first = patch<Profile>([](Profile& p) { p.first_name = GivenName{"Noor"}; }, "first_name");
    given<User>(registered).when(first).then(user::Renamed{{{"Noor Ali"}, GivenName{"Noor"}, GivenName{"Ali"}}});
    auto whole = patch<Profile>([](Profile& p) { p.name = FullName{"Noor bint Ali"}; }, "name");
    given<User>(registered)
        .when(whole)
        .then(user::Renamed{{{"Noor bint Ali"}, GivenName{"Noor"}, GivenName{"bint Ali"}}});
    CHECK_FALSE(completed(std::nullopt, GivenName{"Noor"}, {}));
    CHECK(completed(FullName{"Cher"}, {}, {}) == Names{{"Cher"}, GivenName{"Cher"}, {}});
}

TEST_CASE("user: signing in needs the password that is current, and clears the failures") {
    Scene scene;
    const user::SignIn command{nth<SessionId>(7), user::SignInMethod::PASSWORD, "hash-1", ""};
    const auto outcome = given<User>(registered, failed(scene.now)).when(command, scene.context());
    outcome.then(user::SignedIn{scene.now, nth<SessionId>(7), user::SignInMethod::PASSWORD, "192.0.2.1", "test"});
    CHECK(outcome.state().failures.empty());
    user::SignIn stale = command;
    stale.proven_hash = "hash-0";
    given<User>(registered).when(stale).then_refused("invalid_credentials").recorded();
    given<User>().when(command).then_refused("invalid_credentials");
}

TEST_CASE("user: an old kind of hash is replaced at sign-in and still counts as one password") {
    const user::SignIn command{nth<SessionId>(7), user::SignInMethod::PASSWORD, "hash-1", "argon-1"};
    const auto outcome = given<User>(registered).when(command);
    outcome.then_types<user::SignedIn, user::PasswordChanged>();
    CHECK(outcome.state().password_hashes == std::vector<std::string>{"argon-1"});
}

TEST_CASE("user: a suspended person learns it only with the right password, and the attempt is recorded") {
    Scene scene;
    const user::SignIn command{nth<SessionId>(7), user::SignInMethod::PASSWORD, "hash-1", ""};
    given<User>(registered, user::Suspended{})
        .when(command, scene.context())
        .then_refused("account_suspended")
        .recorded(user::SignInFailed{scene.now, user::FailureReason::SUSPENDED, "192.0.2.1"});
}

TEST_CASE("user: the fifth failure in a quarter of an hour locks out; older ones do not count") {
    Scene scene;
    const auto before = [&](std::int64_t minutes) { return failed(scene.now + -minutes * minute_ms); };
    given<User>(registered, before(4), before(3), before(2)).when(user::FailSignIn{}, scene.context())
        .then_refused("invalid_credentials").recorded(failed(scene.now));
    given<User>(registered, before(4), before(3), before(2), before(1))
        .when(user::FailSignIn{}, scene.context())
        .then_refused("invalid_credentials")
        .recorded(failed(scene.now), user::LockedOut{scene.now + 15 * minute_ms, 5});
    given<User>(registered, before(20), before(3), before(2), before(1)).when(user::FailSignIn{}, scene.context())
        .then_refused("invalid_credentials").recorded(failed(scene.now));
}

TEST_CASE("user: a lock-out refuses even the right password until it has run out, and records nothing") {
    Scene scene;
    const user::LockedOut locked{scene.now + 60 * second_ms, 5};
    const user::SignIn right{nth<SessionId>(7), user::SignInMethod::PASSWORD, "hash-1", ""};
    const auto refused = given<User>(registered, locked).when(right, scene.context());
    refused.then_refused("too_many_attempts").recorded();
    CHECK(refused.refusal()->retry_after_s == 60);
    scene.now = scene.now + 60 * second_ms;
    given<User>(registered, locked).when(right, scene.context()).then_types<user::SignedIn>();
}

TEST_CASE("user: at most twenty failures are recorded in a quarter of an hour") {
    Scene scene;
    State state;
    evolve(state, registered);
    for (int i = 0; i < 20; ++i) evolve(state, failed(scene.now));
    Given<User>(state).when(user::FailSignIn{}, scene.context()).then_refused("invalid_credentials").recorded();
}

TEST_CASE("user: a password is changed only if the proof was of the current one; the last five are remembered") {
    given<User>(registered).when(user::ChangePassword{"hash-2", user::PasswordCause::CHANGED, "hash-1"})
        .then(user::PasswordChanged{"hash-2", user::PasswordCause::CHANGED});
    given<User>(registered)
        .when(user::ChangePassword{"hash-2", user::PasswordCause::CHANGED, "hash-0"})
        .then_refused("invalid_credentials");
    State state;
    evolve(state, registered);
    for (const char* hash : {"2", "3", "4", "5", "6"})
        evolve(state, user::PasswordChanged{hash, user::PasswordCause::CHANGED});
    CHECK(state.password_hashes == std::vector<std::string>{"2", "3", "4", "5", "6"});
}

TEST_CASE("user: suspended and active are left only for each other, deleted is final") {
    const user::Suspend suspend{Reason{"left"}};
    given<User>(registered).when(suspend).then(user::Suspended{Reason{"left"}});
    given<User>(registered, user::Suspended{}).when(suspend).then_refused("wrong_state");
    given<User>(registered, user::Suspended{}).when(user::Activate{}).then(user::Reactivated{});
    given<User>(registered).when(user::Activate{}).then_refused("wrong_state");
    const user::Deleted deleted{{}, user::DeletionCause::BY_ADMIN, registered.email, registered.phone};
    given<User>(registered).when(user::Delete{}).then(user::Suspended{}, deleted);
    given<User>(registered, user::Suspended{}).when(user::Delete{}).then(deleted);
    given<User>(registered, user::Suspended{}, deleted).when(user::Delete{}).then_refused("not_found");
    given<User>(registered, user::Suspended{}, deleted).when(user::Activate{}).then_refused("not_found");
}

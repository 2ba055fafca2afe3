#include "domain/identity/user.h"

#include <algorithm>

namespace nova::identity::user {
namespace {

// Adds the event `Changed` if its group would be something else than it is.
template <class Changed, class Group>
void revise(std::vector<Event>& events, const Profile& now, const Group& next) {
    if (static_cast<const Group&>(now) == next) return;
    Changed event;
    static_cast<Group&>(event) = next;
    events.emplace_back(std::move(event));
}

// The groups of a new person that differ from those that nobody filled in; names, language and zone stand in the first event.
void fill_in(std::vector<Event>& events, const Profile& profile) {
    Profile empty;
    empty.locale = profile.locale, empty.timezone = profile.timezone;
    revise<BusinessChanged, Business>(events, empty, profile);
    revise<FalLicenseChanged, FalLicense>(events, empty, profile);
    revise<IdentityChanged, Papers>(events, empty, profile);
    revise<LocationChanged, Location>(events, empty, profile);
    revise<PositionChanged, Position>(events, empty, profile);
    revise<PreferencesChanged, Preferences>(events, empty, profile);
    revise<NotificationSettingsChanged, NotificationSettings>(events, empty, profile);
}

std::size_t recent(const std::vector<Instant>& times, Instant now) {
    return static_cast<std::size_t>(
        std::count_if(times.begin(), times.end(), [&](Instant t) { return t + failure_window_ms > now; }));
}

void remember(std::vector<Instant>& times, Instant at) {
    times.push_back(at);
    if (times.size() > failures_recorded) times.erase(times.begin());
}

void set_password(State& user, const std::string& hash) {
    user.password_hashes.push_back(hash);
    if (user.password_hashes.size() > passwords_remembered) user.password_hashes.erase(user.password_hashes.begin());
}

}  // namespace

std::optional<Instant> locked_at(const State& user, Instant now) {
    if (user.locked_until && *user.locked_until > now) return user.locked_until;
    return {};
}

Rejection too_many_attempts(Instant until, Instant now) {
    Rejection refused{Rejection::Kind::too_many, "too_many_attempts",
                      "Too many login attempts, please try again later."};
    refused.retry_after_s =
        static_cast<long>(std::max<std::int64_t>(1, (until.ms - now.ms + second_ms - 1) / second_ms));
    return refused;
}

Rejection invalid_credentials() {
    return Rejection::unauthenticated("invalid_credentials", "The e-mail or phone, or the password, is wrong.");
}

Decision<Event> decide(const State& user, const Register& command, const Context& context) {
    if (user.stage != State::Stage::absent) return Rejection::rule("wrong_state", "The person exists already.");
    Violations wrong;
    check(command.profile, context.now, wrong);
    if (!wrong.empty()) return Rejection::invalid(std::move(wrong));
    std::vector<Event> events;
    events.emplace_back(Registered{command.profile, command.email, command.phone, command.password_hash,
                                   command.profile.locale, command.profile.timezone});
    fill_in(events, command.profile);
    return events;
}

Decision<Event> decide(const State& user, const Create& command, const Context& context) {
    if (user.stage != State::Stage::absent) return Rejection::rule("wrong_state", "The person exists already.");
    Violations wrong;
    check(command.profile, context.now, wrong);
    if (!wrong.empty()) return Rejection::invalid(std::move(wrong));
    std::vector<Event> events;
    events.emplace_back(Created{command.profile, command.email, command.phone, command.password_hash,
                                command.profile.locale, command.profile.timezone, context.actor.user});
    fill_in(events, command.profile);
    return events;
}

Decision<Event> decide(const State& user, const Change& change, const Context& context) {
    if (!user.exists()) return Rejection::not_found();
    Violations wrong;
    check(change.values, context.now, wrong);
    if (!wrong.empty()) return Rejection::invalid(std::move(wrong));
    std::vector<Event> events;
    revise<Renamed>(events, user, completed(user, change));
    revise<BusinessChanged>(events, user, patched<Business>(user, change));
    revise<FalLicenseChanged>(events, user, patched<FalLicense>(user, change));
    revise<IdentityChanged>(events, user, patched<Papers>(user, change));
    revise<LocationChanged>(events, user, patched<Location>(user, change));
    revise<PositionChanged>(events, user, patched<Position>(user, change));
    revise<PreferencesChanged>(events, user, patched<Preferences>(user, change));
    revise<NotificationSettingsChanged>(events, user, patched<NotificationSettings>(user, change));
    return events;
}

Decision<Event> decide(const State& user, const ChangePassword& command, const Context&) {
    if (!user.exists()) return Rejection::not_found();
    // The proof was made before this decision; a password changed in between makes it worthless.
    if (!command.proven_hash.empty() && command.proven_hash != user.password_hash()) return invalid_credentials();
    return PasswordChanged{command.password_hash, command.cause};
}

Decision<Event> decide(const State& user, const SignIn& command, const Context& context) {
    if (!user.exists()) return invalid_credentials();
    if (const auto until = locked_at(user, context.now)) return too_many_attempts(*until, context.now);
    if (command.proven_hash != user.password_hash()) return invalid_credentials();
    if (user.stage == State::Stage::suspended) {
        Rejection refused = Rejection::forbidden("account_suspended", "This account is suspended.");
        if (recent(user.recorded, context.now) >= failures_recorded) return refused;
        return {refused, {SignInFailed{context.now, FailureReason::SUSPENDED, context.actor.address}}};
    }
    std::vector<Event> events{
        SignedIn{context.now, command.session, command.method, context.actor.address, context.actor.user_agent}};
    if (!command.rehashed.empty()) events.emplace_back(PasswordChanged{command.rehashed, PasswordCause::REHASHED});
    return events;
}

Decision<Event> decide(const State& user, const FailSignIn& command, const Context& context) {
    if (!user.exists()) return invalid_credentials();
    if (const auto until = locked_at(user, context.now)) return too_many_attempts(*until, context.now);
    if (recent(user.recorded, context.now) >= failures_recorded) return invalid_credentials();
    std::vector<Event> events{SignInFailed{context.now, command.reason, context.actor.address}};
    const std::size_t failures = recent(user.failures, context.now) + 1;
    if (failures >= failures_allowed)
        events.emplace_back(LockedOut{context.now + lock_ms, static_cast<std::int64_t>(failures)});
    return {invalid_credentials(), std::move(events)};
}

Decision<Event> decide(const State& user, const Suspend& command, const Context&) {
    switch (user.stage) {
        case State::Stage::absent:
        case State::Stage::deleted: return Rejection::not_found();
        case State::Stage::suspended: return Rejection::rule("wrong_state", "The user is suspended already.");
        case State::Stage::active: return Suspended{command.reason};
    }
    impossible();
}

Decision<Event> decide(const State& user, const Activate& command, const Context&) {
    switch (user.stage) {
        case State::Stage::absent:
        case State::Stage::deleted: return Rejection::not_found();
        case State::Stage::active: return Rejection::rule("wrong_state", "The user is active already.");
        case State::Stage::suspended: return Reactivated{command.reason};
    }
    impossible();
}

Decision<Event> decide(const State& user, const Delete& command, const Context&) {
    if (!user.exists()) return Rejection::not_found();
    std::vector<Event> events;
    if (user.stage == State::Stage::active) events.emplace_back(Suspended{});
    events.emplace_back(Deleted{{}, command.cause, user.email, user.phone});
    return events;
}

void evolve(State& user, const Registered& event) {
    static_cast<Names&>(user) = event;
    user.stage = State::Stage::active;
    user.email = event.email, user.phone = event.phone;
    user.locale = event.locale, user.timezone = event.timezone;
    set_password(user, event.password_hash);
}
void evolve(State& user, const Created& event) {
    static_cast<Names&>(user) = event;
    user.stage = State::Stage::active;
    user.email = event.email, user.phone = event.phone;
    user.locale = event.locale, user.timezone = event.timezone;
    if (event.password_hash) set_password(user, *event.password_hash);
}
void evolve(State& user, const PasswordChanged& event) {
    // A rehash is the same password, so it takes the place of the old hash among those remembered.
    if (event.cause == PasswordCause::REHASHED && !user.password_hashes.empty()) user.password_hashes.pop_back();
    set_password(user, event.password_hash);
}
void evolve(State& user, const LockedOut& event) {
    user.locked_until = event.until;
    user.failures.clear();
}
void evolve(State& user, const Suspended&) { user.stage = State::Stage::suspended; }
void evolve(State& user, const Reactivated&) { user.stage = State::Stage::active; }
void evolve(State& user, const Deleted&) { user.stage = State::Stage::deleted; }
void evolve(State& user, const SignedIn&) {
    user.failures.clear();
    user.locked_until.reset();
}
void evolve(State& user, const SignInFailed& event) {
    remember(user.recorded, event.at);
    // A right password of a suspended person is no guess.
    if (event.reason != FailureReason::SUSPENDED) remember(user.failures, event.at);
}

}  // namespace nova::identity::user

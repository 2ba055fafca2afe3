// A user: a person who can sign in, from registration to deletion, on the whole platform.
#pragma once
#include <variant>
#include <vector>

#include "domain/identity/described_enums.h"
#include "domain/identity/profile.h"
#include "domain/kernel/context.h"
#include "domain/kernel/decision.h"

namespace nova::identity::user {

enum class Status { ACTIVE, SUSPENDED, DELETED };
BOOST_DESCRIBE_ENUM(Status, ACTIVE, SUSPENDED, DELETED)
enum class PasswordCause { CHANGED, RESET, SET_BY_ADMIN, REHASHED };
BOOST_DESCRIBE_ENUM(PasswordCause, CHANGED, RESET, SET_BY_ADMIN, REHASHED)
enum class SignInMethod { PASSWORD, PASSWORD_TOTP, BACKUP_CODE, OIDC, SAML };
BOOST_DESCRIBE_ENUM(SignInMethod, PASSWORD, PASSWORD_TOTP, BACKUP_CODE, OIDC, SAML)
enum class FailureReason { PASSWORD, TOTP, OTP, SUSPENDED };
BOOST_DESCRIBE_ENUM(FailureReason, PASSWORD, TOTP, OTP, SUSPENDED)
enum class DeletionCause { SELF, BY_ADMIN };
BOOST_DESCRIBE_ENUM(DeletionCause, SELF, BY_ADMIN)

// Stored for ever: never rename or drop a member. A new member is optional; a new meaning is a new event.
struct Registered : Names {
    static constexpr std::string_view type = "nova.user.UserRegistered";
    Email email;
    Phone phone;
    std::string password_hash;
    Locale locale;
    TimeZone timezone;
};
BOOST_DESCRIBE_STRUCT(Registered, (Names), (email, phone, password_hash, locale, timezone))
struct Created : Names {
    static constexpr std::string_view type = "nova.user.UserCreated";
    Email email;
    std::optional<Phone> phone;
    std::optional<std::string> password_hash;
    Locale locale;
    TimeZone timezone;
    UserId created_by;
};
BOOST_DESCRIBE_STRUCT(Created, (Names), (email, phone, password_hash, locale, timezone, created_by))
struct Renamed : Names { static constexpr std::string_view type = "nova.user.UserRenamed"; };
BOOST_DESCRIBE_STRUCT(Renamed, (Names), ())
struct BusinessChanged : Business { static constexpr std::string_view type = "nova.user.UserBusinessChanged"; };
BOOST_DESCRIBE_STRUCT(BusinessChanged, (Business), ())
struct FalLicenseChanged : FalLicense { static constexpr std::string_view type = "nova.user.UserFalLicenseChanged"; };
BOOST_DESCRIBE_STRUCT(FalLicenseChanged, (FalLicense), ())
struct IdentityChanged : Papers { static constexpr std::string_view type = "nova.user.UserIdentityChanged"; };
BOOST_DESCRIBE_STRUCT(IdentityChanged, (Papers), ())
struct LocationChanged : Location { static constexpr std::string_view type = "nova.user.UserLocationChanged"; };
BOOST_DESCRIBE_STRUCT(LocationChanged, (Location), ())
struct PositionChanged : Position { static constexpr std::string_view type = "nova.user.UserPositionChanged"; };
BOOST_DESCRIBE_STRUCT(PositionChanged, (Position), ())
struct PreferencesChanged : Preferences {
    static constexpr std::string_view type = "nova.user.UserPreferencesChanged";
};
BOOST_DESCRIBE_STRUCT(PreferencesChanged, (Preferences), ())
struct NotificationSettingsChanged : NotificationSettings {
    static constexpr std::string_view type = "nova.user.UserNotificationSettingsChanged";
};
BOOST_DESCRIBE_STRUCT(NotificationSettingsChanged, (NotificationSettings), ())
struct PasswordChanged {
    static constexpr std::string_view type = "nova.user.UserPasswordChanged";
    std::string password_hash;
    PasswordCause cause{};
};
BOOST_DESCRIBE_STRUCT(PasswordChanged, (), (password_hash, cause))
struct LockedOut {
    static constexpr std::string_view type = "nova.user.UserLockedOut";
    Instant until;
    std::int64_t failures = 0;
};
BOOST_DESCRIBE_STRUCT(LockedOut, (), (until, failures))
struct Suspended {
    static constexpr std::string_view type = "nova.user.UserSuspended";
    std::optional<Reason> reason;
};
BOOST_DESCRIBE_STRUCT(Suspended, (), (reason))
struct Reactivated {
    static constexpr std::string_view type = "nova.user.UserReactivated";
    std::optional<Reason> reason;
};
BOOST_DESCRIBE_STRUCT(Reactivated, (), (reason))
// Email and phone are what becomes free again after thirty days; the index of unique keys is rebuilt from events alone.
struct Deleted {
    static constexpr std::string_view type = "nova.user.UserDeleted";
    std::optional<UserId> reassigned_to;
    DeletionCause cause{};
    Email email;
    std::optional<Phone> phone;
};
BOOST_DESCRIBE_STRUCT(Deleted, (), (reassigned_to, cause, email, phone))
struct SignedIn {
    static constexpr std::string_view type = "nova.user.UserSignedIn";
    Instant at;
    SessionId session_id;
    SignInMethod method{};
    std::string address, user_agent;
};
BOOST_DESCRIBE_STRUCT(SignedIn, (), (at, session_id, method, address, user_agent))
struct SignInFailed {
    static constexpr std::string_view type = "nova.user.UserSignInFailed";
    Instant at;
    FailureReason reason{};
    std::string address;
};
BOOST_DESCRIBE_STRUCT(SignInFailed, (), (at, reason, address))

using Event = std::variant<Registered, Created, Renamed, BusinessChanged, FalLicenseChanged, IdentityChanged,
                           LocationChanged, PositionChanged, PreferencesChanged, NotificationSettingsChanged,
                           PasswordChanged, LockedOut, Suspended, Reactivated, Deleted, SignedIn, SignInFailed>;

// Commands. Passwords never come here: only their hashes do.
struct Register {
    Profile profile;
    Email email;
    Phone phone;
    std::string password_hash;
};
struct Create {
    Profile profile;
    Email email;
    std::optional<Phone> phone;
    std::string password_hash;
};
using Change = Patch<Profile>;
struct ChangePassword {
    std::string password_hash;
    PasswordCause cause = PasswordCause::CHANGED;
    std::string proven_hash;   // the hash that the current password was compared with; empty: nothing had to be proven
};
struct SignIn {
    SessionId session;
    SignInMethod method = SignInMethod::PASSWORD;
    std::string proven_hash;
    std::string rehashed;      // a new hash of the same password, where the kept one is of an older kind
};
struct FailSignIn {
    FailureReason reason = FailureReason::PASSWORD;
};
struct Suspend {
    Reason reason;
};
struct Activate {
    std::optional<Reason> reason;
};
struct Delete {
    DeletionCause cause = DeletionCause::BY_ADMIN;
};

constexpr std::int64_t failure_window_ms = 15 * minute_ms, lock_ms = 15 * minute_ms, email_kept_ms = 30 * day_ms;
constexpr std::size_t failures_allowed = 5, failures_recorded = 20, passwords_remembered = 5;

struct State : Profile {
    enum class Stage { absent, active, suspended, deleted } stage = Stage::absent;
    Email email;
    std::optional<Phone> phone;
    std::vector<std::string> password_hashes;   // newest last, the current one included
    std::vector<Instant> failures;              // since the last success or lock-out that has run out; bounded
    std::vector<Instant> recorded;              // the latest recorded failures, whatever came between
    std::optional<Instant> locked_until;
    bool exists() const { return stage != Stage::absent && stage != Stage::deleted; }
    std::string password_hash() const { return password_hashes.empty() ? std::string() : password_hashes.back(); }
};

Decision<Event> decide(const State&, const Register&, const Context&);
Decision<Event> decide(const State&, const Create&, const Context&);
Decision<Event> decide(const State&, const Change&, const Context&);
Decision<Event> decide(const State&, const ChangePassword&, const Context&);
Decision<Event> decide(const State&, const SignIn&, const Context&);
Decision<Event> decide(const State&, const FailSignIn&, const Context&);
Decision<Event> decide(const State&, const Suspend&, const Context&);
Decision<Event> decide(const State&, const Activate&, const Context&);
Decision<Event> decide(const State&, const Delete&, const Context&);

// Whether the person is locked out at this time, and until when.
std::optional<Instant> locked_at(const State&, Instant now);
Rejection too_many_attempts(Instant until, Instant now);
Rejection invalid_credentials();

void evolve(State&, const Registered&);
void evolve(State&, const Created&);
void evolve(State&, const PasswordChanged&);
void evolve(State&, const LockedOut&);
void evolve(State&, const Suspended&);
void evolve(State&, const Reactivated&);
void evolve(State&, const Deleted&);
void evolve(State&, const SignedIn&);
void evolve(State&, const SignInFailed&);
// Every other event is one group of the profile, which takes its place.
template <class GroupChanged>
void evolve(State& user, const GroupChanged& event) { replace_group(user, event); }

}  // namespace nova::identity::user

namespace nova::identity {

struct User {
    using State = user::State;
    using Event = user::Event;
    static constexpr std::string_view prefix = "user-";
};

}  // namespace nova::identity

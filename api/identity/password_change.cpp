// POST /api/users/{id}/password: one's own with the current one as proof, or another's by who administers the tenant.
#include "api/identity/directory_command.h"
#include "api/identity/sign_in.h"
#include "api/identity/user_bodies.h"
#include "api/resource.h"
#include "commands/identity/users.h"
#include "commands/policy.h"
#include "domain/identity/password_rules.h"

namespace nova::api {
namespace {

namespace user = nova::identity::user;

struct Change {
    UserId id;
    bool self = false;
    std::string current, next;
};

std::optional<Rejection> read(const IdentityServices& services, const Request& request, Change& out) {
    Violations wrong, weak;
    const auto body = read_body<PasswordBody>(request, wrong);
    if (!wrong.mentions("") && out.self && !body.current_password)
        wrong.add("currentPassword", "required", "The current password is needed.");
    if (!wrong.empty()) return Rejection::invalid(std::move(wrong));
    out.current = raw_member(request.body, "currentPassword");
    out.next = raw_member(request.body, "newPassword");
    if (const auto person = services.directory.person(out.id))
        identity::check_password(out.next, person->email.text, person->name.value, "newPassword", weak);
    return refuse_body({}, std::move(weak));
}

bool was_used_before(const Passwords& passwords, const user::State& state, const std::string& password) {
    for (const std::string& kept : state.password_hashes)
        if (passwords.verify(kept, password) != Passwords::Match::wrong) return true;
    return false;
}

// On the password thread. None: the change may be asked for.
std::optional<Rejection> prove(const IdentityServices& services, const Request& request, const Change& change,
                               const Passwords& passwords, const user::State& state) {
    const Instant now = services.common.clock();
    if (change.self) {
        const std::string account = to_text(change.id);
        if (const auto until = services.attempts.blocked_until(account, request.address, now))
            return user::too_many_attempts(*until, now);
        if (passwords.verify(state.password_hash(), change.current) == Passwords::Match::wrong) {
            services.attempts.failed(account, request.address, now);
            commands::Command failed;
            failed.name = "ChangePassword";
            failed.actor = request.identity->actor, failed.correlation_id = request.correlation_id;
            failed.handle = commands::fail_sign_in(change.id);
            services.common.bus.submit(std::move(failed));
            return user::invalid_credentials();
        }
    }
    if (!was_used_before(passwords, state, change.next)) return {};
    Rejection reused{
        Rejection::Kind::invalid, "password_reused", "None of the last five passwords may be used again.", {}};
    reused.details.add("newPassword", "password_reused", reused.message);
    return reused;
}

}  // namespace

Handler handle_password_change(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        const auto id = path_id(*request, reply);
        if (!id) return;
        const Identity& who = *request->identity;
        Change change{UserId{*id}, who.actor.user == UserId{*id}, {}, {}};
        if (!services.directory.access(who.tenant, change.id))
            return reply->send(problem(*request, Rejection::not_found()));
        if (!change.self && extent(who.actor, commands::Right::users_manage) != commands::Extent::tenant)
            return reply->send(problem(*request, Rejection::forbidden()));
        if (auto refused = read(services, *request, change)) return reply->send(problem(*request, *refused));
        const bool queued = services.passwords.submit(
            [&services, request, reply, change = std::move(change)](const Passwords& passwords, UserStates& states) {
                try {
                    const user::State& state = states.read(change.id);
                    if (auto refused = prove(services, *request, change, passwords, state))
                        return reply->send(problem(*request, *refused));
                    const user::ChangePassword wanted{
                        passwords.hash(change.next),
                        change.self ? user::PasswordCause::CHANGED : user::PasswordCause::SET_BY_ADMIN,
                        change.self ? state.password_hash() : std::string()};
                    DirectoryCommand command =
                        command_of(*request, "ChangePassword", {}, commands::change_password(change.id, wanted));
                    command.takes_idempotency_key =
                        false;  // the body's digest leaves the passwords out, so two changes would look like one
                    command.accepted = [](const commands::Completed&, const std::string&) { return Response{204}; };
                    submit(services, request, reply, std::move(command));
                } catch (const std::exception& e) {
                    reply->send(failure(*request, e.what()));
                }
            });
        if (!queued) reply->send(unavailable(*request, "Too many passwords are being made at once."));
    };
}

}  // namespace nova::api

#include "commands/identity/sessions.h"

#include "commands/identity/members.h"
#include "commands/identity/tenants.h"
#include "commands/policy.h"

namespace nova::commands {

using namespace nova::identity;

namespace {

Result refused(Rejection why) {
    Result result;
    result.refusal = std::move(why);
    return result;
}

// The oldest sessions make room for one more.
void make_room(UnitOfWork& work, const Context& context, const UserId& user) {
    const std::vector<LiveSession> live = live_sessions(work, user, context.now);
    for (std::size_t i = 0; i + session::live_sessions_max <= live.size(); ++i) {
        auto decision = decide(work.state<Session>(live[i].id.value), session::End{session::EndReason::LIMIT}, context);
        work.record<Session>(live[i].id.value, std::move(decision.events));
    }
}

std::shared_ptr<OpenedSession> open_session(UnitOfWork& work, const Context& context, const SessionId& id,
                                            const UserId& user, const TenantId& tenant, const RefreshSecrets& secrets,
                                            const NewSession& wanted) {
    const session::Start start{
        user, tenant, secrets.refresh_hash(id, 1), wanted.device_name, {"pwd"}, wanted.idle_life_ms};
    auto decision = decide(work.state<Session>(id.value), start, context);
    const Instant expires_at = std::get<session::Started>(decision.events.front()).expires_at;
    work.record<Session>(id.value, std::move(decision.events));
    return std::make_shared<OpenedSession>(OpenedSession{id, user, tenant, 1, start.refresh_hash, expires_at});
}

// The tenant that a sign-in opens: the one asked for, else the first in which the access stands.
std::optional<TenantId> choose_tenant(UnitOfWork& work, const UserId& user, const std::optional<TenantId>& wanted) {
    for (const AccessId& id : accesses_of(work, user)) {
        const access::State& access = work.state<Access>(id.value);
        if (access.stands() && (!wanted || *wanted == access.tenant_id)) return access.tenant_id;
    }
    return {};
}

}  // namespace

Handler register_user(user::Register command, const RefreshSecrets& secrets, NewSession wanted) {
    return
        [command = std::move(command), &secrets, wanted = std::move(wanted)](UnitOfWork& work, const Context& context) {
            if (auto taken = refuse_taken(work, command.email, command.phone, "user_exists",
                                          "A user with this e-mail or phone exists already."))
                return refused(*taken);
            const UserId id{context.ids.next()};
            auto registered = decide(work.state<User>(id.value), command, context);
            if (registered.refusal) return refused(*registered.refusal);
            const TenantId tenant{context.ids.next()};
            const std::string& name =
                command.profile.company_name ? command.profile.company_name->value : command.profile.name.value;
            work.record<User>(id.value, std::move(registered.events));
            create_tenant(work, context, tenant, name, id);
            const AccessId access{context.ids.next()};
            auto granted = decide(work.state<Access>(access.value),
                                  access::Grant{id, tenant, Role::BROKER, access::Source::REGISTRATION}, context);
            work.record<Access>(access.value, std::move(granted.events));
            Result result;
            result.stream = std::string(User::prefix) + to_text(id);
            result.created = {id.value, tenant.value};
            result.extra = open_session(work, context, SessionId{context.ids.next()}, id, tenant, secrets, wanted);
            return result;
        };
}

Handler sign_in(UserId id, user::SignIn proof, const RefreshSecrets& secrets, NewSession wanted) {
    return
        [id, proof = std::move(proof), &secrets, wanted = std::move(wanted)](UnitOfWork& work, const Context& context) {
            user::SignIn command = proof;
            command.session = SessionId{context.ids.next()};
            auto decision = decide(work.state<User>(id.value), command, context);
            if (decision.refusal) {
                work.record<User>(id.value, std::move(decision.events));
                return refused(*decision.refusal);
            }
            const auto tenant = choose_tenant(work, id, wanted.tenant);
            if (!tenant && wanted.tenant)
                return refused(Rejection::forbidden("no_access", "You have no access to this company."));
            if (!tenant) return refused(Rejection::forbidden("account_suspended", "This account is suspended."));
            work.record<User>(id.value, std::move(decision.events));
            make_room(work, context, id);
            Result result;
            result.stream = std::string(User::prefix) + to_text(id);
            result.extra = open_session(work, context, command.session, id, *tenant, secrets, wanted);
            return result;
        };
}

Handler fail_sign_in(UserId id) {
    return [id](UnitOfWork& work, const Context& context) {
        auto decision = decide(work.state<User>(id.value), user::FailSignIn{}, context);
        work.record<User>(id.value, std::move(decision.events));
        return refused(*decision.refusal);
    };
}

Handler refresh_session(SessionId id, session::Refresh presented, const RefreshSecrets& secrets) {
    return [id, presented = std::move(presented), &secrets](UnitOfWork& work, const Context& context) {
        const session::State& now = work.state<Session>(id.value);
        session::Refresh command = presented;
        command.next = secrets.refresh_hash(id, command.generation + 1);
        auto decision = decide(now, command, context);
        if (decision.refusal) {
            work.record<Session>(id.value, std::move(decision.events));
            return refused(*decision.refusal);
        }
        const auto member = find_member(work, now.tenant_id, now.user_id);
        if (!member || !member->stands)
            return refused(Rejection::unauthenticated("refresh_invalid", "The refresh token is not valid."));
        auto opened = std::make_shared<OpenedSession>(
            OpenedSession{id, now.user_id, now.tenant_id, now.generation, now.refresh_hash, now.expires_at});
        if (!decision.events.empty()) {
            const auto& refreshed = std::get<session::Refreshed>(decision.events.front());
            opened->generation = refreshed.generation;
            opened->refresh_hash = refreshed.refresh_hash;
            opened->expires_at = refreshed.expires_at;
        }
        work.record<Session>(id.value, std::move(decision.events));
        Result result;
        result.stream = std::string(Session::prefix) + to_text(id);
        result.extra = std::move(opened);
        return result;
    };
}

Handler end_own_session() {
    return [](UnitOfWork& work, const Context& context) {
        const SessionId id = context.actor.session;
        auto decision = decide(work.state<Session>(id.value), session::End{session::EndReason::LOGOUT}, context);
        if (decision.refusal) return refused(*decision.refusal);
        work.record<Session>(id.value, std::move(decision.events));
        return Result{};
    };
}

Handler end_session(SessionId id) {
    return [id](UnitOfWork& work, const Context& context) {
        const session::State& now = work.state<Session>(id.value);
        if (!now.live_at(context.now)) return refused(Rejection::not_found());
        if (now.user_id != context.actor.user) {
            const auto member = find_member(work, context.tenant, now.user_id);
            const bool may =
                extent(context.actor, Right::users_manage) == Extent::tenant && now.tenant_id == context.tenant;
            if (!may || !member) return refused(Rejection::not_found());
            if (member->rank() > rank(context.actor))
                return refused(Rejection::forbidden("role_too_high", "The person ranks above you."));
        }
        auto decision = id == context.actor.session
                            ? decide(now, session::End{session::EndReason::LOGOUT}, context)
                            : decide(now, session::Revoke{session::RevokeReason::REQUESTED}, context);
        work.record<Session>(id.value, std::move(decision.events));
        return Result{};
    };
}

}  // namespace nova::commands

#include "commands/identity/users.h"

#include "commands/identity/members.h"
#include "commands/policy.h"

namespace nova::commands {

using namespace nova::identity;

namespace {

std::string stream_of(const UserId& id) { return std::string(User::prefix) + to_text(id); }

Result refused(Rejection why) {
    Result result;
    result.refusal = std::move(why);
    return result;
}
Result accepted(const UserId& id) {
    Result result;
    result.stream = stream_of(id);
    return result;
}

Rejection role_too_high() {
    return Rejection::forbidden("role_too_high", "Nobody gives, changes or removes a rank above their own.");
}
Rejection last_owner() { return Rejection::rule("last_owner", "A company always keeps one owner."); }

bool administers(const Context& context) { return extent(context.actor, Right::users_manage) == Extent::tenant; }

// The member whom the actor may administer, or why not.
struct Found {
    Member member;
    std::optional<Rejection> refusal;
};
Found find_administered(UnitOfWork& work, const Context& context, const UserId& id) {
    const auto member = find_member(work, context.tenant, id);
    if (!member) return {{}, Rejection::not_found()};
    if (!administers(context)) return {*member, Rejection::forbidden()};
    if (member->rank() > rank(context.actor)) return {*member, role_too_high()};
    return {*member, {}};
}

// Removing this member, would the tenant have no owner?
bool leaves_no_owner(UnitOfWork& work, const Context& context, const Member& member) {
    return member.is_owner && !has_other_owner(work, context.tenant, member.user);
}

template <class Aggregate, class Command>
std::optional<Rejection> record(UnitOfWork& work, const Context& context, const Uuid& id, const Command& command) {
    auto decision = decide(work.state<Aggregate>(id), command, context);
    if (decision.refusal) return decision.refusal;
    work.record<Aggregate>(id, std::move(decision.events));
    return {};
}

}  // namespace

Handler create_user(user::Create command, Role role) {
    return [command = std::move(command), role](UnitOfWork& work, const Context& context) {
        if (extent(context.actor, Right::users_create) == Extent::none) return refused(Rejection::forbidden());
        // Who administers the tenant gives ranks up to their own; a manager only those below.
        const int highest = administers(context) ? rank(context.actor) : rank(context.actor) - 1;
        if (rank(role) > highest) return refused(role_too_high());
        if (auto taken =
                refuse_taken(work, command.email, command.phone, "", "Somebody has this e-mail or phone already."))
            return refused(*taken);
        const UserId id{context.ids.next()};
        if (auto no = record<User>(work, context, id.value, command)) return refused(*no);
        if (auto no = record<Access>(work, context, context.ids.next(),
                                     access::Grant{id, context.tenant, role, access::Source::MANAGER}))
            return refused(*no);
        Result result = accepted(id);
        result.created = {id.value};
        return result;
    };
}

Handler change_user(UserId id, user::Change change) {
    return [id, change = std::move(change)](UnitOfWork& work, const Context& context) {
        const auto member = find_member(work, context.tenant, id);
        if (!member) return refused(Rejection::not_found());
        if (id != context.actor.user)
            if (auto no = find_administered(work, context, id).refusal) return refused(*no);
        if (auto no = record<User>(work, context, id.value, change)) return refused(*no);
        return accepted(id);
    };
}

Handler change_role(UserId id, access::ChangeRole command) {
    return [id, command](UnitOfWork& work, const Context& context) {
        const auto [member, refusal] = find_administered(work, context, id);
        if (refusal) return refused(*refusal);
        if (rank(command.role) > rank(context.actor)) return refused(role_too_high());
        // Who is named as the tenant's owner stays it whatever the role; an owner by role may be the last one.
        const bool named = work.state<Tenant>(context.tenant.value).owner == id;
        if (!named && command.role != Role::OWNER && leaves_no_owner(work, context, member))
            return refused(last_owner());
        if (auto no = record<Access>(work, context, member.access.value, command)) return refused(*no);
        return accepted(id);
    };
}

Handler suspend_user(UserId id, user::Suspend command) {
    return [id, command = std::move(command)](UnitOfWork& work, const Context& context) {
        const auto [member, refusal] = find_administered(work, context, id);
        if (refusal) return refused(*refusal);
        if (id == context.actor.user)
            return refused(Rejection::rule("cannot_suspend_self", "Nobody suspends themselves."));
        if (leaves_no_owner(work, context, member)) return refused(last_owner());
        const bool only_here = member.tenants > 1;
        const auto no = only_here ? record<Access>(work, context, member.access.value, access::Suspend{command.reason})
                                  : record<User>(work, context, id.value, command);
        if (no) return refused(*no);
        revoke_sessions(work, context, id, only_here ? context.tenant : TenantId{}, {},
                        only_here ? session::RevokeReason::ACCESS_SUSPENDED : session::RevokeReason::USER_SUSPENDED);
        return accepted(id);
    };
}

Handler activate_user(UserId id, user::Activate command) {
    return [id, command = std::move(command)](UnitOfWork& work, const Context& context) {
        const auto [member, refusal] = find_administered(work, context, id);
        if (refusal) return refused(*refusal);
        const bool here = work.state<Access>(member.access.value).stage == access::State::Stage::suspended;
        // Somebody suspended on the whole platform is not lifted by one of several tenants.
        if (!here && member.tenants > 1)
            return refused(Rejection::rule("wrong_state", "The user is not suspended here."));
        const auto no = here ? record<Access>(work, context, member.access.value, access::Restore{})
                             : record<User>(work, context, id.value, command);
        if (no) return refused(*no);
        return accepted(id);
    };
}

Handler delete_user(UserId id) {
    return [id](UnitOfWork& work, const Context& context) {
        const auto member = find_member(work, context.tenant, id);
        if (!member) return refused(Rejection::not_found());
        const bool self = id == context.actor.user;
        if (!self)
            if (auto no = find_administered(work, context, id).refusal) return refused(*no);
        if (leaves_no_owner(work, context, *member)) return refused(last_owner());
        const bool only_here = member->tenants > 1;
        const user::Delete command{self ? user::DeletionCause::SELF : user::DeletionCause::BY_ADMIN};
        const auto no = only_here ? record<Access>(work, context, member->access.value, access::Revoke{})
                                  : record<User>(work, context, id.value, command);
        if (no) return refused(*no);
        revoke_sessions(work, context, id, only_here ? context.tenant : TenantId{}, {},
                        only_here ? session::RevokeReason::ACCESS_REVOKED : session::RevokeReason::USER_DELETED);
        return accepted(id);
    };
}

Handler change_password(UserId id, user::ChangePassword command) {
    return [id, command = std::move(command)](UnitOfWork& work, const Context& context) {
        const bool self = id == context.actor.user;
        if (!self)
            if (auto no = find_administered(work, context, id).refusal) return refused(*no);
        if (self && command.proven_hash.empty()) return refused(user::invalid_credentials());
        if (auto no = record<User>(work, context, id.value, command)) return refused(*no);
        revoke_sessions(work, context, id, {}, self ? context.actor.session : SessionId{},
                        session::RevokeReason::PASSWORD_CHANGED);
        return accepted(id);
    };
}

}  // namespace nova::commands

#include "commands/identity/members.h"

#include <algorithm>

#include "commands/identity/user_claims.h"
#include "commands/policy.h"

namespace nova::commands {

using namespace nova::identity;

namespace {

constexpr std::size_t looked_at_most = 200;

// The id behind the prefix of a stream's name.
Uuid id_in(const std::string& stream, std::string_view prefix) {
    return parse_uuid(std::string_view(stream).substr(prefix.size())).value_or(Uuid{});
}

bool is_active_owner(UnitOfWork& work, const AccessId& id, const TenantId& tenant) {
    const access::State& access = work.state<Access>(id.value);
    return access.stands() && access.tenant_id == tenant &&
           work.state<User>(access.user_id.value).stage == user::State::Stage::active;
}

}  // namespace

int Member::rank() const {
    return is_owner ? std::max(commands::rank(role), commands::rank(Role::OWNER)) : commands::rank(role);
}

std::vector<AccessId> accesses_of(UnitOfWork& work, const UserId& user) {
    std::vector<AccessId> found;
    for (const std::string& stream : work.holders(spaces::access_of_user, to_text(user), looked_at_most)) {
        const AccessId id{id_in(stream, Access::prefix)};
        if (work.state<Access>(id.value).exists()) found.push_back(id);
    }
    return found;
}

std::optional<Member> find_member(UnitOfWork& work, const TenantId& tenant, const UserId& id) {
    const user::State& person = work.state<User>(id.value);
    if (!person.exists()) return {};
    const std::vector<AccessId> accesses = accesses_of(work, id);
    for (const AccessId& access_id : accesses) {
        const access::State& access = work.state<Access>(access_id.value);
        if (access.tenant_id != tenant) continue;
        const bool is_owner = access.role == Role::OWNER || work.state<Tenant>(tenant.value).owner == id;
        const bool stands = access.stands() && person.stage == user::State::Stage::active;
        return Member{id, access_id, is_owner, access.role, accesses.size(), stands};
    }
    return {};
}

bool has_other_owner(UnitOfWork& work, const TenantId& tenant, const UserId& but) {
    const UserId named = work.state<Tenant>(tenant.value).owner;
    if (named != but)
        if (const auto member = find_member(work, tenant, named); member && member->stands) return true;
    for (const std::string& stream : work.holders(spaces::access_owner, to_text(tenant), looked_at_most)) {
        const AccessId id{id_in(stream, Access::prefix)};
        if (work.state<Access>(id.value).user_id != but && is_active_owner(work, id, tenant)) return true;
    }
    return false;
}

std::vector<LiveSession> live_sessions(UnitOfWork& work, const UserId& user, Instant now) {
    std::vector<LiveSession> found;
    for (const std::string& stream : work.holders(spaces::session_of_user, to_text(user), looked_at_most)) {
        const SessionId id{id_in(stream, Session::prefix)};
        const session::State& session = work.state<Session>(id.value);
        if (session.live_at(now)) found.push_back({id, session.tenant_id, session.started_at});
    }
    std::sort(found.begin(), found.end(), [](const LiveSession& a, const LiveSession& b) {
        return std::tie(a.started_at, a.id) < std::tie(b.started_at, b.id);
    });
    return found;
}

void revoke_sessions(UnitOfWork& work, const Context& context, const UserId& user, const TenantId& tenant,
                     const SessionId& but, session::RevokeReason reason) {
    for (const LiveSession& live : live_sessions(work, user, context.now)) {
        if (live.id == but || (!tenant.is_nil() && live.tenant != tenant)) continue;
        auto decision = decide(work.state<Session>(live.id.value), session::Revoke{reason}, context);
        work.record<Session>(live.id.value, std::move(decision.events));
    }
}

std::optional<Rejection> refuse_taken(UnitOfWork& work, const Email& email, const std::optional<Phone>& phone,
                                      const std::string& code, const std::string& message) {
    Rejection refused = Rejection::rule(code, message);
    if (!work.holders(spaces::user_email, email.key()).empty())
        refused.details.add("email", "email_taken", "Somebody has this e-mail address already.");
    if (phone && !phone->e164.empty() && !work.holders(spaces::user_phone, phone->e164).empty())
        refused.details.add("phone", "phone_taken", "Somebody has this phone number already.");
    if (refused.details.empty()) return {};
    if (refused.code.empty()) refused.code = refused.details.all().front().code;
    return refused;
}

}  // namespace nova::commands

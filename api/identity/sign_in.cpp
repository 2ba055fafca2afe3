#include "api/identity/sign_in.h"

#include "api/identity/people.h"
#include "schemas/json.h"

namespace nova::api {

std::shared_ptr<const commands::OpenedSession> opened_by(const IdentityServices& services,
                                                         const commands::Completed& completed) {
    auto opened = std::static_pointer_cast<const commands::OpenedSession>(completed.result.extra);
    services.common.own_writes.note(opened->user, completed.position.offset + 1);
    return opened;
}

std::string token_members(const IdentityServices& services, const commands::OpenedSession& opened, Instant now) {
    TokenClaims claims{opened.user, opened.session, opened.tenant, {}, {}, {}};
    if (const auto user = member_now(services.directory, opened.user, opened.tenant)) {
        claims.email = user->email.text;
        if (user->phone) claims.phone = user->phone->e164;
        const std::string role = schemas::to_json(user->role);
        claims.role = role.substr(1, role.size() - 2);
    }
    std::string json = "\"expiresIn\":" + std::to_string(services.tokens.token_life_s()) + ",\"refreshToken\":";
    schemas::write_string(services.tokens.refresh_token(opened), json);
    json += ",\"token\":";
    schemas::write_string(services.tokens.issue(claims, now, services.ids.next()), json);
    return json;
}

std::string own_user_member(const IdentityServices& services, const commands::OpenedSession& opened) {
    const std::string user = shown_user_now(services.directory, opened.user, opened.tenant, Sight::whole, true);
    return "\"user\":" + (user.empty() ? "null" : user);
}

commands::NewSession new_session(const IdentityServices& services, std::optional<identity::session::DeviceName> device,
                                 std::optional<TenantId> tenant) {
    return {std::move(device), tenant, services.tokens.idle_life_ms()};
}

Actor actor_before_sign_in(const Request& request, const UserId& user) {
    Actor actor;
    actor.type = user.is_nil() ? ActorType::SYSTEM : ActorType::USER;
    actor.user = user;
    actor.address = request.address;
    actor.user_agent = user_agent_of(request);
    return actor;
}

std::optional<Rejection> refuse_body(Violations wrong, Violations weaknesses) {
    if (wrong.empty() && weaknesses.empty()) return {};
    const bool only_weak = wrong.empty();
    for (const Violation& v : weaknesses.all()) wrong.add(v.path, v.code, v.message);
    Rejection refused = Rejection::invalid(std::move(wrong));
    if (only_weak) {
        refused.code = "weak_password";
        refused.message = "The password breaks rules; details lists them.";
    }
    return refused;
}

}  // namespace nova::api

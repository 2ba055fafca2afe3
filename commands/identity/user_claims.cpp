#include "commands/identity/user_claims.h"

#include "domain/identity/access.h"
#include "domain/identity/session.h"
#include "domain/identity/tenant.h"
#include "domain/identity/user.h"

namespace nova::commands {
namespace {

using namespace nova::identity;
using eventstore::ClaimSet;

ClaimSet claim(std::string_view space, std::vector<std::string> keys = {}, std::optional<Instant> until = {}) {
    return {std::string(space), std::move(keys), until};
}

// A person who was erased has neither any more, and then claims nothing.
std::vector<ClaimSet> reached_by(const Email& email, const std::optional<Phone>& phone,
                                 std::optional<Instant> until = {}) {
    std::vector<std::string> emails, phones;
    if (!email.text.empty()) emails.push_back(email.key());
    if (phone && !phone->e164.empty()) phones.push_back(phone->e164);
    return {claim(spaces::user_email, std::move(emails), until), claim(spaces::user_phone, std::move(phones), until)};
}

ClaimSet owner_claim(const TenantId& tenant, Role role) {
    return role == Role::OWNER ? claim(spaces::access_owner, {to_text(tenant)}) : claim(spaces::access_owner);
}

std::vector<ClaimSet> access_claims(const schemas::AnyEvent& event) {
    if (const auto* e = event.get_if<access::Granted>())
        return {claim(spaces::access_of_user, {to_text(e->user_id)}), owner_claim(e->tenant_id, e->role)};
    if (const auto* e = event.get_if<access::RoleChanged>()) return {owner_claim(e->tenant_id, e->role)};
    if (event.get_if<access::Revoked>()) return {claim(spaces::access_of_user), claim(spaces::access_owner)};
    return {};
}

std::vector<ClaimSet> session_claims(const schemas::AnyEvent& event) {
    if (const auto* e = event.get_if<session::Started>())
        return {claim(spaces::session_of_user, {to_text(e->user_id)}, e->expires_at)};
    if (const auto* e = event.get_if<session::Refreshed>())
        return {claim(spaces::session_of_user, {to_text(e->user_id)}, e->expires_at)};
    if (event.get_if<session::Ended>() || event.get_if<session::Revoked>()) return {claim(spaces::session_of_user)};
    return {};
}

}  // namespace

std::vector<ClaimSet> user_claims(const schemas::AnyEvent& event, Instant at) {
    if (!event.type) return {};
    if (const auto* e = event.get_if<user::Registered>()) return reached_by(e->email, e->phone);
    if (const auto* e = event.get_if<user::Created>()) return reached_by(e->email, e->phone);
    if (const auto* e = event.get_if<user::Deleted>()) return reached_by(e->email, e->phone, at + user::email_kept_ms);
    if (const auto* e = event.get_if<tenant::Created>()) return {claim(spaces::tenant_slug, {e->slug.value})};
    if (const auto* e = event.get_if<tenant::Renamed>()) return {claim(spaces::tenant_slug, {e->slug.value})};
    if (event.type->stream_prefix == Access::prefix) return access_claims(event);
    if (event.type->stream_prefix == Session::prefix) return session_claims(event);
    return {};
}

}  // namespace nova::commands

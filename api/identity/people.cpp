#include "api/identity/people.h"

#include "api/identity/identity_services.h"
#include "commands/policy.h"
#include "schemas/json.h"

namespace nova::api {
namespace {

using commands::Extent;
using commands::Right;

// 1•••••••90: enough to recognise, too little to use.
void mask(std::string& number) {
    if (number.size() < 4) return;
    std::string masked(1, number.front());
    for (std::size_t i = 0; i + 3 < number.size(); ++i) masked += "•";
    number = masked + number.substr(number.size() - 2);
}

std::vector<UsersTenant> tenants_of(const projections::Directory& directory, const UserId& user) {
    std::vector<UsersTenant> tenants;
    for (const projections::AccessView& access : directory.accesses(user)) {
        const auto tenant = directory.tenant_view(access.tenant_id);
        tenants.push_back(
            {access.tenant_id, tenant ? tenant->name.value : std::string(), access.role, tenants.empty()});
    }
    return tenants;
}

}  // namespace

Sight sight_of(const Identity& asker, const UserId& user) {
    if (asker.actor.user == user || extent(asker.actor, Right::users_manage) == Extent::tenant) return Sight::whole;
    const bool oversees = extent(asker.actor, Right::users_create) != Extent::none ||
                          extent(asker.actor, Right::log_read) != Extent::none;
    return oversees ? Sight::without_papers : Sight::as_colleague;
}

std::string shown_user(const projections::Directory& directory, const projections::UserView& view,
                       const TenantId& tenant, Sight sight, bool self) {
    if (sight == Sight::as_colleague)
        return schemas::to_json(ColleagueAnswer{view.id, view.name, view.role, view.avatar_url, view.title,
                                                view.created_at, view.updated_at, view.version});
    UserAnswer answer{view};
    const auto of_tenant = directory.tenant_view(tenant);
    answer.is_tenant_owner = of_tenant && of_tenant->owner_id == view.id;
    if (self) answer.tenants = tenants_of(directory, view.id);
    if (sight == Sight::whole) {
        answer.subscription.emplace();
    } else {
        if (answer.id_number) mask(answer.id_number->value);
        answer.date_of_birth.reset();
    }
    return schemas::to_json(answer);
}

std::optional<projections::UserView> member_now(const projections::Directory& directory, const UserId& user,
                                                const TenantId& tenant) {
    const auto person = directory.person(user);
    const auto access = directory.access(tenant, user);
    if (!person || !access || person->status == identity::user::Status::DELETED) return {};
    projections::UserView view = *person;
    view.role = access->role;
    if (access->status == identity::access::Status::SUSPENDED) {
        view.status = identity::user::Status::SUSPENDED;
        view.is_active = false;
    }
    return view;
}

std::string shown_user_now(const projections::Directory& directory, const UserId& user, const TenantId& tenant,
                           Sight sight, bool self) {
    const auto view = member_now(directory, user, tenant);
    return view ? shown_user(directory, *view, tenant, sight, self) : std::string();
}

std::optional<std::string> name_in_tenant(const projections::Directory& directory, const TenantId& tenant,
                                          const UserId& user) {
    const auto person = directory.person(user);
    if (!person || person->name.value.empty()) return {};
    // A deleted colleague keeps the access they had, so their name still stands in the histories of their tenant.
    return directory.access(tenant, user) ? std::optional(person->name.value) : std::nullopt;
}

}  // namespace nova::api

#include "commands/identity/tenants.h"

#include "commands/identity/user_claims.h"
#include "commands/policy.h"

namespace nova::commands {

using namespace nova::identity;

namespace {

std::string free_slug(UnitOfWork& work, const std::string& name, const TenantId& id) {
    const std::string text = to_text(id);
    const std::string wanted = tenant::slug_of(name).value_or("t-" + text.substr(text.size() - 8));
    std::string slug = wanted;
    for (int number = 2; !work.holders(spaces::tenant_slug, slug).empty(); ++number)
        slug = wanted + '-' + std::to_string(number);
    return slug;
}

Result refused(Rejection why) {
    Result result;
    result.refusal = std::move(why);
    return result;
}

}  // namespace

void create_tenant(UnitOfWork& work, const Context& context, const TenantId& id, const std::string& name,
                   const UserId& owner) {
    const tenant::Create command{{name}, {free_slug(work, name, id)}, tenant::Kind::BROKERAGE, owner};
    auto decision = decide(work.state<Tenant>(id.value), command, context);
    work.record<Tenant>(id.value, std::move(decision.events));
}

Handler change_tenant(TenantId id, tenant::Change change) {
    return [id, change = std::move(change)](UnitOfWork& work, const Context& context) {
        if (id != context.tenant) return refused(Rejection::not_found());
        if (extent(context.actor, Right::users_manage) != Extent::tenant) return refused(Rejection::forbidden());
        const tenant::State& now = work.state<Tenant>(id.value);
        auto decision = decide(now, change, context);
        if (decision.refusal) return refused(*decision.refusal);
        Result result;
        result.stream = std::string(Tenant::prefix) + to_text(id);
        if (is_given(change, "slug") && change.values.slug != now.slug &&
            !work.holders(spaces::tenant_slug, change.values.slug.value).empty()) {
            Rejection taken = Rejection::rule("slug_taken", "Another company has this slug.");
            taken.details.add("slug", "slug_taken", "Another company has this slug.");
            result.refusal = std::move(taken);
            return result;
        }
        work.record<Tenant>(id.value, std::move(decision.events));
        return result;
    };
}

}  // namespace nova::commands

#include "domain/identity/access.h"
#include "domain/identity/tenant.h"
#include "tests/domain/given.h"

using namespace nova;
using namespace nova::testing;
using namespace nova::identity;

namespace {

const tenant::Created created{Text<2, 200>{"Nova"}, tenant::Slug{"nova"}, tenant::Kind::BROKERAGE, nth<UserId>(1), {}};

}  // namespace

TEST_CASE("tenant: only a brokerage needs a phone of its customers by default") {
    const auto made = given<Tenant>().when(tenant::Create{{"Nova"}, {"nova"}, tenant::Kind::BROKERAGE, nth<UserId>(1)});
    CHECK(made.only<tenant::Created>().settings.require_phone);
    const auto shop = given<Tenant>().when(tenant::Create{{"Nova"}, {"nova"}, tenant::Kind::FIELD, nth<UserId>(1)});
    CHECK_FALSE(shop.only<tenant::Created>().settings.require_phone);
}

TEST_CASE("tenant: settings are merged by key") {
    tenant::Change change;
    change.given = nova::detail::bit_of<tenant::Changes>("settings");
    change.values.settings =
        patch<tenant::Settings>([](auto& s) { s.duplicate_policy = DuplicatePolicy::REFUSE; }, "duplicate_policy");
    tenant::Settings next;
    next.duplicate_policy = DuplicatePolicy::REFUSE;
    given<Tenant>(created).when(change).then(tenant::SettingsChanged{next});
    given<Tenant>(created, tenant::SettingsChanged{next}).when(change).then_nothing();
    given<Tenant>().when(change).then_refused("not_found");
}

TEST_CASE("tenant: a change yields its groups in order and names every broken rule") {
    auto change =
        patch<tenant::Changes>([](auto& c) { c.name = {"Nova Two"}, c.city = Text<1, 100>{"Jeddah"}; }, "name", "city");
    given<Tenant>(created).when(change).then_types<tenant::Renamed, tenant::LegalDetailsChanged>();
    auto wrong = patch<tenant::Changes>(
        [](auto& c) { c.slug = {"No Good"}, c.vat_number = Text<1, 20>{"123"}, c.country = {"sa"}; }, "slug",
        "vat_number", "country");
    given<Tenant>(created).when(wrong).then_refused("validation_error").blaming(
        {"slug invalid_slug", "vatNumber invalid_vat_number", "country invalid_country"});
}

TEST_CASE("tenant: a slug is made of the Latin letters of a name") {
    CHECK(tenant::slug_of("Al-Noor Real Estate Co.") == "al-noor-real-estate-co");
    CHECK_FALSE(tenant::slug_of("مكتب النور"));
    CHECK_FALSE(tenant::slug_of("a"));
    CHECK(tenant::slug_of("مكتب Noor 24") == "noor-24");
}

TEST_CASE("access: roles change, suspensions are lifted, a revoked one is gone") {
    const access::Pair pair{nth<UserId>(2), nth<TenantId>(1)};
    const access::Granted granted{pair, Role::BROKER, nth<UserId>(1), access::Source::MANAGER};
    given<Access>()
        .when(access::Grant{pair.user_id, pair.tenant_id, Role::BROKER, access::Source::MANAGER})
        .then(granted);
    given<Access>(granted)
        .when(access::ChangeRole{Role::MANAGER})
        .then(access::RoleChanged{pair, Role::MANAGER, Role::BROKER});
    given<Access>(granted).when(access::ChangeRole{Role::BROKER}).then_nothing();
    given<Access>(granted).when(access::Suspend{}).then(access::Suspended{pair, {}});
    given<Access>(granted, access::Suspended{pair, {}}).when(access::Suspend{}).then_refused("wrong_state");
    given<Access>(granted, access::Suspended{pair, {}}).when(access::Restore{}).then(access::Restored{pair});
    given<Access>(granted).when(access::Restore{}).then_refused("wrong_state");
    given<Access>(granted, access::Revoked{pair, {}}).when(access::ChangeRole{Role::MANAGER}).then_refused("not_found");
}

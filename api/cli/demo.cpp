#include "api/cli/demo.h"

#include "api/cli/commands.h"
#include "api/cli/demo_people.h"
#include "api/cli/node.h"
#include "api/cli/progress.h"
#include "api/cli/tell.h"
#include "commands/customers/customer.h"
#include "commands/identity/sessions.h"
#include "commands/identity/users.h"

namespace nova::cli {
namespace {

namespace user = nova::identity::user;
constexpr std::size_t customers_made = 300;

template <class Command>
void introduce(Command& command, const char* name, const char* email, const char* phone, const std::string& hash) {
    static_cast<identity::Names&>(command.profile) = *identity::completed(Text<2, 200>{name}, {}, {});
    command.email = *parse_email(email);
    command.phone = *parse_phone(phone);
    command.password_hash = hash;
}

struct Owner {
    Actor actor;
    TenantId tenant;
};

Owner register_owner(Node& node, const std::string& hash) {
    user::Register owner;
    introduce(owner, "عبدالعزيز النجدي", demo_email, "0500000001", hash);
    owner.profile.company_name = {"مكتب النجدي للعقارات"};
    owner.profile.city = {"الرياض"};
    const auto registered =
        tell(node, "RegisterUser", {}, {}, {}, commands::register_user(owner, node.identity().tokens, {}));
    const auto& opened = *static_cast<const commands::OpenedSession*>(registered.result.extra.get());
    return {{.type = ActorType::USER,
             .user = opened.user,
             .session = opened.session,
             .role = Role::BROKER,
             .owns_tenant = true},
            opened.tenant};
}

Actor colleague(Node& node, const Owner& owner, const char* name, const char* email, const char* phone,
                const std::string& hash, Role role) {
    user::Create person;
    introduce(person, name, email, phone, hash);
    const auto made = tell(node, "CreateUser", {}, owner.tenant, owner.actor, commands::create_user(person, role));
    const auto id = parse_uuid(std::string_view(made.result.stream).substr(identity::User::prefix.size()));
    return {.type = ActorType::USER, .user = UserId{*id}, .role = role};
}

}  // namespace

void load_demo(Node& node) {
    Progress progress("Loading the demonstration");
    const std::string hash = api::Passwords().hash(demo_password);
    const Owner owner = register_owner(node, hash);
    const Actor manager = colleague(node, owner, "نورة الدوسري", "manager@nova.com", "0500000002", hash, Role::MANAGER);
    const Actor broker = colleague(node, owner, "فهد الشمري", "broker@nova.com", "0500000003", hash, Role::BROKER);
    const Actor* makers[] = {&owner.actor, &manager, &broker};
    std::size_t made = 0;
    for (const DemoCustomer& person : demo_customers(customers_made)) {
        const Actor& maker = *makers[made % std::size(makers)];
        const auto created =
            tell(node, "CreateCustomer", owner.tenant, owner.tenant, maker, commands::create_customer(person.create));
        const CustomerId id{
            *parse_uuid(std::string_view(created.result.stream).substr(customers::Customer::prefix.size()))};
        for (const auto& change : person.later)
            tell(node, "UpdateCustomer", owner.tenant, owner.tenant, maker, commands::update_customer(id, change));
        progress.show(++made, customers_made);
    }
}

int demo(const Overrides& overrides) {
    const Config config = load_config(overrides);
    Node node(config);
    node.start();
    if (node.log().tail(0).next > 0)
        throw Refused("The log in " + config.folder.string() +
                      " is not empty; name another folder by --database-path.");
    load_demo(node);
    node.stop();
    std::printf("Loaded 3 people and %zu customers; sign in as %s with the password %s\n", customers_made, demo_email,
                demo_password);
    return 0;
}

}  // namespace nova::cli

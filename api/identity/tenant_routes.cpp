// GET /api/tenants/current and PATCH /api/tenants/{id}: the company that one works in.
#include "api/http/item.h"
#include "api/identity/directory_command.h"
#include "api/resource.h"
#include "commands/identity/tenants.h"
#include "commands/policy.h"
#include "schemas/json_schema.h"

namespace nova::api {

namespace {

namespace tenant = nova::identity::tenant;

Response shown_tenant(const IdentityServices& services, const Request& request) {
    const auto view = services.directory.tenant_view(request.identity->tenant);
    if (!view) return problem(request, Rejection::not_found());
    return item_response(request, "tenant", schemas::to_json(*view), static_cast<std::uint64_t>(view->version));
}

Handler current(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        reply->send(shown_tenant(services, *request));
    };
}

Handler change(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        const auto id = path_id(*request, reply);
        if (!id) return;
        Violations wrong;
        auto body = read_body<tenant::Change>(*request, wrong);
        if (!wrong.empty()) return reply->send(invalid(*request, std::move(wrong)));
        DirectoryCommand command =
            command_of(*request, "ChangeTenant", std::string(identity::Tenant::prefix) + to_text(*id),
                       commands::change_tenant({*id}, std::move(body)));
        command.accepted = [&services, request](const commands::Completed&, const std::string&) {
            return shown_tenant(services, *request);
        };
        submit(services, request, reply, std::move(command));
    };
}

}  // namespace

void add_tenant_routes(Router& router, const IdentityServices& services) {
    const std::string tag = "Tenants";
    const std::string answer = R"({"type":"object","required":["tenant"],"properties":{"tenant":)" +
                               schemas::answer_schema(schemas::type_of<projections::TenantView>()) + "}}";
    router.add({.method = Method::GET,
                .pattern = "/api/tenants/current",
                .summary = "Shows the company of the token, with its settings.",
                .tag = tag,
                .handle = current(services),
                .answers = {{200, answer}}});
    router.add({.method = Method::PATCH,
                .pattern = "/api/tenants/{id}",
                .summary = "Changes what is given of the company; settings are merged by key.",
                .tag = tag,
                .handle = change(services),
                .right = commands::Right::users_manage,
                .body = &schemas::type_of<tenant::Change>(),
                .body_example = R"({"name":"مكتب النور","settings":{"duplicatePolicy":"REFUSE"}})",
                .answers = {{200, answer}},
                .refusals = {{403, "forbidden"}, {409, "slug_taken"}},
                .takes_idempotency_key = true,
                .takes_if_match = true});
}

void add_identity_routes(Router& router, const IdentityServices& services) {
    add_auth_routes(router, services);
    add_session_routes(router, services);
    add_user_routes(router, services);
    add_tenant_routes(router, services);
}

}  // namespace nova::api

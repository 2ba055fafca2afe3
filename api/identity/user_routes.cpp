// The commands on users: create, change, role, suspension, deletion.
#include "api/http/item.h"
#include "api/identity/directory_command.h"
#include "api/identity/people.h"
#include "api/identity/sign_in.h"
#include "api/identity/user_bodies.h"
#include "api/resource.h"
#include "commands/identity/users.h"
#include "commands/policy.h"
#include "domain/identity/password_rules.h"
#include "schemas/json_schema.h"

namespace nova::api {

void add_user_queries(Router&, const IdentityServices&);
Handler handle_password_change(const IdentityServices&);

namespace {

namespace user = nova::identity::user;
using commands::Right;

std::string stream_of(const Uuid& id) { return std::string(identity::User::prefix) + to_text(id); }

// The person as the command has left them.
std::function<Response(const commands::Completed&, const std::string&)> show_user(const IdentityServices& services,
                                                                                  const RequestPtr& request,
                                                                                  unsigned status) {
    return [&services, request, status](const commands::Completed&, const std::string& stream) {
        const UserId id{parse_uuid(std::string_view(stream).substr(identity::User::prefix.size())).value_or(Uuid{})};
        const Identity& who = *request->identity;
        const auto view = member_now(services.directory, id, who.tenant);
        if (!view) return problem(*request, Rejection::not_found());
        Response response =
            item_response(*request, "user",
                          shown_user(services.directory, *view, who.tenant, sight_of(who, id), id == who.actor.user),
                          static_cast<std::uint64_t>(view->version), status);
        if (status == 201) response.with("Location", "/api/users/" + to_text(id));
        return response;
    };
}

void submit_change(const IdentityServices& services, const RequestPtr& request, const ReplyPtr& reply, std::string name,
                   const Uuid& id, commands::Handler handle) {
    DirectoryCommand command = command_of(*request, std::move(name), stream_of(id), std::move(handle));
    command.accepted = show_user(services, request, 200);
    submit(services, request, reply, std::move(command));
}

// A new colleague's body: it is read as a patch, since names may come as one or as two.
struct Creation {
    user::Create command;
    Role role{};
    std::string password;
};
std::optional<Rejection> read_creation(const Request& request, Creation& out) {
    Violations wrong, weak;
    const auto body = read_body<Patch<NewUser>>(request, wrong);
    if (wrong.mentions("")) return Rejection::invalid(std::move(wrong));
    for (const char* needed : {"email", "password", "role"})
        if (!is_given(body, needed)) wrong.add_unless_known(needed, "required", "This member is needed.");
    const NewUser& values = body.values;
    const auto names = identity::completed(is_given(body, "name") ? std::optional(values.name) : std::nullopt,
                                           values.first_name, values.last_name);
    if (!names) wrong.add_unless_known("name", "required", "A name is needed: name, or firstName and lastName.");
    out.command = {values, values.email, values.phone, {}};
    if (names) static_cast<identity::Names&>(out.command.profile) = *names;
    out.role = values.role;
    if (is_given(body, "password") && !wrong.mentions("password")) {
        out.password = raw_member(request.body, "password");
        identity::check_password(out.password, values.email.text, out.command.profile.name.value, "password", weak);
    }
    Violations profile;
    check(out.command.profile, request.received, profile);
    for (const Violation& v : profile.all()) wrong.add_unless_known(v.path, v.code, v.message);
    return refuse_body(std::move(wrong), std::move(weak));
}

Handler create(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        Creation wanted;
        if (auto refused = read_creation(*request, wanted)) return reply->send(problem(*request, *refused));
        const bool queued = services.passwords.submit(
            [&services, request, reply, wanted = std::move(wanted)](const Passwords& passwords, UserStates&) mutable {
                try {
                    wanted.command.password_hash = passwords.hash(wanted.password);
                    DirectoryCommand command = command_of(
                        *request, "CreateUser", {}, commands::create_user(std::move(wanted.command), wanted.role));
                    command.accepted = show_user(services, request, 201);
                    submit(services, request, reply, std::move(command));
                } catch (const std::exception& e) {
                    reply->send(failure(*request, e.what()));
                }
            });
        if (!queued) reply->send(unavailable(*request, "Too many passwords are being made at once."));
    };
}

// Members that have a command of their own are told so, and not called unknown.
Violations naming_own_commands(const Violations& wrong) {
    Violations out;
    for (const Violation& v : wrong.all()) {
        const bool own = v.code == "unknown_member" && (v.path == "email" || v.path == "phone" ||
                                                        v.path == "password" || v.path == "role" || v.path == "status");
        if (own) out.add(v.path, "use_own_command", "This member is changed by a command of its own.");
        else out.add(v.path, v.code, v.message);
    }
    return out;
}

Handler change(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        const auto id = path_id(*request, reply);
        if (!id) return;
        Violations wrong;
        auto body = read_body<user::Change>(*request, wrong);
        if (!wrong.mentions("")) {
            Violations profile;
            check(body.values, request->received, profile);
            for (const Violation& v : profile.all()) wrong.add_unless_known(v.path, v.code, v.message);
        }
        if (!wrong.empty()) return reply->send(invalid(*request, naming_own_commands(wrong)));
        submit_change(services, request, reply, "ChangeUser", *id, commands::change_user({*id}, std::move(body)));
    };
}

// A command with a body `Body` on the user in the path.
template <class Body, class Make>
Handler on_user(const IdentityServices& services, std::string name, Make make) {
    return [&services, name = std::move(name), make](const RequestPtr& request, const ReplyPtr& reply) {
        const auto id = path_id(*request, reply);
        if (!id) return;
        Violations wrong;
        Body body{};
        // A body of which nothing is needed may be missing altogether.
        if (!request->body.empty() || !std::is_same_v<Body, ActivateBody>) body = read_body<Body>(*request, wrong);
        if (!wrong.empty()) return reply->send(invalid(*request, std::move(wrong)));
        submit_change(services, request, reply, name, *id, make(UserId{*id}, std::move(body)));
    };
}

Handler remove(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        const auto id = path_id(*request, reply);
        if (!id) return;
        const TenantId tenant = request->identity->tenant;
        const auto leave = request->parameter("leaveItems");
        const bool leaves = leave && (*leave == "true" || leave->empty());
        if (!leaves && services.open_items && services.directory.access(tenant, UserId{*id}) &&
            services.open_items(tenant, UserId{*id}) > 0)
            return reply->send(problem(
                *request, Rejection::rule("user_has_items",
                                          "The user has open items; say leaveItems=true to leave them with them.")));
        DirectoryCommand command = command_of(*request, "DeleteUser", stream_of(*id), commands::delete_user({*id}));
        command.accepted = [](const commands::Completed&, const std::string&) { return Response{204}; };
        submit(services, request, reply, std::move(command));
    };
}

void add_commands_on_one(Router& router, const IdentityServices& services, const std::string& answer) {
    const std::string tag = "Users", path = "/api/users/{id}";
    const auto add = [&](Method method, const std::string& pattern, std::string summary, Handler handle,
                         const schemas::TypeInfo* body, std::string example, std::string refused) {
        router.add({.method = method,
                    .pattern = pattern,
                    .summary = std::move(summary),
                    .tag = tag,
                    .handle = std::move(handle),
                    .body = body,
                    .body_example = std::move(example),
                    .answers = {{200, answer}},
                    .refusals = {{403, "forbidden, role_too_high"}, {409, std::move(refused)}},
                    .takes_idempotency_key = true,
                    .takes_if_match = true});
    };
    add(Method::PATCH, path, "Changes what is given of a person's profile; what is missing stays.", change(services),
        &schemas::type_of<user::Change>(), R"({"title":"مستشار عقاري","city":"الرياض"})", "wrong_state");
    add(Method::PUT, path + "/role", "Gives a person another role, at once.",
        on_user<identity::access::ChangeRole>(
            services, "ChangeRole",
            [](UserId id, identity::access::ChangeRole c) { return commands::change_role(id, c); }),
        &schemas::type_of<identity::access::ChangeRole>(), R"({"role":"MANAGER"})", "last_owner");
    add(Method::POST, path + "/suspend", "Suspends a person; their sessions end at once.",
        on_user<SuspendBody>(services, "SuspendUser",
                             [](UserId id, SuspendBody b) { return commands::suspend_user(id, {b.reason}); }),
        &schemas::type_of<SuspendBody>(), R"({"reason":"غادر الشركة"})",
        "wrong_state, last_owner, cannot_suspend_self");
    add(Method::POST, path + "/activate", "Lifts a suspension.",
        on_user<ActivateBody>(services, "ActivateUser",
                              [](UserId id, ActivateBody b) { return commands::activate_user(id, {b.reason}); }),
        &schemas::type_of<ActivateBody>(), "{}", "wrong_state");
}

}  // namespace

void add_user_routes(Router& router, const IdentityServices& services) {
    const std::string tag = "Users";
    const std::string answer =
        R"({"type":"object","required":["user"],"properties":{"user":)" + schemas::answer_schema(schemas::type_of<UserAnswer>()) + "}}";
    add_user_queries(router, services);
    router.add({.method = Method::POST,
                .pattern = "/api/users",
                .summary = "Makes a colleague who signs in with the password given.",
                .tag = tag,
                .handle = create(services),
                .right = Right::users_create,
                .body = &schemas::type_of<Patch<NewUser>>(),
                .body_example = R"({"email":"fahad@example.com","name":"فهد العتيبي","role":"BROKER","password":"Test1234!"})",
                .answers = {{201, answer}},
                .refusals = {{400, "weak_password"}, {403, "role_too_high"}, {409, "email_taken, phone_taken"}},
                .takes_idempotency_key = true});
    add_commands_on_one(router, services, answer);
    router.add({.method = Method::DELETE,
                .pattern = "/api/users/{id}",
                .summary = "Deletes a person; their history stays.",
                .tag = tag,
                .handle = remove(services),
                .parameters = {{"leaveItems", R"({"type":"boolean"})", "open items stay with the deleted person"}},
                .answers = {{204, ""}},
                .refusals = {{403, "forbidden, role_too_high"}, {409, "user_has_items, last_owner"}},
                .takes_idempotency_key = true,
                .takes_if_match = true});
    router.add(
        {.method = Method::POST,
         .pattern = "/api/users/{id}/password",
         .summary = "Changes one's own password, or sets that of a person whom one administers; other sessions end.",
         .tag = tag,
         .handle = handle_password_change(services),
         .body = &schemas::type_of<PasswordBody>(),
         .body_example = R"({"currentPassword":"Test1234!","newPassword":"Better5678!"})",
         .answers = {{204, ""}},
         .refusals = {{400, "weak_password, password_reused"},
                      {401, "invalid_credentials"},
                      {403, "role_too_high"},
                      {429, "too_many_attempts"}}});
}

}  // namespace nova::api

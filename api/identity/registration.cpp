// POST /api/auth/register: a person and their tenant of one, in one commit, signed in at once.
#include "api/identity/auth_bodies.h"
#include "api/identity/sign_in.h"
#include "api/resource.h"
#include "domain/identity/password_rules.h"

namespace nova::api {
namespace {

namespace user = nova::identity::user;

struct Registration {
    user::Register command;
    std::string password;
};

user::Register command_of(const RegisterBody& body, const identity::Names& names) {
    user::Register command;
    static_cast<identity::Names&>(command.profile) = names;
    command.profile.company_name = body.company_name;
    command.profile.city = body.city, command.profile.district = body.district;
    command.profile.fal_license = body.fal_license;
    if (body.locale) command.profile.locale = *body.locale;
    command.email = body.email, command.phone = body.phone;
    return command;
}

// The body as a command, or everything that is wrong with it.
std::optional<Rejection> read(const Request& request, Registration& out) {
    Violations wrong, weak;
    const auto body = read_body<RegisterBody>(request, wrong);
    if (wrong.mentions("")) return Rejection::invalid(std::move(wrong));
    if (body.role && body.role->value != "BROKER")
        return Rejection{Rejection::Kind::invalid,
                         "role_not_accepted",
                         "Who registers is a BROKER of their own company; other roles are given.",
                         {}};
    const auto names = identity::completed(body.name, body.first_name, body.last_name);
    if (!names) wrong.add_unless_known("name", "required", "A name is needed: name, or firstName and lastName.");
    out.command = command_of(body, names.value_or(identity::Names{}));
    if (!body.password.empty() || !wrong.mentions("password")) {
        out.password = raw_member(request.body, "password");
        identity::check_password(out.password, body.email.text, out.command.profile.name.value, "password", weak);
    }
    Violations profile;
    check(out.command.profile, request.received, profile);
    for (const Violation& v : profile.all()) wrong.add_unless_known(v.path, v.code, v.message);
    return refuse_body(std::move(wrong), std::move(weak));
}

Rejection user_exists(bool email, bool phone) {
    Rejection refused = Rejection::rule("user_exists", "A user with this e-mail or phone exists already.");
    if (email) refused.details.add("email", "email_taken", "Somebody has this e-mail address already.");
    if (phone) refused.details.add("phone", "phone_taken", "Somebody has this phone number already.");
    return refused;
}

Response registered(const IdentityServices& services, const commands::OpenedSession& opened, Instant now) {
    Response response{201};
    response.body = "{" + token_members(services, opened, now) + R"(,"requiresVerification":{"email":true,"phone":true},)" +
                    own_user_member(services, opened) + "}";
    return std::move(response.with("Location", "/api/users/" + to_text(opened.user)));
}

// The same registration again (its answer was lost): the same person, proven by the password, gets a new session.
void register_again(const IdentityServices& services, const RequestPtr& request, const ReplyPtr& reply,
                    const eventstore::Remembered& first, const std::string& password) {
    const auto id = parse_uuid(std::string_view(first.stream).substr(identity::User::prefix.size()));
    if (!id) return reply->send(failure(*request, "a registration's first event is in " + first.stream));
    const bool queued = services.passwords.submit(
        [&services, request, reply, user = UserId{*id}, password](const Passwords& passwords, UserStates& states) {
            try {
                const std::string kept = states.read(user).password_hash();
                if (passwords.verify(kept, password) == Passwords::Match::wrong)
                    return reply->send(problem(*request, user::invalid_credentials()));
                DirectoryCommand command;
                command.name = "SignIn";
                command.handle = commands::sign_in(user, {{}, user::SignInMethod::PASSWORD, kept, {}}, services.tokens,
                                                   new_session(services));
                command.actor = actor_before_sign_in(*request, user);
                command.accepted = [&services, request](const commands::Completed& completed, const std::string&) {
                    return std::move(registered(services, *opened_by(services, completed), services.common.clock())
                                         .with("Idempotency-Replayed", "true"));
                };
                submit(services, request, reply, std::move(command));
            } catch (const std::exception& e) {
                reply->send(failure(*request, e.what()));
            }
        });
    if (!queued) reply->send(unavailable(*request, "Too many people are signing in at once."));
}

void register_person(const IdentityServices& services, const RequestPtr& request, const ReplyPtr& reply,
                     Registration wanted) {
    DirectoryCommand command;
    command.name = "RegisterUser";
    command.handle = commands::register_user(std::move(wanted.command), services.tokens, new_session(services));
    command.actor = actor_before_sign_in(*request);
    command.takes_idempotency_key = true;
    command.accepted = [&services](const commands::Completed& completed, const std::string&) {
        return registered(services, *opened_by(services, completed), services.common.clock());
    };
    command.repeated = [&services, request, reply,
                        password = std::move(wanted.password)](const commands::Completed& completed) {
        register_again(services, request, reply, *completed.first, password);
    };
    submit(services, request, reply, std::move(command));
}

Handler handle_registration(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        Registration wanted;
        if (auto refused = read(*request, wanted)) return reply->send(problem(*request, *refused));
        // Who is known already is told so before the costly hash; a repeat with its key is recognised after it.
        const bool email = services.directory.user_by_email(wanted.command.email.key()).has_value();
        const bool phone = services.directory.user_by_phone(wanted.command.phone.e164).has_value();
        if ((email || phone) && !request->has_header("idempotency-key"))
            return reply->send(problem(*request, user_exists(email, phone)));
        const bool queued = services.passwords.submit(
            [&services, request, reply, wanted = std::move(wanted)](const Passwords& passwords, UserStates&) mutable {
                try {
                    wanted.command.password_hash = passwords.hash(wanted.password);
                    register_person(services, request, reply, std::move(wanted));
                } catch (const std::exception& e) {
                    reply->send(failure(*request, e.what()));
                }
            });
        if (!queued) reply->send(unavailable(*request, "Too many people are signing in at once."));
    };
}

constexpr const char* answer_schema =
    R"({"type":"object","required":["user","token","refreshToken","expiresIn","requiresVerification"],"properties":{"user":{"type":"object"},)"
    R"("token":{"type":"string"},"refreshToken":{"type":"string"},"expiresIn":{"type":"integer"},"requiresVerification":{"type":"object",)"
    R"("required":["email","phone"],"properties":{"email":{"type":"boolean"},"phone":{"type":"boolean"}}}}})";

}  // namespace

void add_registration_route(Router& router, const IdentityServices& services) {
    router.add({.method = Method::POST,
                .pattern = "/api/auth/register",
                .summary = "Registers a person with a company of their own and signs them in.",
                .tag = "Authentication",
                .handle = handle_registration(services),
                .is_public = true,
                .limit = LimitGroup::registration,
                .body = &schemas::type_of<RegisterBody>(),
                .body_example =
                    R"({"email":"sara@example.com","phone":"0551234567","password":"Test1234!","name":"سارة القحطاني","city":"الرياض"})",
                .answers = {{201, answer_schema}},
                .refusals = {{400, "role_not_accepted, weak_password"}, {409, "user_exists"}},
                .takes_idempotency_key = true,
                .body_bytes_max = sign_in_body_bytes_max});
}

}  // namespace nova::api

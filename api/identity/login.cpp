// POST /api/auth/login and /api/auth/refresh: proving who one is, by a password or by a refresh token.
#include "api/identity/auth_bodies.h"
#include "api/identity/people.h"
#include "api/identity/sign_in.h"
#include "api/resource.h"

namespace nova::api {

void add_registration_route(Router&, const IdentityServices&);

namespace {

namespace user = nova::identity::user;

struct Attempt {
    std::optional<UserId> person;   // none: nobody has this e-mail or phone
    std::string account;            // what failures are counted by
    std::string password;
    LoginBody body;
};

std::optional<UserId> find_person(const projections::Directory& directory, const std::string& given,
                                  std::string& account) {
    if (const auto email = parse_email(given)) {
        account = email->key();
        return directory.user_by_email(email->key());
    }
    if (const auto phone = parse_phone(given)) {
        account = phone->e164;
        return directory.user_by_phone(phone->e164);
    }
    account = folded(given);
    return {};
}

std::optional<Rejection> read(const IdentityServices& services, const Request& request, Attempt& out) {
    Violations wrong;
    out.body = read_body<LoginBody>(request, wrong);
    const LoginBody& body = out.body;
    const int given = body.identifier.has_value() + body.email.has_value() + body.phone.has_value();
    if (!wrong.mentions("") && given != 1)
        wrong.add_unless_known("identifier", given ? "too_many" : "required",
                               "Exactly one of identifier, email and phone is needed.");
    if (!wrong.empty()) return Rejection::invalid(std::move(wrong));
    const auto& who = body.identifier ? body.identifier : body.email ? body.email : body.phone;
    out.person = find_person(services.directory, who->value, out.account);
    if (out.person) out.account = to_text(*out.person);
    out.password = raw_member(request.body, "password");
    return {};
}

std::string tenant_member(const IdentityServices& services, const commands::OpenedSession& opened) {
    const auto tenant = services.directory.tenant_view(opened.tenant);
    return "\"tenant\":" + (tenant ? schemas::to_json(*tenant) : "null");
}

// The failure is recorded beside the answer, not before it: nobody learns from the time who exists.
void record_failure(const IdentityServices& services, const RequestPtr& request, const UserId& person) {
    commands::Command command;
    command.name = "SignIn";
    command.actor = actor_before_sign_in(*request, person);
    command.correlation_id = request->correlation_id;
    command.handle = commands::fail_sign_in(person);
    services.common.bus.submit(std::move(command));
}

void open_session(const IdentityServices& services, const RequestPtr& request, const ReplyPtr& reply,
                  const Attempt& attempt, user::SignIn proof) {
    DirectoryCommand command;
    command.name = "SignIn";
    command.handle = commands::sign_in(*attempt.person, std::move(proof), services.tokens,
                                       new_session(services, attempt.body.device_name, attempt.body.tenant_id));
    command.actor = actor_before_sign_in(*request, *attempt.person);
    command.accepted = [&services, account = attempt.account](const commands::Completed& completed,
                                                              const std::string&) {
        services.attempts.succeeded(account);
        const auto opened = opened_by(services, completed);
        Response response;
        response.body = "{" + tenant_member(services, *opened) + "," +
                        token_members(services, *opened, services.common.clock()) + "," +
                        own_user_member(services, *opened) + "}";
        return response;
    };
    submit(services, request, reply, std::move(command));
}

// On the password thread, where one attempt follows the other: the count is exact.
void try_password(const IdentityServices& services, const RequestPtr& request, const ReplyPtr& reply,
                  const Attempt& attempt, const Passwords& passwords, UserStates& states) {
    const Instant now = services.common.clock();
    auto until = services.attempts.blocked_until(attempt.account, request->address, now);
    static const user::State nobody;
    const user::State& state = attempt.person ? states.read(*attempt.person) : nobody;
    if (const auto locked = locked_at(state, now)) until = std::max(until.value_or(*locked), *locked);
    if (until) return reply->send(problem(*request, user::too_many_attempts(*until, now)));

    const std::string kept = state.exists() ? state.password_hash() : std::string();
    const auto match =
        kept.empty() ? passwords.verify_nobody(attempt.password) : passwords.verify(kept, attempt.password);
    if (match == Passwords::Match::wrong) {
        services.attempts.failed(attempt.account, request->address, now);
        if (attempt.person) record_failure(services, request, *attempt.person);
        return reply->send(problem(*request, user::invalid_credentials()));
    }
    user::SignIn proof{{}, user::SignInMethod::PASSWORD, kept, {}};
    if (match == Passwords::Match::right_but_old) proof.rehashed = passwords.hash(attempt.password);
    open_session(services, request, reply, attempt, std::move(proof));
}

Handler handle_login(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        Attempt attempt;
        if (auto refused = read(services, *request, attempt)) return reply->send(problem(*request, *refused));
        const bool queued = services.passwords.submit(
            [&services, request, reply, attempt = std::move(attempt)](const Passwords& passwords, UserStates& states) {
                try {
                    try_password(services, request, reply, attempt, passwords, states);
                } catch (const std::exception& e) {
                    reply->send(failure(*request, e.what()));
                }
            });
        if (!queued) reply->send(unavailable(*request, "Too many people are signing in at once."));
    };
}

Handler handle_refresh(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        Violations wrong;
        const auto body = read_body<RefreshBody>(*request, wrong);
        if (!wrong.empty()) return reply->send(invalid(*request, std::move(wrong)));
        const Instant now = request->received;
        if (const auto until = services.attempts.blocked_until({}, request->address, now))
            return reply->send(problem(*request, user::too_many_attempts(*until, now)));
        const auto presented = services.tokens.read_refresh(body.refresh_token);
        if (!presented) {
            services.attempts.failed({}, request->address, now);
            return reply->send(
                problem(*request, Rejection::unauthenticated("refresh_invalid", "The refresh token is not valid.")));
        }
        const auto session = services.directory.session(presented->session);
        DirectoryCommand command;
        command.name = "RefreshSession";
        command.handle = commands::refresh_session(
            presented->session, {presented->generation, presented->hash, {}, services.tokens.idle_life_ms()},
            services.tokens);
        command.actor = actor_before_sign_in(*request, session ? session->user_id : UserId{});
        command.actor.session = session ? presented->session : SessionId{};
        command.accepted = [&services](const commands::Completed& completed, const std::string&) {
            Response response;
            response.body =
                "{" + token_members(services, *opened_by(services, completed), services.common.clock()) + "}";
            return response;
        };
        submit(services, request, reply, std::move(command));
    };
}

constexpr const char* login_schema =
    R"({"type":"object","required":["user","token","refreshToken","expiresIn","tenant"],"properties":{"user":{"type":"object"},)"
    R"("token":{"type":"string"},"refreshToken":{"type":"string"},"expiresIn":{"type":"integer"},"tenant":{"type":"object"}}})";
constexpr const char* refresh_schema =
    R"({"type":"object","required":["token","refreshToken","expiresIn"],"properties":{"token":{"type":"string"},)"
    R"("refreshToken":{"type":"string"},"expiresIn":{"type":"integer"}}})";

}  // namespace

void add_auth_routes(Router& router, const IdentityServices& services) {
    add_registration_route(router, services);
    router.add(
        {.method = Method::POST,
         .pattern = "/api/auth/login",
         .summary = "Signs a person in by e-mail or phone and password.",
         .tag = "Authentication",
         .handle = handle_login(services),
         .is_public = true,
         .limit = LimitGroup::sign_in,
         .body = &schemas::type_of<LoginBody>(),
         .body_example = R"({"identifier":"test@nova.com","password":"Test1234!"})",
         .answers = {{200, login_schema}},
         .refusals = {{401, "invalid_credentials"}, {403, "account_suspended, no_access"}, {429, "too_many_attempts"}},
         .body_bytes_max = sign_in_body_bytes_max});
    router.add({.method = Method::POST,
                .pattern = "/api/auth/refresh",
                .summary = "Gives new tokens for a refresh token, which is used up by it.",
                .tag = "Authentication",
                .handle = handle_refresh(services),
                .is_public = true,
                .limit = LimitGroup::sign_in,
                .body = &schemas::type_of<RefreshBody>(),
                .body_example = R"({"refreshToken":"…"})",
                .answers = {{200, refresh_schema}},
                .refusals = {{401, "refresh_invalid, refresh_expired, refresh_reused"}, {429, "too_many_attempts"}},
                .body_bytes_max = sign_in_body_bytes_max});
}

}  // namespace nova::api

#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <fstream>

#include "tests/api/identity_world.h"

using namespace nova;
using namespace nova::api::test;

namespace {

std::string code(const Answer& answer) { return text_at(answer.body, "code"); }

bool folder_mentions(const std::filesystem::path& folder, const std::string& planted) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        if (bytes.find(planted) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("registration: 201 with the person, tokens that work at once, and a company of their own") {
    NodeWorld world;
    const Answer answer =
        world.post("/api/auth/register", registration("Sara@Example.com", "0551234567", R"(,"city":"الرياض","falLicense":"12-A")"));
    REQUIRE(answer.status == 201);
    CHECK(text_at(answer.body, "user.email") == "Sara@Example.com");
    CHECK(text_at(answer.body, "user.phone") == "0551234567");
    CHECK(text_at(answer.body, "user.firstName") == "Sara");
    CHECK(text_at(answer.body, "user.role") == "BROKER");
    CHECK(text_at(answer.body, "user.city") == "الرياض");
    CHECK(text_at(answer.body, "user.falLicense") == "12-A");
    CHECK(text_at(answer.body, "user.isTenantOwner") == "true");
    CHECK(raw_at(answer.body, "requiresVerification") == R"({"email":true,"phone":true})");
    CHECK(text_at(answer.body, "expiresIn") == "900");
    CHECK(answer.header("location") == "/api/users/" + text_at(answer.body, "user.id"));
    CHECK(answer.header("nova-position") != "");
    CHECK(answer.body.find("assword") == std::string::npos);
    const Person sara = person_of(answer);
    const Answer me = world.get("/api/auth/me", sara.token);
    CHECK(me.status == 200);
    CHECK(text_at(me.body, "user.id") == sara.id);
    CHECK(raw_at(me.body, "user.tenants").find("\"name\":\"Sara Ali\"") != std::string::npos);
    CHECK(text_at(me.body, "user.permissions.users.manage").empty());
    CHECK(me.body.find("\"users.manage\":\"TENANT\"") != std::string::npos);
    const Answer item = world.get("/api/users/" + sara.id, sara.token);
    CHECK(item.status == 200);
    CHECK(text_at(item.body, "user.city") == "الرياض");
    CHECK(text_at(world.get("/api/tenants/current", sara.token).body, "tenant.slug") == "sara-ali");
    CHECK_FALSE(folder_mentions(world.folder, "Test1234!"));
}

TEST_CASE("registration: what is refused, and why") {
    NodeWorld world;
    const auto refused = [&](const std::string& body) { return world.post("/api/auth/register", body); };
    CHECK(code(refused(registration("a@x.sa", "0551234567", R"(,"role":"ADMIN")"))) == "role_not_accepted");
    CHECK(world.login("a@x.sa", "Test1234!").status == 401);
    const Answer weak = refused(R"({"email":"a@x.sa","phone":"0551234567","name":"Sara Ali","password":"password"})");
    CHECK(weak.status == 400);
    CHECK(code(weak) == "weak_password");
    for (const char* rule : {"no_upper", "no_digit", "no_special", "too_common"})
        CHECK(raw_at(weak.body, "details").find(rule) != std::string::npos);
    const Answer many = refused(R"({"email":"a","phone":"12","password":"x","unknown":1})");
    CHECK(code(many) == "validation_error");
    for (const char* path : {"\"email\"", "\"phone\"", "\"name\"", "\"unknown\"", "\"password\""})
        CHECK(raw_at(many.body, "details").find(path) != std::string::npos);
    registered(world, "Sara@x.sa", "0551234567");
    const Answer both = refused(registration("sara@X.SA", "+966551234567"));
    CHECK(both.status == 409);
    CHECK(code(both) == "user_exists");
    CHECK(text_at(both.body, "error") == "User already exists");
    CHECK(raw_at(both.body, "details").find("email_taken") != std::string::npos);
    CHECK(raw_at(both.body, "details").find("phone_taken") != std::string::npos);
}

TEST_CASE("registration: a repeat with its key is the same person in a new session, and needs the same password") {
    NodeWorld world;
    const std::string key = "Idempotency-Key: once\r\n";
    const Person first = person_of(world.post("/api/auth/register", registration("a@x.sa", "0551234567"), "", key));
    const Answer again = world.post("/api/auth/register", registration("a@x.sa", "0551234567"), "", key);
    CHECK(again.status == 201);
    CHECK(again.header("idempotency-replayed") == "true");
    const Person second = person_of(again);
    CHECK(second.id == first.id);
    CHECK(second.token != first.token);
    CHECK(world.get("/api/auth/me", second.token).status == 200);
    const Answer guessed =
        world.post("/api/auth/register", R"({"email":"a@x.sa","phone":"0551234567","password":"Guess1234!","name":"Sara Ali"})", "", key);
    CHECK(guessed.status == 401);
    CHECK(code(world.post("/api/auth/register", registration("b@x.sa", "0551234568"), "", key)) ==
          "idempotency_key_reused");
}

TEST_CASE("sign-in: by e-mail in any case and by phone in any form") {
    NodeWorld world;
    registered(world, "Sara@x.sa", "0551234567");
    for (const char* who : {"sara@X.sa", "0551234567", "551234567", "+966551234567", "00966551234567", "٠٥٥١٢٣٤٥٦٧"}) {
        INFO(who);
        const Answer in = world.login(who, "Test1234!");
        CHECK(in.status == 200);
        CHECK(text_at(in.body, "tenant.name") == "Sara Ali");
        CHECK(world.get("/api/auth/me", text_at(in.body, "token")).status == 200);
    }
    CHECK(world.post("/api/auth/login", R"({"phone":"0551234567","password":"Test1234!"})").status == 200);
    CHECK(code(world.post("/api/auth/login", R"({"phone":"0551234567","email":"sara@x.sa","password":"Test1234!"})")) == "too_many");
    CHECK(code(world.post("/api/auth/login", R"({"password":"Test1234!"})")) == "required");
}

TEST_CASE("sign-in: wrong and unknown look alike, the sixth attempt waits, also after a restart") {
    NodeWorld world;
    const Person sara = registered(world, "sara@x.sa", "0551234567");
    const Answer wrong = world.login("sara@x.sa", "Wrong1234!");
    CHECK(wrong.status == 401);
    CHECK(wrong.header("www-authenticate").starts_with("Bearer"));
    CHECK(text_at(wrong.body, "error") == "Invalid credentials");
    const Answer unknown = world.login("nobody@x.sa", "Wrong1234!");
    CHECK(unknown.status == 401);
    CHECK(text_at(unknown.body, "message") == text_at(wrong.body, "message"));
    for (int i = 0; i < 3; ++i) CHECK(world.login("sara@x.sa", "Wrong1234!").status == 401);
    const Answer locked = world.login("sara@x.sa", "Test1234!");
    CHECK(locked.status == 429);
    CHECK(code(locked) == "too_many_attempts");
    CHECK(std::stoi(locked.header("retry-after")) > 800);
    world.restart();
    CHECK(world.get("/api/auth/me", sara.token).status == 200);   // who is signed in stays so
    // Four of the five were recorded (of a known person): the address is not over its limit again, but one more locks both.
    CHECK(world.login("sara@x.sa", "Wrong1234!").status == 401);
    CHECK(world.login("sara@x.sa", "Test1234!").status == 429);
    world.restart();
    CHECK(world.login("sara@x.sa", "Test1234!").status == 429);
}

TEST_CASE("guard: what is no token of ours, or stands no longer, is 401") {
    NodeWorld world;
    const Person sara = registered(world, "sara@x.sa", "0551234567");
    const Answer none = world.get("/api/auth/me");
    CHECK(none.status == 401);
    CHECK(code(none) == "missing_token");
    CHECK(text_at(none.body, "error") == "Unauthorized");
    CHECK(none.header("www-authenticate") == "Bearer");
    CHECK(code(world.get("/api/auth/me", "a.b.c")) == "invalid_token");
    CHECK(code(world.get("/api/auth/me", sara.token + "x")) == "invalid_token");
    CHECK(code(world.get("/api/auth/me", "eyJhbGciOiJub25lIn0" +
                                             sara.token.substr(sara.token.find('.'),
                                                               sara.token.rfind('.') - sara.token.find('.') + 1))) ==
          "invalid_token");
    CHECK(world.post("/api/auth/logout", "", sara.token).status == 204);
    CHECK(code(world.get("/api/auth/me", sara.token)) == "session_revoked");
    world.restart();
    CHECK(code(world.get("/api/auth/me", sara.token)) == "session_revoked");
}

TEST_CASE("refresh: a token is used up, its successor comes again for ten seconds, a stranger's is refused") {
    NodeWorld world;
    const Person sara = registered(world, "sara@x.sa", "0551234567");
    const auto refresh = [&](const std::string& token) {
        return world.post("/api/auth/refresh", R"({"refreshToken":")" + token + "\"}");
    };
    const Answer first = refresh(sara.refresh), again = refresh(sara.refresh);
    REQUIRE(first.status == 200);
    CHECK(again.status == 200);
    CHECK(text_at(first.body, "refreshToken") == text_at(again.body, "refreshToken"));
    CHECK(text_at(first.body, "refreshToken") != sara.refresh);
    CHECK(world.get("/api/auth/me", text_at(first.body, "token")).status == 200);
    const Answer second = refresh(text_at(first.body, "refreshToken"));
    REQUIRE(second.status == 200);
    CHECK(code(refresh("AAAA")) == "refresh_invalid");
    CHECK(code(refresh(sara.refresh)) == "refresh_reused");
    CHECK(code(world.get("/api/auth/me", text_at(second.body, "token"))) == "session_revoked");
    CHECK(code(refresh(text_at(second.body, "refreshToken"))) == "refresh_invalid");
}

TEST_CASE("sessions: listed, and ended one by one") {
    NodeWorld world;
    const Person sara = registered(world, "sara@x.sa", "0551234567");
    const Person phone = person_of(world.login("sara@x.sa", "Test1234!"));
    const Answer list = world.get("/api/auth/sessions", sara.token);
    CHECK(text_at(list.body, "total") == "2");
    const std::string other = text_at(world.get("/api/auth/session", phone.token).body, "session.id");
    CHECK(text_at(world.get("/api/auth/session", phone.token).body, "session.current") == "true");
    CHECK(world.ask("DELETE", "/api/auth/sessions/" + other, "", sara.token).status == 204);
    CHECK(code(world.get("/api/auth/me", phone.token)) == "session_revoked");
    CHECK(world.ask("DELETE", "/api/auth/sessions/" + other, "", sara.token).status == 404);
    const Person stranger = registered(world, "other@x.sa", "0551234568");
    const std::string theirs = text_at(world.get("/api/auth/session", stranger.token).body, "session.id");
    CHECK(world.ask("DELETE", "/api/auth/sessions/" + theirs, "", sara.token).status == 404);
}

TEST_CASE("users: made, shown to each as they may see them, and of another company not there") {
    NodeWorld world;
    const Person owner = registered(world, "owner@x.sa", "0551234567");
    const Person stranger = registered(world, "stranger@x.sa", "0551234568");
    const Person manager = colleague(world, owner, "manager@x.sa", "MANAGER");
    const Person broker =
        colleague(world, owner, "broker@x.sa", "BROKER", R"(,"idNumber":"1000000008","dateOfBirth":"1990-02-03","title":"مستشار")");
    const auto seen_by = [&](const Person& who) { return world.get("/api/users/" + broker.id, who.token); };
    CHECK(text_at(seen_by(owner).body, "user.idNumber") == "1000000008");
    CHECK(text_at(seen_by(broker).body, "user.idNumber") == "1000000008");
    CHECK(text_at(seen_by(manager).body, "user.idNumber") == "1•••••••08");
    CHECK(text_at(seen_by(manager).body, "user.dateOfBirth") == "null");
    CHECK(text_at(world.get("/api/users/" + manager.id, broker.token).body, "user.email").empty());
    CHECK(text_at(world.get("/api/users/" + manager.id, broker.token).body, "user.name") == "Fahad Saad");
    CHECK(seen_by(stranger).status == 404);
    CHECK(world.ask("PATCH", "/api/users/" + broker.id, R"({"title":"x"})", stranger.token).status == 404);
    const Answer list = world.get("/api/users?role=BROKER&sort=name", manager.token);
    CHECK(text_at(list.body, "total") == "2");
    CHECK(list.body.find("1000000008") == std::string::npos);
    CHECK(text_at(world.get("/api/users?search=broker%40x.sa", owner.token).body, "total") == "1");
    CHECK(text_at(world.get("/api/users", stranger.token).body, "total") == "1");
}

TEST_CASE("users: a change shows at once, by PATCH and PUT, and only groups that a patch may touch") {
    NodeWorld world;
    const Person owner = registered(world, "owner@x.sa", "0551234567");
    const std::string path = "/api/users/" + owner.id;
    const Answer changed = world.ask("PATCH", path, R"({"title":"مدير","name":"Sara M. Ali","idNumber":"2000000006"})", owner.token);
    REQUIRE(changed.status == 200);
    CHECK(text_at(changed.body, "user.lastName") == "M. Ali");
    const std::string version = text_at(changed.body, "user.version");
    CHECK(changed.header("etag").starts_with("\"" + version + "-"));
    CHECK(text_at(world.get(path, owner.token).body, "user.title") == "مدير");
    CHECK(text_at(world.ask("PUT", path, R"({"title":null})", owner.token).body, "user.title") == "null");
    CHECK(world.ask("PATCH", path, R"({"city":"جدة"})", owner.token, "If-Match: \"" + version + "\"\r\n").status == 412);
    for (const char* member : {"email", "phone", "password", "role", "status"})
        CHECK(code(world.ask("PATCH", path, std::string("{\"") + member + "\":\"x\"}", owner.token)) ==
              "use_own_command");
    CHECK(code(world.ask("PATCH", path, R"({"idNumber":"2000000007"})", owner.token)) == "invalid_id_number");
    const std::string same = text_at(world.get(path, owner.token).body, "user.version");
    CHECK(text_at(world.ask("PATCH", path, R"({"name":"Sara M. Ali"})", owner.token).body, "user.version") == same);
    const Answer history = world.get(path + "/history", owner.token);
    CHECK(history.status == 200);
    CHECK(history.body.find("UserRenamed") != std::string::npos);
    CHECK(history.body.find("argon2") == std::string::npos);
}

TEST_CASE("users: role, suspension and deletion work at once") {
    NodeWorld world;
    const Person owner = registered(world, "owner@x.sa", "0551234567");
    const Person broker = colleague(world, owner, "broker@x.sa", "BROKER");
    const std::string path = "/api/users/" + broker.id;
    CHECK(world.post("/api/users", "{}", broker.token).status == 403);
    CHECK(text_at(world.ask("PUT", path + "/role", R"({"role":"MANAGER"})", owner.token).body, "user.role") == "MANAGER");
    CHECK(
        world.post("/api/users", R"({"email":"n@x.sa","name":"New One","password":"Test1234!","role":"COMPANY"})", broker.token).status ==
        403);
    CHECK(code(world.post("/api/users", R"({"email":"BROKER@x.sa","name":"New One","password":"Test1234!","role":"BROKER"})",
                          broker.token)) == "email_taken");
    CHECK(code(world.post(path + "/suspend", "{}", owner.token)) == "required");
    const Answer suspended = world.post(path + "/suspend", R"({"reason":"left"})", owner.token);
    CHECK(text_at(suspended.body, "user.status") == "SUSPENDED");
    CHECK(code(world.get("/api/auth/me", broker.token)) == "session_revoked");
    CHECK(code(world.login("broker@x.sa", "Test1234!")) == "account_suspended");
    CHECK(world.login("broker@x.sa", "Wrong1234!").status == 401);
    CHECK(text_at(world.post(path + "/activate", "", owner.token).body, "user.isActive") == "true");
    const Person back = person_of(world.login("broker@x.sa", "Test1234!"));
    CHECK(code(world.post("/api/users/" + owner.id + "/suspend", R"({"reason":"x"})", owner.token)) == "cannot_suspend_self");
    CHECK(code(world.ask("DELETE", "/api/users/" + owner.id, "", owner.token)) == "last_owner");
    CHECK(world.ask("DELETE", path, "", owner.token).status == 204);
    CHECK(world.ask("DELETE", path, "", owner.token).status == 404);
    CHECK(world.get(path, owner.token).status == 404);
    CHECK(code(world.get("/api/auth/me", back.token)) == "session_revoked");
    CHECK(world.login("broker@x.sa", "Test1234!").status == 401);
}

TEST_CASE("passwords: one's own needs the current one, none of the last five comes back, other sessions end") {
    NodeWorld world;
    const Person owner = registered(world, "owner@x.sa", "0551234567");
    const Person elsewhere = person_of(world.login("owner@x.sa", "Test1234!"));
    const std::string path = "/api/users/" + owner.id + "/password";
    const auto change = [&](const std::string& from, const std::string& to) {
        return world.post(path, R"({"currentPassword":")" + from + R"(","newPassword":")" + to + "\"}", owner.token);
    };
    CHECK(code(change("Wrong1234!", "Better5678!")) == "invalid_credentials");
    CHECK(code(change("Test1234!", "better")) == "weak_password");
    CHECK(code(change("Test1234!", "Test1234!")) == "password_reused");
    CHECK(change("Test1234!", "Better5678!").status == 204);
    CHECK(code(world.get("/api/auth/me", elsewhere.token)) == "session_revoked");
    CHECK(world.get("/api/auth/me", owner.token).status == 200);
    CHECK(world.login("owner@x.sa", "Better5678!").status == 200);
    CHECK(code(change("Better5678!", "Test1234!")) == "password_reused");
    const Person broker = colleague(world, owner, "broker@x.sa", "BROKER");
    CHECK(world.post("/api/users/" + broker.id + "/password", R"({"newPassword":"Given1234!"})", owner.token).status == 204);
    CHECK(world.login("broker@x.sa", "Given1234!").status == 200);
    CHECK(world.post(path, R"({"newPassword":"Given1234!"})", person_of(world.login("broker@x.sa", "Given1234!")).token).status == 403);
}

TEST_CASE("tenants: settings are merged by key, and only its administration changes it") {
    NodeWorld world;
    const Person owner = registered(world, "owner@x.sa", "0551234567");
    const Person broker = colleague(world, owner, "broker@x.sa", "BROKER");
    const std::string id = text_at(world.get("/api/tenants/current", owner.token).body, "tenant.id");
    const Answer changed =
        world.ask("PATCH", "/api/tenants/" + id, R"({"nameAr":"نوفا","settings":{"duplicatePolicy":"REFUSE"}})", owner.token);
    REQUIRE(changed.status == 200);
    CHECK(text_at(changed.body, "tenant.settings.duplicatePolicy") == "REFUSE");
    CHECK(text_at(changed.body, "tenant.settings.currency") == "SAR");
    CHECK(text_at(changed.body, "tenant.nameAr") == "نوفا");
    CHECK(world.ask("PATCH", "/api/tenants/" + id, R"({"name":"Mine"})", broker.token).status == 403);
    const Person stranger = registered(world, "other@x.sa", "0551234568");
    CHECK(world.ask("PATCH", "/api/tenants/" + id, R"({"name":"Mine"})", stranger.token).status == 404);
}

TEST_CASE("the directory is the same after a restart, and after the views were built anew") {
    NodeWorld world;
    const Person owner = registered(world, "owner@x.sa", "0551234567");
    const Person broker = colleague(world, owner, "broker@x.sa", "BROKER");
    const Person gone = colleague(world, owner, "gone@x.sa", "AGENT");
    world.ask("PATCH", "/api/users/" + broker.id, R"({"title":"x","city":"Riyadh"})", owner.token);
    world.ask("PUT", "/api/users/" + broker.id + "/role", R"({"role":"MANAGER"})", owner.token);
    world.post("/api/users/" + broker.id + "/suspend", R"({"reason":"x"})", owner.token);
    world.ask("DELETE", "/api/users/" + gone.id, "", owner.token);
    const auto picture = [&] {
        return world.get("/api/auth/me", owner.token).body + world.get("/api/users?sort=createdAt", owner.token).body +
               world.get("/api/users/" + broker.id, owner.token).body +
               world.get("/api/auth/sessions", owner.token).body + code(world.get("/api/auth/me", broker.token)) +
               code(world.get("/api/auth/me", gone.token));
    };
    const std::string before = picture();
    world.restart();
    CHECK(picture() == before);
    world.stop();
    for (const auto& entry : std::filesystem::directory_iterator(world.folder))
        if (entry.path().filename().string().starts_with("views.db") ||
            entry.path().filename().string().starts_with("index.db"))
            std::filesystem::remove(entry.path());
    world.start();
    CHECK(picture() == before);
    world.node->runner().rebuild(world.node->identity().collections.users, {});
    world.node->runner().rebuild(world.node->identity().collections.people, {});
    CHECK(picture() == before);
}

TEST_CASE("measure: the guard on a token it knows") {
    NodeWorld world;
    const Person sara = registered(world, "sara@x.sa", "0551234567");
    CHECK(world.get("/api/auth/me", sara.token).status == 200);
    class Nobody final : public api::Reply {
        void send(api::Response) override { FAIL("refused"); }
    };
    const auto request = std::make_shared<api::Request>();
    request->headers = {{"host", "localhost:4000"},
                        {"user-agent", "Mozilla/5.0 (X11; Linux x86_64)"},
                        {"authorization", "Bearer " + sara.token}};
    request->received = cli::now();
    request->address = "192.0.2.1";
    const api::ReplyPtr reply = std::make_shared<Nobody>();
    const api::Guard guard = world.node->guard();
    constexpr int times = 100'000;
    int proceeded = 0;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < times; ++i) guard(request, reply, [&] { ++proceeded; });
    const double ns =
        std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / times;
    CHECK(proceeded == times);
    const SessionId session = request->identity->actor.session;
    const auto again = std::chrono::steady_clock::now();
    int good = 0;
    for (int i = 0; i < times; ++i)
        good += world.node->identity().directory.standing(session, request->received).answer ==
                projections::Standing::Answer::good;
    const double standing_ns =
        std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - again).count() / times;
    CHECK(good == times);
    std::printf("guard: %.0f ns a request, of which the directory %.0f ns\n", ns, standing_ns);
    CHECK(ns < 20000);
}

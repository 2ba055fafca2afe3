// A whole node on a folder of its own behind a real server, and people who speak HTTP to it.
#pragma once
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "api/cli/node.h"
#include "schemas/json.h"
#include "tests/api/http_client.h"

namespace nova::api::test {

// The raw JSON of a member, by its path (`user.name`); empty: there is none.
inline std::string raw_at(std::string json, std::string_view path) {
    while (!path.empty() && !json.empty()) {
        const std::string name(path.substr(0, path.find('.')));
        path.remove_prefix(std::min(name.size() + 1, path.size()));
        std::string found;
        schemas::for_each_member(json, [&](std::string_view member, std::string_view raw) {
            if (member == name) found = raw;
        });
        json = found;
    }
    return json;
}
inline std::string text_at(const std::string& json, std::string_view path) {
    const std::string raw = raw_at(json, path);
    return raw.starts_with('"') ? schemas::unescaped(raw) : raw;
}

class NodeWorld {
public:
    NodeWorld() {
        char name[] = "/tmp/nova-identity-XXXXXX";
        folder = mkdtemp(name);
        start();
    }
    ~NodeWorld() {
        stop();
        std::filesystem::remove_all(folder);
    }
    void start() {
        config = cli::load_config({{"DATABASE_PATH", folder.string()}, {"LOG_LEVEL", "error"}});
        node = std::make_unique<cli::Node>(config);
        node->start();
        router = std::make_unique<Router>();
        cli::add_routes(*router, *node, config, [] { return false; });
        server = std::make_unique<Running>(*router, unlimited(), node->guard());
        node->use_loop([this](std::function<void()> work) { server->server->post(std::move(work)); });
    }
    void stop() {
        if (!node) return;
        server->stop();
        node->stop();
        server.reset(), router.reset(), node.reset();
    }
    void restart() { stop(), start(); }

    Answer ask(const std::string& method, const std::string& path, const std::string& body = "",
               const std::string& token = "", const std::string& more = "") {
        Client client(server->port);
        std::string request = method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + more;
        if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
        if (!body.empty()) request += "Content-Type: application/json\r\n";
        request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        return client.ask(request);
    }
    Answer get(const std::string& path, const std::string& token = "") { return ask("GET", path, "", token); }
    Answer post(const std::string& path, const std::string& body, const std::string& token = "",
                const std::string& more = "") {
        return ask("POST", path, body, token, more);
    }
    Answer login(const std::string& who, const std::string& password) {
        return post("/api/auth/login", R"({"identifier":")" + who + R"(","password":")" + password + "\"}");
    }

    std::filesystem::path folder;
    cli::Config config;
    std::unique_ptr<cli::Node> node;
    std::unique_ptr<Router> router;
    std::unique_ptr<Running> server;
};

struct Person {
    std::string id, token, refresh;
};
inline std::string registration(const std::string& email, const std::string& phone, const std::string& more = "") {
    return R"({"email":")" + email + R"(","phone":")" + phone + R"(","password":"Test1234!","name":"Sara Ali")" + more + "}";
}
inline Person person_of(const Answer& answer) {
    return {text_at(answer.body, "user.id"), text_at(answer.body, "token"), text_at(answer.body, "refreshToken")};
}
inline Person registered(NodeWorld& world, const std::string& email, const std::string& phone) {
    const Answer answer = world.post("/api/auth/register", registration(email, phone));
    INFO(answer.body);
    REQUIRE(answer.status == 201);
    return person_of(answer);
}
// A colleague with the role, signed in.
inline Person colleague(NodeWorld& world, const Person& owner, const std::string& email, const std::string& role,
                        const std::string& more = "") {
    const Answer made = world.post(
        "/api/users", R"({"email":")" + email + R"(","name":"Fahad Saad","password":"Test1234!","role":")" + role + "\"" + more + "}",
        owner.token);
    INFO(made.body);
    REQUIRE(made.status == 201);
    const Answer in = world.login(email, "Test1234!");
    REQUIRE(in.status == 200);
    return person_of(in);
}

}  // namespace nova::api::test

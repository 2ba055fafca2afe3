// Limits of size, time and number, and stopping.
#include <doctest/doctest.h>

#include "tests/api/http_routes.h"

using namespace nova;
using namespace nova::api;
using namespace nova::api::test;
using std::chrono::milliseconds;

namespace {

std::int64_t since_ms(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start).count();
}

ServerOptions hasty() {
    auto options = unlimited();
    options.header_timeout = milliseconds(400);
    options.request_timeout = milliseconds(800);
    options.idle_timeout = milliseconds(700);
    options.write_timeout = milliseconds(300);
    return options;
}

}  // namespace

TEST_CASE("limits: a body of 2 MB is 413, with and without a length, and the answer is read whole") {
    Router router;
    add_test_routes(router);
    Running nova(router, unlimited());
    Client announced(nova.port);
    const auto answer = announced.ask(post("/api/echo", std::string(2 << 20, 'a')));
    CHECK(answer.status == 413);
    CHECK(answer.body.find(R"("code":"too_large")") != std::string::npos);
    CHECK(answer.header("connection") == "close");
    CHECK(announced.is_closed());
    Client chunked(nova.port);
    std::string bytes = "POST /api/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 40; ++i) bytes += "10000\r\n" + std::string(65536, 'a') + "\r\n";
    chunked.send(bytes);
    CHECK(chunked.receive().status == 413);
    Client polite(nova.port);
    CHECK(polite.ask("POST /api/echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9000000\r\n\r\n")
              .status == 413);
    Client full(nova.port);
    CHECK(full.ask(post("/api/echo", std::string(1 << 20, 'a'))).body.size() == 1 << 20);
}

TEST_CASE("limits: 100-continue is said before the body is sent") {
    Router router;
    add_test_routes(router);
    Running nova(router, unlimited());
    Client client(nova.port);
    client.send(
        "POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: "
        "100-continue\r\nContent-Length: 2\r\n\r\n");
    CHECK(client.receive().status == 100);
    client.send("{}");
    CHECK(client.receive().body == "{}");
    CHECK(client.ask("POST /api/echo HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 2\r\n\r\n").status ==
          417);
}

TEST_CASE("limits: too much header is 431") {
    Router router;
    add_test_routes(router);
    Running nova(router, unlimited());
    Client one(nova.port);
    CHECK(one.ask(get("/api/hello", "X-Big: " + std::string(20000, 'a') + "\r\n")).status == 431);
    CHECK(one.is_closed());
    std::string many;
    for (int i = 0; i < 200; ++i) many += "X-" + std::to_string(i) + ": a\r\n";
    Client two(nova.port);
    CHECK(two.ask(get("/api/hello", many)).status == 431);
    Client endless(nova.port);
    endless.send("GET /api/hello HTTP/1.1\r\n");
    for (int i = 0; i < 2000 && endless.send("X-Flood: " + std::string(50, 'a') + "\r\n"); ++i) {}
    CHECK(endless.receive().status == 431);
    Client fits(nova.port);
    CHECK(fits.ask(get("/api/hello", "X-Big: " + std::string(15000, 'a') + "\r\n")).status == 200);
}

TEST_CASE("limits: broken requests are 400 and end the connection") {
    Router router;
    add_test_routes(router);
    Running nova(router, unlimited());
    for (const std::string& bytes : std::vector<std::string>{
             "GET /api/hello HTTP/1.1\n\n",
             "GARBAGE\r\n\r\n",
             "\x16\x03\x01\x02",
             "GET  /api/hello HTTP/1.1\r\nHost: x\r\n\r\n",
             "GET /api/hello HTTP/1.1\r\n\r\n",
             "GET /api/hello HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
             "GET /api/hello HTTP/9.9\r\nHost: x\r\n\r\n",
             "GET /api/hello HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
             "GET /api/hello HTTP/1.1\r\nHost: x\r\nX : 1\r\n\r\n",
             "POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
             "POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
             "POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
             "POST /api/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
             "POST /api/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n",
             "POST /api/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
         }) {
        CAPTURE(bytes);
        Client client(nova.port);
        const auto answer = client.ask(bytes);
        CHECK(answer.status == 400);
        CHECK(answer.body.find(R"("code":"malformed_request")") != std::string::npos);
        CHECK(answer.header("x-correlation-id").size() == 36);
        CHECK(client.is_closed());
    }
}

TEST_CASE("limits: a header or a body that does not arrive is 408, an idle connection is closed without a word") {
    Router router;
    add_test_routes(router);
    Running nova(router, hasty());
    const auto start = std::chrono::steady_clock::now();
    Client header(nova.port), body(nova.port), idle(nova.port), served(nova.port);
    header.send("GET /api/hello HT");
    body.send("POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{");
    CHECK(served.ask(get("/api/hello")).status == 200);
    CHECK(header.receive().status == 408);
    CHECK(since_ms(start) >= 350);
    CHECK(since_ms(start) < 4000);
    CHECK(body.receive().status == 408);
    CHECK(idle.is_closed());
    CHECK(served.is_closed());
}

TEST_CASE("limits: a header that drips byte by byte does not last longer for it") {
    Router router;
    add_test_routes(router);
    Running nova(router, hasty());
    Client drip(nova.port);
    const auto start = std::chrono::steady_clock::now();
    drip.send("GET /api/hello HTTP/1.1\r\n");
    while (since_ms(start) < 8000 && drip.send("X: 1\r\n")) std::this_thread::sleep_for(milliseconds(20));
    CHECK(since_ms(start) < 7900);
    CHECK(drip.receive().status == 408);
}

TEST_CASE(
    "limits: a handler that does not answer in time: 503 for a question, 504 for a command; its late answer is "
    "dropped") {
    Router router;
    add_test_routes(router);
    Running nova(router, hasty());
    Client client(nova.port);
    const auto question = client.ask(get("/api/slow?ms=1200"));
    CHECK(question.status == 503);
    CHECK(question.header("retry-after") == "1");
    const auto command = client.ask(post("/api/slow", ""));
    CHECK(command.status == 504);
    CHECK(command.body.find(R"("code":"outcome_unknown")") != std::string::npos);
    CHECK(client.ask(get("/api/hello")).body == "{\"hello\":true}");
    std::this_thread::sleep_for(milliseconds(500));
    CHECK(client.unread().empty());
}

TEST_CASE("limits: who does not read their answer is cut") {
    Router router;
    add_test_routes(router);
    auto options = hasty();
    options.read_bytes_a_second_min = 1 << 30;
    Running nova(router, options);
    Client patient(nova.port);
    patient.send(get("/api/sized?n=30000000"));
    std::this_thread::sleep_for(milliseconds(600));
    CHECK(patient.receive(false, 2000).status == 0);
    CHECK(patient.unread().size() < 30000000);
    Running generous(router, unlimited());
    Client reader(generous.port);
    CHECK(reader.ask(get("/api/sized?n=30000000")).body.size() == 30000000);
    CHECK(reader.ask(get("/api/hello")).status == 200);
}

TEST_CASE("limits: more connections than there may be are answered 503") {
    Router router;
    add_test_routes(router);
    auto options = unlimited();
    options.connections_max = 2;
    Running nova(router, options);
    Client one(nova.port), two(nova.port);
    CHECK(one.ask(get("/api/hello")).status == 200);
    CHECK(two.ask(get("/api/hello")).status == 200);
    Client three(nova.port);
    const auto refused = three.receive();
    CHECK(refused.status == 503);
    CHECK(refused.header("retry-after") == "1");
    CHECK(one.ask(get("/api/hello")).status == 200);
}

TEST_CASE("limits: the rate limit counts users, else addresses; 429 says how long to wait") {
    Router router;
    add_test_routes(router);
    auto options = unlimited();
    options.general_limit = "3/15m";
    Running nova(router, options, [](const RequestPtr& request, const ReplyPtr& reply, std::function<void()> proceed) {
        const auto who = request->header("authorization");
        if (who.empty()) return reply->send(problem(*request, {401, "token_missing", "", "Sign in first."}));
        request->identity.emplace();
        request->identity->actor.user.value.bytes[0] = static_cast<std::uint8_t>(who[0]);
        proceed();
    });
    Client client(nova.port);
    for (int left = 2; left >= 0; --left) {
        const auto answer = client.ask(get("/api/items/1", "Authorization: a\r\n"));
        CHECK(answer.status == 200);
        CHECK(answer.header("ratelimit-limit") == "3");
        CHECK(answer.header("ratelimit-remaining") == std::to_string(left));
        CHECK(answer.header("ratelimit-policy") == "3;w=900");
    }
    const auto refused = client.ask(get("/api/items/1", "Authorization: a\r\n"));
    CHECK(refused.status == 429);
    CHECK(refused.body.find("Too many requests, please try again later.") != std::string::npos);
    const int wait = std::stoi(refused.header("retry-after"));
    CHECK(wait > 800);
    CHECK(wait <= 900);
    CHECK(client.ask(get("/api/items/1", "Authorization: b\r\n")).status == 200);
    // Refused tokens, public paths and unknown paths count for the address.
    CHECK(client.ask(get("/api/items/1")).status == 401);
    CHECK(client.ask(get("/api/hello")).status == 200);
    CHECK(client.ask(get("/api/none")).status == 404);
    CHECK(client.ask(get("/api/items/1")).status == 429);
    CHECK(client.ask("OPTIONS /api/hello HTTP/1.1\r\nHost: x\r\n\r\n").status == 204);
}

TEST_CASE("stop: answers under way are finished, idle connections are closed, new ones refused") {
    Router router;
    add_test_routes(router);
    Running nova(router, unlimited());
    Client slow(nova.port), idle(nova.port);
    CHECK(idle.ask(get("/api/hello")).status == 200);
    slow.send(get("/api/slow?ms=500"));
    std::this_thread::sleep_for(milliseconds(100));
    const auto start = std::chrono::steady_clock::now();
    nova.server->stop();
    CHECK(idle.is_closed());
    CHECK(nova.server->stopping());
    Client late(nova.port);
    CHECK((!late.connected() || late.ask(get("/api/hello")).status == 0));
    const auto answer = slow.receive();
    CHECK(answer.status == 200);
    CHECK(answer.header("connection") == "close");
    slow.finish_sending();
    nova.stop();
    CHECK(since_ms(start) < 8000);
}

TEST_CASE("stop: what takes too long is cut; a reply that comes after the server has gone is harmless") {
    Router router;
    ReplyPtr kept;
    router.add(open(Method::GET, "/api/never", [&](const RequestPtr&, const ReplyPtr& reply) { kept = reply; }));
    auto options = unlimited();
    options.stop_timeout = milliseconds(200);
    {
        Running nova(router, options);
        Client client(nova.port);
        client.send(get("/api/never"));
        std::this_thread::sleep_for(milliseconds(100));
        nova.stop();
        CHECK(client.receive().status == 0);
    }
    REQUIRE(kept);
    kept->send({200, "{}"});
    kept.reset();
}

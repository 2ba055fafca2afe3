// Bytes that no client would send: whatever comes, the server goes on serving. The sequence is the same at every run.
#include <doctest/doctest.h>

#include <random>

#include "tests/api/http_routes.h"

using namespace nova;
using namespace nova::api;
using namespace nova::api::test;

namespace {

const std::string seeds[] = {
    get("/api/hello", "Accept-Encoding: gzip\r\n"),
    post("/api/echo", R"({"text":"a"})"),
    "POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: "
    "chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\nT: 1\r\n\r\n",
    get("/api/items/%D8%B3?x=%41+b&&=&a") + get("/api/sized?n=5"),
    "OPTIONS * HTTP/1.0\r\n\r\n",
};

std::string mutated(std::mt19937& random) {
    std::string bytes = seeds[random() % std::size(seeds)];
    for (auto n = random() % 6; n > 0; --n) {
        const auto at = random() % (bytes.size() + 1);
        switch (random() % 6) {
            case 0: bytes.insert(at, 1, static_cast<char>(random() % 256)); break;
            case 1: if (at < bytes.size()) bytes[at] = static_cast<char>(random() % 256); break;
            case 2: bytes.erase(at, random() % 8); break;
            case 3: bytes.insert(at, "\r\n"); break;
            case 4: bytes.insert(at, bytes.substr(random() % (bytes.size() + 1), random() % 40)); break;
            default: bytes.resize(at); if (bytes.empty()) bytes = "\n"; break;
        }
    }
    return bytes;
}

}  // namespace

TEST_CASE("fuzz: the server survives three thousand mutated messages") {
    Router router;
    add_test_routes(router);
    auto options = unlimited();
    options.header_timeout = options.request_timeout = options.idle_timeout = std::chrono::milliseconds(100);
    Running nova(router, options);
    std::mt19937 random(20261121);
    int answered = 0;
    for (int i = 0; i < 3000; ++i) {
        Client client(nova.port);
        const std::string bytes = mutated(random);
        const auto cut = random() % (bytes.size() + 1);
        client.send(std::string_view(bytes).substr(0, cut));
        client.send(std::string_view(bytes).substr(cut));
        client.finish_sending();
        const auto answer = client.receive(bytes.starts_with("HEAD"), 2000);
        if (answer.status) ++answered;
        if (answer.status == 500) FAIL("a 500 for: " << bytes);
    }
    CHECK(answered > 1500);
    Client client(nova.port);
    CHECK(client.ask(get("/api/hello")).status == 200);
}

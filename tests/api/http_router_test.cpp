#include <doctest/doctest.h>

#include <chrono>

#include "api/http/router.h"

using namespace nova::api;

namespace {

Route route(Method method, std::string pattern) { return {method, std::move(pattern), "", "", {}}; }

std::string found(const Router& router, Method method, std::string_view path) {
    const auto at = router.find(method, path);
    if (!at.route) return at.allow.empty() ? "no such path" : "allow " + at.allow;
    std::string out(to_text(at.route->method));
    out += " " + at.route->pattern;
    for (const auto& value : at.path_values) out += " " + value;
    return out;
}

}  // namespace

TEST_CASE("router: literals before values, values in order, other methods listed") {
    Router router;
    router.add(route(Method::GET, "/api/customers"));
    router.add(route(Method::POST, "/api/customers"));
    router.add(route(Method::GET, "/api/customers/export.csv"));
    router.add(route(Method::GET, "/api/customers/{id}"));
    router.add(route(Method::PATCH, "/api/customers/{id}"));
    router.add(route(Method::GET, "/api/customers/{id}/documents/{documentId}"));
    router.add(route(Method::PUT, "/api/vocabularies/{name}"));
    CHECK(found(router, Method::GET, "/api/customers") == "GET /api/customers");
    CHECK(found(router, Method::GET, "/api/customers/") == "GET /api/customers");
    CHECK(found(router, Method::GET, "/api/customers/export.csv") == "GET /api/customers/export.csv");
    CHECK(found(router, Method::GET, "/api/customers/7") == "GET /api/customers/{id} 7");
    CHECK(found(router, Method::HEAD, "/api/v1/customers/7") == "GET /api/customers/{id} 7");
    CHECK(found(router, Method::PUT, "/api/customers/7") == "PATCH /api/customers/{id} 7");
    CHECK(found(router, Method::PUT, "/api/vocabularies/x") == "PUT /api/vocabularies/{name} x");
    // A literal that leads nowhere does not hide the value beside it.
    CHECK(found(router, Method::GET, "/api/customers/export.csv/documents/9") ==
          "GET /api/customers/{id}/documents/{documentId} export.csv 9");
    CHECK(found(router, Method::DELETE, "/api/customers") == "allow GET, HEAD, POST, OPTIONS");
    CHECK(found(router, Method::PATCH, "/api/customers/export.csv") == "allow GET, HEAD, OPTIONS");
    CHECK(found(router, Method::GET, "/api/customers/7/documents") == "no such path");
    CHECK(found(router, Method::GET, "/api//customers") == "no such path");
    CHECK(found(router, Method::GET, "/") == "no such path");
    CHECK(found(router, Method::GET, "/customers") == "no such path");
    CHECK_THROWS_AS(router.add(route(Method::GET, "/api/customers/{other}")), std::logic_error);
}

TEST_CASE("router: health is reachable outside /api too") {
    Router router;
    Route health = route(Method::GET, "/api/health");
    health.outside_api = true;
    router.add(std::move(health));
    CHECK(found(router, Method::GET, "/health") == "GET /api/health");
    CHECK(found(router, Method::GET, "/api/health") == "GET /api/health");
}

TEST_CASE("router: thousands of look-ups a millisecond among three hundred routes") {
    Router router;
    for (int i = 0; i < 100; ++i) {
        const std::string base = "/api/things" + std::to_string(i);
        for (const auto& pattern : {base, base + "/{id}", base + "/{id}/history"})
            router.add(route(Method::GET, pattern));
    }
    const auto start = std::chrono::steady_clock::now();
    std::size_t values = 0;
    for (int i = 0; i < 100'000; ++i)
        values += router.find(Method::GET, "/api/things77/0192f3a4-5b6c-7d8e-9f01-23456789abcd").path_values.size();
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    CHECK(values == 100'000);
    MESSAGE("look-ups a millisecond: " << 100'000 / ms);
    CHECK(ms < 2000);   // generous, for sanitizers and busy machines
}

// The small parts of the server, one by one.
#include <doctest/doctest.h>

#include "api/http/client_address.h"
#include "api/http/gzip.h"
#include "api/http/item.h"
#include "api/http/problem.h"
#include "api/http/rate_limit.h"
#include "api/http/request_rules.h"
#include "api/http/target.h"

using namespace nova;
using namespace nova::api;

TEST_CASE("rate limit: the window slides, and who waits as long as told is let in") {
    RateLimiter limiter(*parse_limit("5/60s"));
    std::int64_t now = 1'000'000;
    for (std::uint32_t i = 0; i < 5; ++i, now += 10'000)
        CHECK(limiter.count("a", now).remaining == 4 - i);  // until +40 s
    const auto refused = limiter.count("a", now);
    CHECK_FALSE(refused.allowed);
    CHECK(refused.reset_s == 10);   // the first one leaves a minute after it came
    CHECK(limiter.count("b", now).allowed);
    CHECK_FALSE(limiter.count("a", now + 8'000).allowed);
    CHECK(limiter.count("a", now + refused.reset_s * 1000).allowed);
    CHECK_FALSE(
        limiter.count("a", now + refused.reset_s * 1000).allowed);  // one more only: the others are not old enough
    CHECK(limiter.keys() == 2);
    limiter.forget_old(now + 1'000'000);
    CHECK(limiter.keys() == 0);
    CHECK(limiter.count("a", now + 1'000'000).remaining == 4);
}

TEST_CASE("rate limit: rules as they are configured") {
    CHECK(parse_limit("100/15m")->policy() == "100;w=900");
    CHECK(parse_limit("5/1h")->window_ms == 3'600'000);
    CHECK(!parse_limit("off"));
    for (const char* wrong : {"", "100", "0/1m", "a/1m", "5/m", "5/1y", "5/0s", "5/1mm"})
        CHECK_THROWS_AS(parse_limit(wrong), std::invalid_argument);
}

TEST_CASE("item: an ETag of version and content, 304 for who has it") {
    Request request;
    const auto first = item_response(request, "customer", R"({"id":"1"})", 7);
    CHECK(first.body == R"({"customer":{"id":"1"}})");
    const std::string etag = first.headers.at(0).second;
    CHECK(etag.starts_with("\"7-"));
    CHECK(etag != etag_of(R"({"id":"2"})", 7));
    request.headers = {{"if-none-match", "\"x\", W/" + etag}};
    const auto again = item_response(request, "customer", R"({"id":"1"})", 7);
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(item_response(request, "customer", R"({"id":"1"})", 8).status == 200);
    request.method = Method::PATCH;
    CHECK(item_response(request, "customer", R"({"id":"1"})", 7).status == 200);
    request.method = Method::POST;
    CHECK(item_response(request, "customer", "{}", 1, 201, R"(,"warnings":[])").body == R"({"customer":{},"warnings":[]})");
}

TEST_CASE("item: If-Match and Idempotency-Key as they may be sent") {
    const auto version = [](std::string value) {
        Request request;
        request.headers = {{"if-match", std::move(value)}};
        Violations wrong;
        const auto read = if_match(request, wrong);
        return wrong.empty() ? read ? static_cast<long>(*read) : 0L : -1L;
    };
    CHECK(version("\"7\"") == 7);
    CHECK(version("\"7-0a1b\"") == 7);
    CHECK(version("W/\"7-0a1b\"") == 7);
    CHECK(version("*") == 0);
    for (const char* wrong : {"", "7", "\"\"", "\"x\"", "\"7\", \"8\"", "\"-1\"", "\"7x\"", "\"99999999999999999999\""})
        CHECK(version(wrong) == -1);
    const auto key = [](std::string value) {
        Request request;
        request.headers = {{"idempotency-key", std::move(value)}};
        Violations wrong;
        auto read = idempotency_key(request, wrong);
        return wrong.empty() ? read : "wrong: " + wrong.all()[0].code;
    };
    CHECK(key("abc-1") == "abc-1");
    CHECK(key(std::string(255, 'a')).size() == 255);
    for (const std::string& wrong :
         std::vector<std::string>{std::string(), std::string(256, 'a'), std::string("a b"), std::string("مفتاح")})
        CHECK(key(wrong) == "wrong: invalid_idempotency_key");
    Violations none;
    CHECK(idempotency_key(Request{}, none).empty());
    CHECK(!if_match(Request{}, none));
    CHECK(none.empty());
}

TEST_CASE("problem: every member of both shapes, in the language asked for") {
    Request request;
    request.path = "/api/customers";
    request.correlation_id = "c-1";
    request.received = {1'763'630'000'000};
    Violations wrong;
    wrong.add("name", "too_short", "At least 3 characters.");
    wrong.add("phone", "odd_code", "A \"phone\".");
    const auto answer = invalid(request, wrong);
    CHECK(answer.status == 400);
    CHECK(answer.body ==
          R"({"type":"/api/errors/validation-error","title":"Validation error","status":400,"code":"validation_error","error":"Validation error",)"
          R"("message":"The request breaks several rules; details lists them all.","details":[{"path":"name","code":"too_short","message":"At least 3 characters."},)"
          R"({"path":"phone","code":"odd_code","message":"A \"phone\"."}],"correlationId":"c-1","path":"/api/customers","timestamp":"2025-11-20T09:13:20.000Z"})");
    request.arabic = true;
    const auto arabic = invalid(request, wrong).body;
    CHECK(arabic.find("النص قصير جدًا") != std::string::npos);
    CHECK(arabic.find(R"("error":"Validation error")") != std::string::npos);
    CHECK(arabic.find("A \\\"phone\\\".") != std::string::npos);
    CHECK(problem(request, Rejection::not_found()).status == 404);
    CHECK(problem(request, Rejection::rule("user_exists", "")).body.find("\"error\":\"User already exists\"") !=
          std::string::npos);
    Rejection slow{Rejection::Kind::too_many, "too_many_attempts", "Too many login attempts, please try again later."};
    slow.retry_after_s = 42;
    CHECK(problem(request, slow).headers.at(0).second == "42");
}

TEST_CASE("languages and codings are chosen by weight") {
    CHECK(prefers_arabic("ar"));
    CHECK(prefers_arabic("en;q=0.5, ar-SA"));
    CHECK_FALSE(prefers_arabic("en, ar;q=0.9"));
    CHECK_FALSE(prefers_arabic("fr"));
    CHECK_FALSE(prefers_arabic(""));
    CHECK(accepts_gzip("deflate, gzip"));
    CHECK(accepts_gzip("*"));
    CHECK_FALSE(accepts_gzip("gzip;q=0.0"));
    CHECK_FALSE(accepts_gzip("br"));
}

TEST_CASE("target: decoded once, refused when it is not text") {
    const auto read = [](std::string target) {
        Request request;
        request.target = std::move(target);
        if (!read_target(request)) return std::string("wrong");
        std::string out = request.path;
        for (const auto& [name, value] : request.query) out += " " + name + "=" + value;
        return out;
    };
    CHECK(read("/a%20b/?x=%D8%B3+y&z&=1#f") == "/a b x=س y z= =1");
    CHECK(read("/%2541") == "/%41");
    CHECK(read("/") == "/");
    for (const char* wrong : {"/%", "/%g1", "/%00", "/%c0%af", "/?%ed%a0%80=1", "a", ""}) CHECK(read(wrong) == "wrong");
}

TEST_CASE("client address: X-Forwarded-For only from trusted proxies, the nearest stranger counts") {
    const TrustedProxies proxies({"10.0.0.0/8", "::1"});
    CHECK(proxies.client("1.2.3.4", "9.9.9.9") == "1.2.3.4");
    CHECK(proxies.client("10.1.1.1", "9.9.9.9, 5.5.5.5") == "5.5.5.5");
    CHECK(proxies.client("10.1.1.1", "9.9.9.9, 5.5.5.5, 10.2.2.2") == "5.5.5.5");
    CHECK(proxies.client("::1", "[2001:db8::1]:443") == "2001:db8::1");
    CHECK(proxies.client("10.1.1.1", "garbage") == "10.1.1.1");
    CHECK(proxies.client("10.1.1.1", "") == "10.1.1.1");
    CHECK_THROWS_AS(TrustedProxies({"nonsense"}), std::invalid_argument);
    CHECK(limit_key("2001:db8::1") == limit_key("2001:db8::ffff"));
    CHECK(limit_key("1.2.3.4") == "1.2.3.4");
}

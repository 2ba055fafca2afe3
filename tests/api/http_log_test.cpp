// What is logged, and what must never be.
#include <doctest/doctest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "api/http/log.h"
#include "api/http/metrics.h"
#include "api/http/redaction.h"

using namespace nova::api;

namespace {

// The log's output while it lives.
struct Captured {
    int ends[2];
    Captured() {
        REQUIRE(::pipe(ends) == 0);
        set_log_output(ends[1]);
    }
    ~Captured() {
        flush_log();
        set_log_output(1);
        ::close(ends[0]), ::close(ends[1]);
    }
    std::string text() {
        flush_log();
        char bytes[16384];
        return {bytes, static_cast<std::size_t>(::read(ends[0], bytes, sizeof bytes))};
    }
};

}  // namespace

TEST_CASE("redaction: planted secrets are gone, whatever they are wrapped in") {
    const std::string jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXBsYW50ZWQ";
    for (const std::string& text : std::vector<std::string>{
             R"({"email":"a@b.sa","password":"PLANTED"})", R"({"password" : "PLA\"NTED","x":1})",
             R"({\"newPassword\":\"PLANTED\",\"x\":1})", "POST /api/x?token=PLANTED&page=1", "PASSWORD: PLANTED",
             "otp=PLANTED", "{'apiKey': 'PLANTED'}", "Cookie: a=1; nova_session=PLANTED",
             "Authorization: Basic UExBTlRFRA== PLANTED", "refresh_token=PLANTED, next", "cvv=PLANTED)",
             "idNumber=PLANTED", "secret: \"PLANTED", "postgresql://nova:PLANTED@db:5432/nova", "clientSecret=PLANTED",
             "X-API-Key: PLANTED", "code=PLANTED"}) {
        const std::string out = redacted(text);
        CAPTURE(text);
        CAPTURE(out);
        CHECK(out.find("PLANTED") == std::string::npos);
        CHECK(out.find("NTED") == std::string::npos);
        CHECK(out.find("[redacted]") != std::string::npos);
    }
    for (const std::string& text : std::vector<std::string>{
             "token " + jwt + " is bad", "Bearer " + jwt, "(" + jwt + ")",
             std::string("key 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 used"),
             std::string("Bearer 0123456789abcdef"),
             std::string("sealed AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/+abc=")}) {
        const std::string out = redacted(text);
        CAPTURE(out);
        CHECK(out.find("[redacted]") != std::string::npos);
        CHECK(out.find("0123456789") == std::string::npos);
        CHECK(out.find("9f86d0") == std::string::npos);
        CHECK(out.find("c2lnbmF0") == std::string::npos);
    }
}

TEST_CASE("redaction: people are shortened, and what is harmless stays") {
    CHECK(redacted("call 0551234567 now") == "call 05•••••567 now");
    CHECK(redacted("+966551234567") == "+9•••••567");
    CHECK(redacted("mail to test@example.com.") == "mail to t•••@example.com.");
    CHECK(redacted("page=2&email=sara@example.com") == "page=2&email=s•••@example.com");
    for (const std::string& text : std::vector<std::string>{
             "customer-0192f3a4-5b6c-7d8e-9f01-23456789abcd moved to 0:1234567890", "the code is unknown",
             "at 2026-11-20T09:30:00.000Z", "took 1700000000000 ms", "errorCode=rate_limited", "سارة", "",
             "/work/data/log.db: disk is full", "https://nova.example/a?b=c"})
        CHECK(redacted(text) == text);
}

TEST_CASE("log: lines are JSON, levels are kept apart, text is redacted and escaped") {
    Captured captured;
    set_log_level(Level::info);
    log(Level::debug, "not written");
    log(Level::info, "hello \"you\"\nthere",
        {{"error", "password=x1"}, {"n", std::int64_t{7}}, {"ms", 1.5}, {"odd", "\xff\x01"}});
    RequestLine line;
    line.message = "request", line.correlation_id = "c-1", line.method = "GET", line.path = "/api/customers/{id}",
    line.status = 200, line.duration_ms = 1.25;
    line.address = "10.0.0.1", line.bytes_in = 5, line.bytes_out = 6;
    log(Level::info, line);
    const std::string written = captured.text();
    CHECK(written.find("not written") == std::string::npos);
    CHECK(written.find(R"("level":"info","msg":"hello \"you\"\nthere","error":"password=[redacted]","n":7,"ms":1.500,"odd":"?\u0001"})") != std::string::npos);
    CHECK(written.find(R"("msg":"request","correlationId":"c-1","method":"GET","path":"/api/customers/{id}","status":200,"durationMs":1.250,)"
                       R"("address":"10.0.0.1","bytesIn":5,"bytesOut":6})") != std::string::npos);
    CHECK(written.back() == '\n');
    CHECK(parse_level("warn") == Level::warn);
    CHECK(!parse_level("loud"));
    set_log_level(Level::error);
}

TEST_CASE("metrics: counters, gauges and histograms as Prometheus reads them") {
    MetricRegistry registry;
    auto& counter =
        registry.counter("nova_commands_total", "Commands.", {{"name", "CreateCustomer"}, {"outcome", "accepted"}});
    counter.add(), counter.add(2);
    CHECK(&counter ==
          &registry.counter("nova_commands_total", "", {{"name", "CreateCustomer"}, {"outcome", "accepted"}}));
    registry.gauge("nova_projection_lag_events", "Lag.", {{"name", "a\"b"}}, [] { return 4.5; });
    auto& histogram = registry.histogram("nova_command_seconds", "Time.");
    histogram.observe(0.0004), histogram.observe(0.03), histogram.observe(100);
    const std::string text = registry.text();
    CHECK(text.find("# TYPE nova_commands_total "
                    "counter\nnova_commands_total{name=\"CreateCustomer\",outcome=\"accepted\"} 3\n") !=
          std::string::npos);
    CHECK(text.find("nova_projection_lag_events{name=\"a\\\"b\"} 4.5\n") != std::string::npos);
    CHECK(text.find("nova_command_seconds_bucket{le=\"0.0005\"} 1\n") != std::string::npos);
    CHECK(text.find("nova_command_seconds_bucket{le=\"0.05\"} 2\n") != std::string::npos);
    CHECK(text.find("nova_command_seconds_bucket{le=\"+Inf\"} 3\n") != std::string::npos);
    CHECK(text.find("nova_command_seconds_sum 100.0304\nnova_command_seconds_count 3\n") != std::string::npos);
    CHECK_THROWS_AS(registry.counter("nova_command_seconds", ""), std::logic_error);
    registry.forget_gauge("nova_projection_lag_events", {{"name", "a\"b"}});
    CHECK(registry.text().find("4.5") == std::string::npos);
    CHECK(metrics().text().find("process_resident_memory_bytes") != std::string::npos);
}

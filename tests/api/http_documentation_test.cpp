// The API's description of itself.
#include <doctest/doctest.h>

#include "schemas/json.h"
#include "tests/api/http_routes.h"

using namespace nova;
using namespace nova::api;
using namespace nova::api::test;

TEST_CASE("openapi: valid JSON with every path, parameter, body and refusal") {
    Router router;
    add_test_routes(router);
    Route list{Method::GET, "/api/deals", "Lists \"deals\".", "Deals", {}};
    list.parameters = {{"status", R"({"type":"string","enum":["OPEN"]})", "which", true}};
    list.outside_api = true;
    router.add(list);
    Route change{Method::PATCH, "/api/deals/{id}", "Changes a deal.", "Deals", {}};
    change.body = &schemas::type_of<Note>();
    change.body_example = R"({"text":"x"})";
    change.takes_idempotency_key = change.takes_if_match = true;
    change.answers = {{200, R"({"type":"object"})"}};
    change.refusals = {{409, "deal_closed"}};
    router.add(change);
    add_documentation_routes(router);
    const std::string text = openapi(router);
    CHECK_NOTHROW(schemas::canonical(text));
    for (const char* part : {R"("openapi":"3.1.0")", R"("title":"Nova CRM API","version":"1.0.0")", R"("/api/deals":{"get":{)", R"("/deals":{"get":{)",
                             R"("name":"status","in":"query","description":"which","explode":true,"schema":{"type":"array","items":{"type":"string","enum":["OPEN"]}})",
                             R"("name":"id","in":"path","required":true)", R"({"$ref":"#/components/parameters/IdempotencyKey"})", R"({"$ref":"#/components/parameters/IfMatch"})",
                             R"("412":{)", R"("422":{)", R"("415":{)", R"("504":{)", R"("description":"deal_closed; or)", R"("example":{"text":"x"})",
                             R"("operationId":"patch_api_deals_by_id")", R"("security":[{"bearer":[]}])"}) {
        CAPTURE(part);
        CHECK(text.find(part) != std::string::npos);
    }
}

TEST_CASE("openapi and the page are served; the page needs no script and escapes what it shows") {
    Router router;
    add_test_routes(router);
    add_documentation_routes(router);
    router.add({Method::GET, "/api/odd", "A <script> & more.", "Odd", {}});
    Running nova(router, unlimited());
    Client client(nova.port);
    const auto json = client.ask(get("/api/openapi.json"));
    CHECK(json.status == 200);
    CHECK(json.header("cache-control") == "public, max-age=300");
    CHECK(json.body.find("/api/odd") != std::string::npos);
    for (const char* path : {"/api/docs", "/api-docs"}) {
        const auto page = client.ask(get(path, "Accept-Encoding: gzip\r\n"));
        CHECK(page.status == 200);
        CHECK(page.header("content-encoding") == "gzip");
        CHECK(page.header("content-type") == "text/html; charset=utf-8");
    }
    const auto page = client.ask(get("/api/docs"));
    CHECK(page.body.find("<script") == std::string::npos);
    CHECK(page.body.find("A &lt;script&gt; &amp; more.") != std::string::npos);
}

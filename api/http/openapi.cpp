// OpenAPI 3.1 of the route table: what can be sent, and every answer that can come.
#include <cctype>
#include <map>

#include "api/http/documentation.h"
#include "schemas/json.h"
#include "schemas/json_schema.h"

namespace nova::api {
namespace {

std::string quoted(std::string_view text) {
    std::string out;
    schemas::write_string(text, out);
    return out;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

// "get_api_customers_by_id": unique, also for /api-docs beside /api/docs.
std::string operation_id(const Address& address) {
    std::string id = lower(to_text(address.route->method));
    for (const char c : address.path) {
        if (c == '/') id += '_';
        else if (c == '{') id += "by_";
        else if (std::isalnum(static_cast<unsigned char>(c))) id += c;
    }
    return id;
}

std::string reference(std::string_view component) {
    return "{\"$ref\":\"#/components/" + std::string(component) + "\"}";
}

std::string query_parameter(const Parameter& p) {
    std::string out = "{\"name\":" + quoted(p.name) + ",\"in\":\"query\"";
    if (!p.summary.empty()) out += ",\"description\":" + quoted(p.summary);
    if (p.repeated) out += ",\"explode\":true,\"schema\":{\"type\":\"array\",\"items\":" + p.schema + "}}";
    else out += ",\"schema\":" + p.schema + "}";
    return out;
}

std::string parameters(const Route& route) {
    std::string out;
    const auto add = [&](const std::string& one) { out += (out.empty() ? "" : ",") + one; };
    for (const auto& name : path_names(route.pattern))
        add("{\"name\":" + quoted(name) +
            ",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\",\"minLength\":1}}");
    for (const Parameter& p : route.parameters) add(query_parameter(p));
    if (route.takes_idempotency_key) add(reference("parameters/IdempotencyKey"));
    if (route.takes_if_match) add(reference("parameters/IfMatch"));
    add(reference("parameters/CorrelationId"));
    return out;
}

std::string request_body(const Route& route) {
    if (!route.body && route.body_media_type == "application/json") return {};
    std::string out =
        ",\"requestBody\":{\"required\":true,\"content\":{" + quoted(route.body_media_type) + ":{\"schema\":";
    out += route.body ? schemas::request_schema(*route.body) : R"({"type":"string"})";
    if (!route.body_example.empty()) out += ",\"example\":" + route.body_example;
    return out + "}}}";
}

std::string success(const Route& route, unsigned status, const std::string& schema) {
    std::string out = "\"" + std::to_string(status) + "\":{\"description\":";
    out += quoted(status == 201   ? "It was created."
                  : status == 202 ? "It was started."
                  : status == 204 ? "It was done."
                                  : "The answer.");
    if (!schema.empty() && status != 204)
        out += ",\"content\":{" + quoted(route.answer_media_type) + ":{\"schema\":" + schema + "}}";
    out += ",\"headers\":{\"X-Correlation-Id\":{\"schema\":{\"type\":\"string\"}}";
    if (status == 201) out += ",\"Location\":{\"schema\":{\"type\":\"string\"}}";
    return out + "}}";
}

std::string responses(const Route& route) {
    std::string out;
    const auto add = [&](const std::string& one) { out += (out.empty() ? "" : ",") + one; };
    bool shows_item = false;
    for (const auto& [status, schema] : answers_of(route)) {
        add(success(route, status, schema));
        shows_item = shows_item || (status == 200 && route.method == Method::GET && !path_names(route.pattern).empty());
    }
    if (shows_item) add(R"("304":{"description":"The client has it already (If-None-Match)."})");
    for (const auto& [status, why] : refusals_of(route)) {
        add("\"" + std::to_string(status) + "\":{\"description\":" + quoted(why) +
            ",\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}");
    }
    return out;
}

std::string operation(const Address& address) {
    const Route& route = *address.route;
    std::string out = quoted(lower(to_text(route.method))) + ":{\"operationId\":" + quoted(operation_id(address));
    out += ",\"summary\":" + quoted(route.summary);
    if (!route.tag.empty()) out += ",\"tags\":[" + quoted(route.tag) + "]";
    out += ",\"security\":[" + std::string(route.is_public ? "" : "{\"bearer\":[]}") + "]";
    out += ",\"parameters\":[" + parameters(route) + "]" + request_body(route);
    return out + ",\"responses\":{" + responses(route) + "}}";
}

constexpr std::string_view components = R"("components":{"securitySchemes":{"bearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT"}},)"
    R"("parameters":{"IdempotencyKey":{"name":"Idempotency-Key","in":"header","description":"The same key and body within 24 hours is done once and answered as the first time.","schema":{"type":"string","minLength":1,"maxLength":255,"pattern":"^[!-~]+$"}},)"
    R"("IfMatch":{"name":"If-Match","in":"header","description":"The ETag, or the version in quotes, that the item must still have.","schema":{"type":"string"}},)"
    R"("CorrelationId":{"name":"X-Correlation-Id","in":"header","description":"Comes back on the answer, in the log and in events; made if it is not sent.","schema":{"type":"string","minLength":1,"maxLength":128,"pattern":"^[!-~]+$"}}},)"
    R"("schemas":{"Problem":{"type":"object","description":"RFC 9457, and what older clients read.","required":["type","title","status","code","error","message","details","correlationId","path","timestamp"],"properties":{)"
    R"("type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"code":{"type":"string","description":"stable, snake_case"},"error":{"type":"string"},"message":{"type":"string","description":"by Accept-Language"},)"
    R"("details":{"type":"array","items":{"type":"object","required":["path","code","message"],"properties":{"path":{"type":"string"},"code":{"type":"string"},"message":{"type":"string"}}}},)"
    R"("correlationId":{"type":"string"},"path":{"type":"string"},"timestamp":{"type":"string","format":"date-time"}}}}})";

}  // namespace

std::string openapi(const Router& router) {
    std::map<std::string, std::string> paths;   // path → operations
    for (const Address& address : addresses(router)) {
        auto& operations = paths[address.path];
        operations += (operations.empty() ? "" : ",") + operation(address);
    }
    std::string out = R"({"openapi":"3.1.0","info":{"title":"Nova CRM API","version":"1.0.0","description":"Everything that ever happened is an event; everything that can be asked is a projection of events. `/api/v1/…` is `/api/…`; PUT does what PATCH does; HEAD what GET does."},"servers":[{"url":"/"}],"paths":{)";
    bool first = true;
    for (const auto& [path, operations] : paths) {
        if (!first) out += ',';
        first = false;
        out += quoted(path) + ":{" + operations + "}";
    }
    out.append("},").append(components).append("}");
    return out;
}

}  // namespace nova::api

// The page that people read: made on the server, with nothing that a strict Content-Security-Policy would refuse.
#include <map>

#include "api/http/documentation.h"
#include "schemas/json_schema.h"

namespace nova::api {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '&') out += "&amp;";
        else if (c == '"') out += "&quot;";
        else out += c;
    }
    return out;
}

// JSON with line ends and indentation, for reading; the JSON is our own.
std::string pretty(std::string_view json) {
    std::string out;
    std::size_t depth = 0;
    bool inside = false;
    const auto new_line = [&] { out.append("\n").append(depth * 2, ' '); };
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (inside) {
            out += c;
            if (c == '\\' && i + 1 < json.size()) out += json[++i];
            else if (c == '"') inside = false;
            continue;
        }
        if ((c == '}' || c == ']') && depth) --depth, new_line();
        if (c != ' ' && c != '\n') out += c;
        inside = c == '"';
        if (c == '{' || c == '[') ++depth, new_line();
        if (c == ',') new_line();
        if (c == ':') out += ' ';
    }
    return out;
}

std::string block(const std::string& title, const std::string& json) {
    return "<details><summary>" + title + "</summary><pre>" + escaped(pretty(json)) + "</pre></details>";
}

std::string parameter_table(const Route& route) {
    std::string rows;
    const auto row = [&](const std::string& name, const std::string& where, const std::string& what) {
        rows += "<tr><td><code>" + escaped(name) + "</code><td>" + where + "<td>" + escaped(what);
    };
    for (const auto& name : path_names(route.pattern)) row(name, "path", "");
    for (const Parameter& p : route.parameters) row(p.name, p.repeated ? "query, several" : "query", p.summary);
    if (route.takes_idempotency_key) row("Idempotency-Key", "header", "the same key and body is done once");
    if (route.takes_if_match) row("If-Match", "header", "the version that the item must still have");
    return rows.empty() ? rows : "<table><tr><th>Parameter<th>In<th>What it is" + rows + "</table>";
}

std::string operation(const Address& address) {
    const Route& route = *address.route;
    const std::string method(to_text(route.method));
    std::string out = "<details class=op><summary><b class=" + method + ">" + method + "</b> <code>" +
                      escaped(address.path) + "</code> " + escaped(route.summary) +
                      (route.is_public ? " <i>public</i>" : "") + "</summary>" + parameter_table(route);
    if (route.body) out += block("Body", schemas::request_schema(*route.body));
    if (!route.body_example.empty()) out += block("Example of a body", route.body_example);
    for (const auto& [status, schema] : answers_of(route)) {
        const std::string title = "Answer " + std::to_string(status);
        out += schema.empty() ? "<p>" + title : block(title, schema);
    }
    out += "<details><summary>Refusals</summary><table>";
    for (const auto& [status, why] : refusals_of(route))
        out += "<tr><td>" + std::to_string(status) + "<td>" + escaped(why);
    return out + "</table></details></details>";
}

constexpr const char* opening =
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>Nova "
    "CRM API</title><style>"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 "
    "1rem;color:#1c2430;background:#fff}"
    "h1{margin-bottom:0}h2{margin:2rem 0 .5rem;border-bottom:1px solid #d5dbe3}code,pre{font:13px/1.45 "
    "ui-monospace,monospace}"
    "pre{background:#f4f6f9;padding:.8rem;overflow:auto;border-radius:6px}summary{cursor:pointer;padding:.25rem 0}"
    "details.op{border:1px solid #d5dbe3;border-radius:6px;margin:.35rem 0;padding:0 .8rem}details "
    "details{margin:.3rem 0}"
    "b{display:inline-block;width:4.5rem;color:#0b62c4}b.POST{color:#177a3d}b.DELETE{color:#b3261e}b.PATCH,b.PUT{color:"
    "#9a5b00}"
    "i{color:#667;font-size:.85em}table{border-collapse:collapse;margin:.5rem 0}td,th{text-align:left;padding:.15rem "
    ".8rem .15rem 0;vertical-align:top}"
    "</style><h1>Nova CRM API</h1><p>Version 1.0.0 · <a href=/api/openapi.json>openapi.json</a> · signed-in requests "
    "carry "
    "<code>Authorization: Bearer …</code> · errors are <code>application/problem+json</code>";

}  // namespace

std::string documentation_page(const Router& router) {
    std::map<std::string, std::string> by_tag;
    for (const Address& address : addresses(router)) by_tag[address.route->tag] += operation(address);
    std::string out = opening;
    for (const auto& [tag, operations] : by_tag) out += "<h2>" + escaped(tag) + "</h2>" + operations;
    return out + "</html>";
}

}  // namespace nova::api

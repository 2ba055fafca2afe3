// The body of a list: the documents go into it as the read model holds them, without being understood again.
#include <algorithm>

#include "api/http/list_query.h"
#include "schemas/json.h"

namespace nova::api {
namespace {

std::size_t end_of_string(std::string_view json, std::size_t at) {
    for (++at; at < json.size() && json[at] != '"'; ++at)
        if (json[at] == '\\') ++at;
    return std::min(at + 1, json.size());
}

// Just behind the value that begins at `at`; the JSON is our own, so it is well-formed.
std::size_t end_of_value(std::string_view json, std::size_t at) {
    if (at < json.size() && json[at] == '"') return end_of_string(json, at);
    int depth = 0;
    while (at < json.size()) {
        const char c = json[at];
        if (c == '"') {
            at = end_of_string(json, at);
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
        if (c == '{' || c == '[') ++depth;
        ++at;
        if ((c == '}' || c == ']') && --depth == 0) return at;
    }
    return at;
}

}  // namespace

std::string with_fields(std::string_view items, const std::vector<std::string>& fields) {
    std::string out;
    out.reserve(items.size());
    std::size_t at = 0;
    while (at < items.size() && items[at] == '{') {
        out += out.empty() ? "{" : ",{";
        bool first = true;
        ++at;
        while (at < items.size() && items[at] == '"') {
            const auto begin = at, name_end = end_of_string(items, at);
            const auto name = items.substr(begin + 1, name_end - begin - 2);
            at = end_of_value(items, name_end + 1);
            if (std::find(fields.begin(), fields.end(), name) != fields.end()) {
                if (!first) out += ',';
                first = false;
                out += items.substr(begin, at - begin);
            }
            if (at < items.size() && items[at] == ',') ++at;
        }
        out += '}';
        at += 2;   // "}," between objects
    }
    return out;
}

Response list_response(const Request&, const projections::CollectionInfo& info, const ListQuery& list,
                       const projections::Page& page) {
    Response response;
    std::string& out = response.body;
    out.reserve(page.items.size() + info.name.size() + page.next_cursor.size() + 160);
    out.append("{\"").append(info.name).append("\":[");
    if (list.fields.empty()) out += page.items;
    else out += with_fields(page.items, list.fields);
    const auto limit = list.query.limit;
    out.append("],\"total\":").append(std::to_string(page.total));
    out.append(",\"page\":").append(list.query.cursor.empty() ? std::to_string(list.query.page) : "null");
    out.append(",\"pages\":").append(std::to_string((page.total + limit - 1) / limit));
    out.append(",\"limit\":").append(std::to_string(limit)).append(",\"nextCursor\":");
    if (page.next_cursor.empty()) out += "null";
    else schemas::write_string(page.next_cursor, out);
    out += '}';
    return response;
}

}  // namespace nova::api

// The route table: data that routes requests, guards them, documents them and counts them. An endpoint is one entry.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.h"
#include "commands/policy.h"
#include "schemas/type_info.h"

namespace nova::api {

// A query parameter that a route accepts; any other is 400 `unknown_parameter`.
struct Parameter {
    std::string name;                              // "customFields.*": any that begins so
    std::string schema = R"({"type":"string"})";   // JSON Schema of one value, for OpenAPI
    std::string summary;
    bool repeated = false;                         // several, or comma-separated
};

enum class LimitGroup { none, general, registration, sign_in };

struct Route {
    Method method;
    std::string pattern;                              // "/api/customers/{id}"
    std::string summary;                              // one sentence, for OpenAPI
    std::string tag;                                  // "Customers"
    Handler handle;
    bool is_public = false;                           // no token needed
    std::optional<commands::Right> right;             // the actor must have some of it, else 403
    LimitGroup limit = LimitGroup::general;
    const schemas::TypeInfo* body = nullptr;          // of the JSON body; none: a body is refused
    std::string body_example;
    std::vector<Parameter> parameters;
    std::vector<std::pair<unsigned, std::string>>
        answers;  // success statuses with the JSON Schema of the body ("" none)
    std::vector<std::pair<unsigned, std::string>> refusals; // special ones: status and the codes it may carry
    bool takes_idempotency_key = false, takes_if_match = false;
    bool outside_api = false;                         // also reachable without /api (health)
    std::string_view body_media_type =
        "application/json";  // another ("multipart/form-data", "text/csv"): a raw body for the handler
    std::size_t body_bytes_max = 0;                   // 0: the server's
    std::string_view answer_media_type = "application/json";
};

class Router {
public:
    void add(Route);                                    // throws std::logic_error on a duplicate
    struct Found {
        const Route* route = nullptr;                   // nullptr: no such path, or other methods only
        std::vector<std::string> path_values;
        std::string allow;                              // methods of the path, for 405
    };
    Found find(Method, std::string_view path) const;    // PUT finds a PATCH, HEAD a GET; /api/v1/… is /api/…
    const std::vector<Route>& routes() const { return routes_; }

private:
    // A tree of path segments; children with a literal segment are tried before the one that takes any value.
    struct Node {
        std::vector<std::pair<std::string, std::uint32_t>> literals;   // sorted
        std::uint32_t any = 0;                                          // 0: none
        std::array<std::int32_t, 7> routes{-1, -1, -1, -1, -1, -1, -1};
        bool ends_here() const;
        std::int32_t route_for(Method) const;
    };
    void insert(std::string_view pattern, Method, std::int32_t route);
    const Node* walk(std::uint32_t node, std::string_view rest, std::vector<std::string_view>& values) const;

    std::vector<Route> routes_;   // add everything before the first find: found routes are pointers into it
    std::vector<Node> nodes_{Node{}};
};

// OpenAPI 3.1 of the table.
std::string openapi(const Router&);

}  // namespace nova::api

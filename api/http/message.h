// A request and an answer as handlers see them; nothing of sockets, parsers or threads.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/kernel/context.h"
#include "domain/kernel/instant.h"

namespace nova::api {

enum class Method : std::uint8_t { GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD };
std::string_view to_text(Method);

struct Identity {                 // who asks, as the guard has proven it
    TenantId tenant{};
    Actor actor;
    std::string email;            // for logs nothing, for answers of `me`
};

struct Route;

struct Request {
    Method method = Method::GET;
    std::string target;                                        // as sent
    std::string path;                                          // decoded, without query, without trailing slash
    std::vector<std::pair<std::string, std::string>> query;    // decoded, in order
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    std::vector<std::string> path_values;                      // of `{id}` in the route's pattern, in order
    std::string address;                                       // of the client (proxies considered)
    std::string correlation_id;
    Instant received{};
    std::optional<Identity> identity;                          // set by the guard unless the route is public
    const Route* route = nullptr;
    bool arabic = false;                                       // Accept-Language prefers ar
    // For the log line of the request, set by handlers.
    std::string command_name, error_code, position;
    std::uint32_t events = 0;

    std::string_view header(std::string_view lower_case_name) const;   // empty: not sent
    bool has_header(std::string_view lower_case_name) const;
    std::optional<std::string_view> parameter(std::string_view name) const;  // first of that name
};

// What the client calls itself, fit to be kept: at most 300 visible ASCII characters, whatever bytes it sent.
std::string user_agent_of(const Request&);

struct Response {
    unsigned status = 200;
    std::string body;
    std::string_view content_type = "application/json; charset=utf-8";   // must outlive the answer: a literal
    std::vector<std::pair<std::string, std::string>> headers;
    std::string error_code{};                                  // of a refusal, for the log line; not sent
    Response& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

// Answers one request, once, from any thread. Dropping it unanswered is answered with 500.
class Reply {
public:
    virtual ~Reply() = default;
    virtual void send(Response) = 0;
};
using RequestPtr = std::shared_ptr<Request>;
using ReplyPtr = std::shared_ptr<Reply>;
using Handler = std::function<void(const RequestPtr&, const ReplyPtr&)>;

}  // namespace nova::api

// The bytes before the body of an answer: status line, standard headers, CORS, rate limit. Written by hand into the
// connection's buffer, since most of them are the same for every answer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.h"
#include "api/http/rate_limit.h"

namespace nova::api {

struct HeadFacts {
    std::string_view correlation_id;
    std::string_view origin;                       // as the request sent it; empty: none
    const RateLimiter::Verdict* limit = nullptr;   // nullptr: not limited
    std::string_view limit_policy;
    std::size_t content_length = 0;
    bool packed = false, keep_alive = true, old_version = false;   // old: HTTP/1.0
};

class ResponseHeads {
public:
    ResponseHeads(const std::vector<std::string>& origins, bool production);
    void write(const Response&, const HeadFacts&, std::string& out);
    // The headers of a preflight's answer; CORS proper is added by write.
    void add_preflight(Response&) const;
    bool allows(std::string_view origin) const;

private:
    std::string_view date();

    std::vector<std::string> origins_;
    std::string standard_;
    std::int64_t date_s_ = 0;
    std::string date_;
};

}  // namespace nova::api

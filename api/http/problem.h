// Errors on the wire: RFC 9457 problem+json that older clients can read too. The only place that knows which refusal is
// which HTTP status.
#pragma once
#include <string>

#include "api/http/message.h"
#include "commands/bus.h"
#include "domain/kernel/decision.h"

namespace nova::api {

struct Problem {
    unsigned status = 500;
    std::string code;         // stable, snake_case
    std::string title;        // stable English, shown as `error`
    std::string message;      // by Accept-Language
    Violations details{};
    std::string more{};       // further members, each with a comma before it
};

Response problem(const Request&, Problem);
Response problem(const Request&, const Rejection&);
Response invalid(const Request&, Violations);                    // 400
Response unavailable(const Request&, const std::string& why);    // 503 + Retry-After
Response outcome_unknown(const Request&);                        // 504
Response failure(const Request&, const std::string& what);       // 500; `what` goes to the log only
// For a title that is not the code in words ("user_exists" → "User already exists").
std::string title_of(std::string_view code);

}  // namespace nova::api

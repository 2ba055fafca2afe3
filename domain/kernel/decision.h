// What a command comes to: the events it yields, or a refusal. A refusal may carry events too (a failed sign-in is
// recorded and refused); neither is an exception.
#pragma once
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "domain/kernel/violation.h"

namespace nova {

struct Rejection {
    enum class Kind { invalid, unauthenticated, forbidden, not_found, rule, version_mismatch, key_reused, too_many };
    Kind kind;
    std::string code;     // stable, snake_case
    std::string message;  // English
    Violations details{};
    long retry_after_s = 0;  // too_many only

    static Rejection not_found() { return {Kind::not_found, "not_found", "There is no such item."}; }
    static Rejection forbidden(std::string code = "forbidden", std::string message = "You may not do this.") {
        return {Kind::forbidden, std::move(code), std::move(message)};
    }
    static Rejection rule(std::string code, std::string message) {
        return {Kind::rule, std::move(code), std::move(message)};
    }
    static Rejection unauthenticated(std::string code, std::string message) {
        return {Kind::unauthenticated, std::move(code), std::move(message)};
    }
    // The top code is that of the rule when it is one alone, else validation_error.
    static Rejection invalid(Violations details);
};

inline Rejection Rejection::invalid(Violations details) {
    const bool one = details.all().size() == 1;
    return {Kind::invalid, one ? details.all().front().code : "validation_error",
            one ? details.all().front().message : "The request breaks several rules; details lists them all.",
            std::move(details)};
}

template <class Event>
struct Decision {
    std::vector<Event> events;
    std::optional<Rejection> refusal;

    Decision() = default;  // accepted, and nothing new happened
    Decision(std::vector<Event> happened) : events(std::move(happened)) {}
    Decision(Rejection why) : refusal(std::move(why)) {}
    Decision(Rejection why, std::vector<Event> recorded) : events(std::move(recorded)), refusal(std::move(why)) {}
    template <class E>
        requires std::is_constructible_v<Event, E>
    Decision(E event) { events.emplace_back(std::move(event)); }
};

// A branch that the rules above it exclude: reaching it is a bug, answered with 500 and logged.
[[noreturn]] inline void impossible() { throw std::logic_error("a branch was reached that the rules exclude"); }

}  // namespace nova

// What is wrong with an input: every broken rule, with the path of the member that breaks it.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace nova {

struct Violation {
    std::string path;     // "phone", "preferredCities[3]"; empty: the whole body
    std::string code;     // stable, snake_case: "too_short"
    std::string message;  // English; what is wrong and what would be right
    bool operator==(const Violation&) const = default;
};

class Violations {
public:
    void add(std::string path, std::string code, std::string message) {
        all_.push_back({std::move(path), std::move(code), std::move(message)});
    }
    // A member that is already known to be wrong is not blamed twice: a malformed phone is not also a missing one.
    void add_unless_known(std::string path, std::string code, std::string message) {
        if (!mentions(path)) add(std::move(path), std::move(code), std::move(message));
    }
    bool mentions(std::string_view path) const {
        return std::any_of(all_.begin(), all_.end(), [&](const Violation& v) { return v.path == path; });
    }
    bool empty() const { return all_.empty(); }
    const std::vector<Violation>& all() const { return all_; }

private:
    std::vector<Violation> all_;
};

}  // namespace nova

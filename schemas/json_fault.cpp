#include "schemas/json_fault.h"

#include <string>

namespace nova::schemas {
namespace {

// Keeps the open brackets itself, for a text of a million brackets must not cost a stack frame each.
class Checker {
public:
    explicit Checker(std::string_view json) : json_(json) {}

    std::optional<std::size_t> fault() {
        do {
            if (!value()) return at_;
            while (!open_.empty() && !next()) {
                if (broken_) return at_;
            }
            if (broken_) return at_;
        } while (!open_.empty());
        skip_space();
        if (at_ == json_.size()) return std::nullopt;
        return at_;
    }

private:
    char here() const { return at_ < json_.size() ? json_[at_] : '\0'; }
    void skip_space() {
        while (here() == ' ' || here() == '\n' || here() == '\t' || here() == '\r') ++at_;
    }
    bool take(char c) {
        skip_space();
        if (here() != c || at_ == json_.size()) return false;
        ++at_;
        return true;
    }

    // Takes one scalar, or opens lists and objects down to their first scalar or empty bracket.
    bool value() {
        for (;;) {
            skip_space();
            if (take('[')) {
                if (take(']')) return true;
                open_ += ']';
            } else if (take('{')) {
                if (take('}')) return true;
                open_ += '}';
                if (!name()) return false;
            } else {
                return scalar();
            }
        }
    }

    // Behind a value: true when another value must follow, false when a bracket closed (or the text broke).
    bool next() {
        if (take(',')) {
            if (open_.back() == '}' && !name()) broken_ = true;
            return !broken_;
        }
        if (take(open_.back())) open_.pop_back();
        else broken_ = true;
        return false;
    }

    bool name() {
        skip_space();
        return here() == '"' && string() && take(':');
    }

    bool scalar() {
        if (here() == '"') return string();
        for (const std::string_view word : {"true", "false", "null"})
            if (here() == word.front()) return literal(word);
        return number();
    }

    bool literal(std::string_view word) {
        for (const char c : word) {
            if (here() != c) return false;
            ++at_;
        }
        return true;
    }

    bool string() {
        for (++at_; at_ < json_.size(); ++at_) {
            if (here() == '"') {
                ++at_;
                return true;
            }
            if (static_cast<unsigned char>(here()) < 0x20) return false;
            if (here() == '\\' && !escape()) return false;
        }
        return false;
    }

    bool escape() {
        ++at_;
        if (here() != 'u')
            return at_ < json_.size() && std::string_view("\"\\/bfnrt").find(here()) != std::string_view::npos;
        for (int i = 0; i < 4; ++i) {
            ++at_;
            if (!is_hex(here())) return false;
        }
        return true;
    }

    bool number() {
        if (here() == '-') ++at_;
        if (here() == '0') ++at_;
        else if (!digits()) return false;
        if (here() == '.') {
            ++at_;
            if (!digits()) return false;
        }
        if (here() == 'e' || here() == 'E') {
            ++at_;
            if (here() == '+' || here() == '-') ++at_;
            if (!digits()) return false;
        }
        return true;
    }
    bool digits() {
        const std::size_t start = at_;
        while (here() >= '0' && here() <= '9') ++at_;
        return at_ > start;
    }
    static bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

    std::string_view json_;
    std::size_t at_ = 0;
    std::string open_;  // the bracket that closes each open list and object
    bool broken_ = false;
};

}  // namespace

std::optional<std::size_t> first_syntax_fault(std::string_view json) { return Checker(json).fault(); }

}  // namespace nova::schemas

#include "eventstore/envelope.h"

#include <charconv>
#include <cstddef>
#include <cstring>

namespace nova::eventstore {
namespace {

// Walks the members of one JSON object. Only what stands between strings is looked at, byte by byte.
class Members {
public:
    explicit Members(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    bool open() { return at_ < end_ && *at_++ == '{'; }

    // The next name and the raw bytes of its value; false at the end of the object or at the first fault.
    bool next(std::string_view& name, std::string_view& value) {
        if (at_ < end_ && *at_ == ',') ++at_;
        if (at_ >= end_ || *at_ != '"' || !string(name) || at_ >= end_ || *at_++ != ':') return false;
        const char* const begin = at_;
        if (!skip_value()) return false;
        value = {begin, static_cast<std::size_t>(at_ - begin)};
        return true;
    }

private:
    bool string(std::string_view& out) {
        const char* const begin = ++at_;
        for (;;) {
            at_ = static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
            if (!at_) {
                at_ = end_;
                return false;
            }
            const char* slash = at_;
            while (slash > begin && slash[-1] == '\\') --slash;
            ++at_;
            if ((at_ - 1 - slash) % 2 == 0) break;  // an even number of backslashes escapes themselves only
        }
        out = {begin, static_cast<std::size_t>(at_ - 1 - begin)};
        return true;
    }

    bool skip_value() {
        int depth = 0;
        std::string_view ignored;
        while (at_ < end_) {
            switch (*at_) {
                case '"':
                    if (!string(ignored)) return false;
                    continue;
                case '{': case '[': ++depth; break;
                case '}': case ']':
                    if (depth == 0) return true;
                    --depth;
                    break;
                case ',':
                    if (depth == 0) return true;
                    break;
            }
            ++at_;
        }
        return false;
    }

    const char* at_;
    const char* end_;
};

std::string_view unquoted(std::string_view value) {
    return value.size() >= 2 && value.front() == '"' ? value.substr(1, value.size() - 2) : std::string_view{};
}

}  // namespace

std::optional<Attributes> attributes_of(std::string_view event) {
    Members members(event);
    if (!members.open()) return std::nullopt;
    Attributes found;
    std::string_view name, value;
    while (members.next(name, value)) {
        if (name == "subject") found.stream = unquoted(value);
        else if (name == "commandid") found.command_id = unquoted(value);
        else if (name == "streamversion") std::from_chars(value.data(), value.data() + value.size(), found.version);
    }
    if (found.stream.empty() || found.version == 0) return std::nullopt;
    return found;
}

bool says(std::string_view event, std::string_view stream, std::uint64_t version) {
    constexpr std::string_view before = "\"streamversion\":", between = ",\"subject\":\"";
    const auto at = event.rfind(before);
    if (at == std::string_view::npos) return false;
    std::string_view rest = event.substr(at + before.size());
    std::uint64_t said = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), said);
    if (error != std::errc{} || said != version) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return rest.starts_with(between) && rest.substr(between.size()).starts_with(stream) &&
           rest.substr(between.size() + stream.size()).starts_with('"');
}

}  // namespace nova::eventstore

#include "api/sentence.h"

#include <map>

#include "schemas/json.h"

namespace nova::api {
namespace {

// A raw JSON value as a person reads it.
std::string readable(std::string_view raw) {
    if (raw.empty() || raw == "null" || raw == "[]" || raw == "{}") return "—";
    if (raw.front() == '"') return schemas::unescaped(raw);
    if (raw.front() != '[') return std::string(raw);
    std::string out;
    bool inside = false;
    for (const char c : raw.substr(1, raw.size() - 2)) {
        if (c == '"') inside = !inside;
        else if (c == ',' && !inside) out += ", ";
        else out += c;
    }
    return out;
}

}  // namespace

std::string sentence(std::string_view pattern, std::string_view data, std::string_view actor) {
    std::map<std::string, std::string, std::less<>> members;
    schemas::for_each_member(data, [&](std::string_view name, std::string_view raw) { members.emplace(name, raw); });
    std::string out;
    while (!pattern.empty()) {
        const std::size_t open = std::min(pattern.find('{'), pattern.size());
        out += pattern.substr(0, open);
        pattern.remove_prefix(open);
        if (pattern.empty()) break;
        const std::size_t close = std::min(pattern.find('}'), pattern.size() - 1);
        const std::string_view name = pattern.substr(1, close - 1);
        const auto member = members.find(name);
        if (name == "actor") out += actor;
        else out += member == members.end() ? std::string("—") : readable(member->second);
        pattern.remove_prefix(close + 1);
    }
    return out;
}

std::string_view actor_type_text(ActorType type) {
    switch (type) {
        case ActorType::USER: return "USER";
        case ActorType::APIKEY: return "APIKEY";
        case ActorType::SYSTEM: return "SYSTEM";
    }
    return "SYSTEM";
}

}  // namespace nova::api

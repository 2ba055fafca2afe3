// What is promised to those who read events: members stay, keep their type and their words, and nothing that was written
// before becomes wrong.
#include <algorithm>
#include <map>
#include <set>

#include "schemas/json.h"
#include "schemas/json_cursor.h"
#include "schemas/json_schema.h"

namespace nova::schemas {
namespace {

using Members = std::map<std::string, std::string, std::less<>>;  // name → raw

Members members_of(std::string_view raw) {
    Members found;
    if (raw.empty()) return found;
    for_each_member(raw, [&](std::string_view name, std::string_view value) { found.emplace(name, value); });
    return found;
}

std::string_view raw_of(const Members& members, std::string_view name) {
    const auto at = members.find(name);
    return at == members.end() ? std::string_view() : std::string_view(at->second);
}

std::set<std::string> entries_of(std::string_view raw_list) {
    std::set<std::string> found;
    if (raw_list.empty()) return found;
    Cursor cursor(raw_list);
    cursor.expect('[');
    if (cursor.take(']')) return found;
    do found.emplace(cursor.value());
    while (cursor.more(']'));
    return found;
}

class Comparison {
public:
    std::vector<std::string> broken;

    void compare(const std::string& path, std::string_view before_raw, std::string_view now_raw) {
        const Members before = members_of(before_raw), now = members_of(now_raw);
        for (const std::string_view keyword : {"type", "format", "x-personal", "x-secret", "x-subject"}) {
            const std::string_view was = raw_of(before, keyword), is = raw_of(now, keyword);
            if (was != is) add(path, "its " + std::string(keyword) + " was " + shown(was) + " and is " + shown(is));
        }
        compare_words(path, raw_of(before, "enum"), raw_of(now, "enum"));
        compare_members(path, before, now);
        const std::string_view items = raw_of(before, "items");
        if (!items.empty() || now.contains("items")) compare(path + "[]", items, raw_of(now, "items"));
    }

private:
    static std::string shown(std::string_view raw) { return raw.empty() ? "not said" : std::string(raw); }
    void add(const std::string& path, const std::string& what) {
        broken.push_back((path.empty() ? "the event" : path) + ": " + what);
    }

    // A reader that knows all the words has no answer to a new one, and old events still hold the one that was dropped.
    void compare_words(const std::string& path, std::string_view before, std::string_view now) {
        const std::set<std::string> was = entries_of(before), is = entries_of(now);
        for (const std::string& word : was)
            if (!is.contains(word)) add(path, "the value " + word + " was dropped");
        for (const std::string& word : is)
            if (!was.contains(word)) add(path, "the value " + word + " is new");
    }

    void compare_members(const std::string& path, const Members& before, const Members& now) {
        const Members was = members_of(raw_of(before, "properties")), is = members_of(raw_of(now, "properties"));
        for (const auto& [name, schema] : was) {
            const std::string member = path.empty() ? name : path + "." + name;
            if (is.contains(name)) compare(member, schema, is.at(name));
            else add(member, "the member was removed or renamed");
        }
        const std::set<std::string> demanded = entries_of(raw_of(before, "required"));
        const std::set<std::string> demands = entries_of(raw_of(now, "required"));
        for (const std::string& name : demands)
            if (!demanded.contains(name)) add(path, "the member " + name + " is required now");
        for (const std::string& name : demanded)
            if (!demands.contains(name)) add(path, "the member " + name + " is required no longer");
    }
};

}  // namespace

std::vector<std::string> breaking_changes(const std::string& before, const std::string& now) {
    Comparison comparison;
    comparison.compare("", canonical(before), canonical(now));
    return std::move(comparison.broken);
}

}  // namespace nova::schemas

#include "schemas/type_info.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <stdexcept>

namespace nova::schemas {

std::string camel_case(std::string_view snake) {
    std::string out;
    bool upper = false;
    for (const char c : snake) {
        if (c == '_') {
            upper = !out.empty();
        } else {
            out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
            upper = false;
        }
    }
    return out;
}

// A trailing underscore only keeps an enumerator apart from a keyword (`delete_`), so it is no part of the name.
std::string upper_snake(std::string_view enumerator) {
    while (enumerator.ends_with('_')) enumerator.remove_suffix(1);
    std::string out;
    bool after_lower = false;
    for (const char c : enumerator) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isupper(byte) && after_lower) out += '_';
        out += static_cast<char>(std::toupper(byte));
        if (!std::isdigit(byte)) after_lower = std::islower(byte);
    }
    return out;
}

const MemberInfo* TypeInfo::find(std::string_view member_name) const {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), member_name,
                                     [&](std::uint16_t i, std::string_view name) { return members[i].name < name; });
    return at != sorted.end() && members[*at].name == member_name ? &members[*at] : nullptr;
}

namespace detail {

// Member names are ASCII, so the order of their bytes is the order of RFC 8785.
void finish_object(TypeInfo& info) {
    info.sorted.resize(info.members.size());
    std::iota(info.sorted.begin(), info.sorted.end(), std::uint16_t{0});
    std::sort(info.sorted.begin(), info.sorted.end(),
              [&](std::uint16_t a, std::uint16_t b) { return info.members[a].name < info.members[b].name; });
    for (std::size_t i = 1; i < info.sorted.size(); ++i) {
        const std::string& name = info.members[info.sorted[i]].name;
        if (info.members[info.sorted[i - 1]].name == name)
            throw std::logic_error(info.name + " has two members " + name);
    }
    if (info.members.size() > 256) throw std::logic_error(info.name + " has more than 256 members");
    for (MemberInfo& member : info.members) member.quoted = '"' + member.name + "\":";
}

std::string last_part(std::string_view qualified) {
    const std::string_view plain = qualified.substr(0, qualified.find('<'));
    const std::size_t colon = plain.rfind("::");
    return std::string(colon == std::string_view::npos ? plain : plain.substr(colon + 2));
}

// clang writes "std::string nova::schemas::detail::name_of() [T = nova::customers::customer::Open]".
std::string type_name(const char* pretty_function) {
    const std::string_view text = pretty_function;
    const std::size_t begin = text.find("T = ") + 4;
    return last_part(text.substr(begin, text.find_first_of(";]", begin) - begin));
}

}  // namespace detail
}  // namespace nova::schemas

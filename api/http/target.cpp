#include "api/http/target.h"

namespace nova::api {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool decode(std::string_view given, bool plus_is_space, std::string& out) {
    out.clear();
    out.reserve(given.size());
    bool plain = true;
    for (std::size_t i = 0; i < given.size(); ++i) {
        char c = given[i];
        if (c == '%') {
            if (i + 2 >= given.size()) return false;
            const int high = hex_digit(given[i + 1]), low = hex_digit(given[i + 2]);
            if (high < 0 || low < 0) return false;
            c = static_cast<char>(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        plain = plain && static_cast<unsigned char>(c) < 0x80 && c != 0;
        out.push_back(c);
    }
    return plain || is_clean_utf8(out);
}

// "http://host/path" is "/path": proxies may send the absolute form.
std::string_view origin_form(std::string_view target) {
    const auto scheme = target.find("://");
    if (target.empty() || target.front() == '/' || scheme == std::string_view::npos) return target;
    const auto slash = target.find_first_of("/?", scheme + 3);
    return slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
}

}  // namespace

bool is_clean_utf8(std::string_view text) {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = p + text.size();
    while (p < end) {
        const unsigned lead = *p++;
        if (lead == 0) return false;
        if (lead < 0x80) continue;
        const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (lead < 0xc2 || lead > 0xf4 || end - p < more) return false;
        const unsigned second = *p;
        if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
            (lead == 0xf4 && second > 0x8f))
            return false;
        for (int i = 0; i < more; ++i)
            if ((*p++ & 0xc0) != 0x80) return false;
    }
    return true;
}

bool read_target(Request& request) {
    std::string_view rest = origin_form(request.target);
    rest = rest.substr(0, rest.find('#'));
    const auto question = rest.find('?');
    std::string_view path = rest.substr(0, question);
    while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
    if (!decode(path, false, request.path)) {
        request.path.clear();
        return false;
    }
    if (request.path.empty() || (request.path.front() != '/' && request.path != "*")) {
        request.path.clear();
        return false;
    }
    if (question == std::string_view::npos) return true;
    std::string_view query = rest.substr(question + 1);
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(pair.size() < query.size() ? pair.size() + 1 : pair.size());
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        std::string name, value;
        if (!decode(pair.substr(0, equals), true, name)) return false;
        if (equals != std::string_view::npos && !decode(pair.substr(equals + 1), true, value)) return false;
        request.query.emplace_back(std::move(name), std::move(value));
    }
    return true;
}

}  // namespace nova::api

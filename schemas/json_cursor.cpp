#include "schemas/json_cursor.h"

#include <charconv>

#include "schemas/json.h"
#include "schemas/json_bytes.h"

namespace nova::schemas {
namespace {

std::uint32_t hex4(std::string_view raw, std::size_t at) {
    std::uint32_t code = 0;
    const char* const digits = raw.data() + at;
    if (at + 4 > raw.size() || std::from_chars(digits, digits + 4, code, 16).ptr != digits + 4)
        throw CorruptRecord("a \\u escape without four digits");
    return code;
}

void append_utf8(std::uint32_t code, std::string& out) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xC0 | code >> 6);
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
    }
    put(0x80 | (code & 0x3F));
}

// `at` stands behind the `u`; returns how many bytes of `raw` were used.
std::size_t unescape_unicode(std::string_view raw, std::size_t at, std::string& out) {
    const std::uint32_t code = hex4(raw, at);
    if (code < 0xD800 || code > 0xDFFF) {
        append_utf8(code, out);
        return 4;
    }
    if (code > 0xDBFF || raw.substr(at + 4, 2) != "\\u") throw CorruptRecord("half of a surrogate pair");
    const std::uint32_t low = hex4(raw, at + 6);
    if (low < 0xDC00 || low > 0xDFFF) throw CorruptRecord("half of a surrogate pair");
    append_utf8(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), out);
    return 10;
}

}  // namespace

void unescape(std::string_view raw, std::string& out) {
    for (std::size_t at = 0; at < raw.size();) {
        const std::size_t backslash = raw.find('\\', at);
        out.append(raw.substr(at, backslash - at));
        if (backslash == std::string_view::npos) return;
        if (backslash + 1 == raw.size()) throw CorruptRecord("an escape without its letter");
        at = backslash + 2;
        switch (raw[backslash + 1]) {
            case '"': case '\\': case '/': out += raw[backslash + 1]; break;
            case 'b': out += '\b'; break;
            case 't': out += '\t'; break;
            case 'n': out += '\n'; break;
            case 'f': out += '\f'; break;
            case 'r': out += '\r'; break;
            case 'u': at += unescape_unicode(raw, at, out); break;
            default: throw CorruptRecord("an unknown escape");
        }
    }
}

std::string_view Cursor::string(bool& escaped) {
    expect('"');
    escaped = false;
    const char* const start = at_;
    for (;;) {
        at_ = find_quote_or_backslash(at_, end_);
        if (at_ == end_) corrupt("a string without an end");
        if (*at_ == '"') break;
        escaped = true;
        if (end_ - at_ < 2) corrupt("a string without an end");
        at_ += 2;
    }
    return {start, static_cast<std::size_t>(at_++ - start)};
}

std::string_view Cursor::text(std::string& scratch) {
    bool escaped;
    const std::string_view raw = string(escaped);
    if (!escaped) return raw;
    scratch.clear();
    unescape(raw, scratch);
    return scratch;
}

std::string_view Cursor::bare() {
    peek();
    const char* const start = at_;
    while (at_ != end_ && *at_ != ',' && *at_ != '}' && *at_ != ']' && *at_ != ' ' && *at_ != '\n' && *at_ != '\t' &&
           *at_ != '\r')
        ++at_;
    if (at_ == start) corrupt("a value is missing");
    return {start, static_cast<std::size_t>(at_ - start)};
}

std::string_view Cursor::value() {
    const char first = peek();
    const char* const start = at_;
    if (first == '"') {
        bool escaped;
        string(escaped);
    } else if (first == '{' || first == '[') {
        skip_nested();
    } else {
        return bare();
    }
    return {start, static_cast<std::size_t>(at_ - start)};
}

// Counts brackets instead of matching them: what Nova wrote is matched, and damage shows where the parts are read.
void Cursor::skip_nested() {
    int depth = 0;
    do {
        if (at_ == end_) corrupt("a list or an object without an end");
        const char c = *at_;
        if (c == '"') {
            bool escaped;
            string(escaped);
            continue;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        ++at_;
    } while (depth > 0);
}

void Cursor::corrupt(const char* what) const {
    throw CorruptRecord(std::string("unreadable JSON at byte ") + std::to_string(at_ - begin_) + ": " + what);
}

void for_each_member(std::string_view json, void* context, void (*visit)(void*, std::string_view, std::string_view)) {
    Cursor cursor(json);
    std::string scratch;
    cursor.expect('{');
    if (!cursor.take('}')) {
        do {
            const std::string_view name = cursor.name(scratch);
            visit(context, name, cursor.value());
        } while (cursor.more('}'));
    }
    cursor.end();
}

std::string unescaped(std::string_view raw_string) {
    Cursor cursor(raw_string);
    bool escaped;
    const std::string_view raw = cursor.string(escaped);
    cursor.end();
    std::string out;
    if (escaped) unescape(raw, out);
    else out = raw;
    return out;
}

}  // namespace nova::schemas

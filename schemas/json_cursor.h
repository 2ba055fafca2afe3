// Walks over JSON that Nova wrote, token by token, without a tree. It trusts the form of what it skips, never its length:
// a damaged record throws CorruptRecord and nothing is read beyond its end.
#pragma once
#include <string>
#include <string_view>

namespace nova::schemas {

class Cursor {
public:
    explicit Cursor(std::string_view json) : begin_(json.data()), at_(json.data()), end_(json.data() + json.size()) {}

    // The next byte that is not white space, still ahead; 0 at the end.
    char peek() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
        return at_ == end_ ? '\0' : *at_;
    }
    bool take(char c) {
        if (peek() != c) return false;
        ++at_;
        return true;
    }
    void expect(char c) {
        if (!take(c)) corrupt("unexpected byte");
    }
    // Between two entries of a list or an object: true when another follows, false when `close` was taken.
    bool more(char close) {
        if (take(',')) return true;
        expect(close);
        return false;
    }

    // What stands between the quotes of a string, still escaped; `escaped` tells whether there is anything to unescape.
    std::string_view string(bool& escaped);
    // A string as text; `scratch` holds it if it had escapes.
    std::string_view text(std::string& scratch);
    // A member's name and its colon.
    std::string_view name(std::string& scratch) {
        const std::string_view name = text(scratch);
        expect(':');
        return name;
    }
    // A number or literal.
    std::string_view bare();
    // Any value, as it stands.
    std::string_view value();
    void end() {
        if (peek() != '\0' || at_ != end_) corrupt("something after the end");
    }

    [[noreturn]] void corrupt(const char* what) const;

private:
    void skip_nested();

    const char *begin_, *at_, *end_;
};

// Appends the text that `raw` (the inside of a JSON string) stands for. Throws CorruptRecord.
void unescape(std::string_view raw, std::string& out);

}  // namespace nova::schemas

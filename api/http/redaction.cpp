#include "api/http/redaction.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace nova::api {
namespace {

constexpr std::string_view mark = "[redacted]";
constexpr std::string_view dots = "•••••", three_dots = "•••";

// In lower case, as they are compared.
constexpr std::array<std::string_view, 22> secret_members{
    "password",     "passwordhash",  "newpassword",  "currentpassword",
    "token",        "refreshtoken",  "access_token", "refresh_token",
    "accesstoken",  "code",          "otp",          "secret",
    "clientsecret", "authorization", "cookie",       "idnumber",
    "cardnumber",   "cvv",           "iban",         "backupcode",
    "apikey",       "set-cookie"};

bool is_secret_member(std::string_view word) {
    if (word.size() > 20) return false;
    std::string lower(word);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    if (lower.starts_with("x-"))
        lower.erase(0, 2), lower.erase(std::remove(lower.begin(), lower.end(), '-'), lower.end());
    return std::find(secret_members.begin(), secret_members.end(), lower) != secret_members.end();
}

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.' || c == '@' || c == '+' ||
           c == '%' || c == '~';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_uuid_at_end(std::string_view word) {
    if (word.size() < 36) return false;
    word.remove_prefix(word.size() - 36);
    for (std::size_t i = 0; i < 36; ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash != (word[i] == '-') || (!dash && !std::isxdigit(static_cast<unsigned char>(word[i])))) return false;
    }
    return true;
}

bool looks_like_key(std::string_view word) {
    if (word.starts_with("eyJ") && word.size() > 20 && std::count(word.begin(), word.end(), '.') >= 1) return true;
    if (word.size() < 32 || is_uuid_at_end(word) || word.find('@') != std::string_view::npos) return false;
    bool digit = false, letter = false;
    for (const char c : word) {
        if (c == '.' || c == '%') return false;
        digit = digit || is_digit(c);
        letter = letter || std::isalpha(static_cast<unsigned char>(c));
    }
    return digit && letter;
}

// The forms in which people write numbers; other runs of digits (times, positions, amounts) are left alone.
bool looks_like_phone(std::string_view word) {
    const bool plus = word.front() == '+';
    if (plus) word.remove_prefix(1);
    if (word.size() < 8 || word.size() > 16 || !std::all_of(word.begin(), word.end(), is_digit)) return false;
    if (plus) return true;
    return (word.size() == 10 && word.starts_with("05")) || (word.size() == 9 && word.starts_with("5")) ||
           (word.size() == 12 && word.starts_with("9665")) || (word.size() >= 11 && word.starts_with("00"));
}

bool looks_like_email(std::string_view word) {
    const auto at = word.find('@');
    return at != std::string_view::npos && at > 0 && word.find('.', at) != std::string_view::npos;
}

// Their values hold blanks and semicolons and go on to the end of the line.
bool is_header(std::string_view member) {
    const char first = static_cast<char>(std::tolower(static_cast<unsigned char>(member.front())));
    return (member.size() == 13 && first == 'a') || (member.size() == 6 && first == 'c') ||
           (member.size() == 10 && first == 's');
}

class Redactor {
public:
    explicit Redactor(std::string_view text) : text_(text) { out_.reserve(text.size()); }

    std::string run() {
        while (at_ < text_.size()) {
            if (text_.substr(at_).starts_with("://")) credentials();
            else if (is_word(text_[at_])) word();
            else out_ += text_[at_++];
        }
        return std::move(out_);
    }

private:
    char here(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    void copy_while(auto&& is_one) {
        while (at_ < text_.size() && is_one(text_[at_])) out_ += text_[at_++];
    }

    // "scheme://user:password@host": what stands before the @ goes.
    void credentials() {
        out_ += "://";
        at_ += 3;
        const auto end = text_.find_first_of(" \t\n\"'/?", at_);
        const auto sign = text_.substr(at_, end == std::string_view::npos ? end : end - at_).rfind('@');
        if (sign == std::string_view::npos) return;
        out_ += mark;
        at_ += sign;
    }

    void word() {
        const auto start = at_;
        while (at_ < text_.size() && is_word(text_[at_])) ++at_;
        std::string_view word = text_.substr(start, at_ - start);
        if (is_secret_member(word) && secret_value(word)) return;
        while (!word.empty() && word.back() == '.') word.remove_suffix(1), --at_;   // the end of a sentence
        if (word.empty()) out_ += text_[at_++];
        else append(word);
        if (word == "Bearer" || word == "bearer" || word == "Basic") {
            copy_while([](char c) { return c == ' '; });
            const auto value = at_;
            while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '/' || text_[at_] == '=')) ++at_;
            if (at_ - value >= 8) out_ += mark;
            else out_ += text_.substr(value, at_ - value);
        }
    }

    void append(std::string_view word) {
        if (looks_like_key(word)) {
            out_ += mark;
            while (here() == '/' || here() == '=' || is_word(here())) ++at_;   // the rest of a Base64 text
        } else if (looks_like_phone(word)) {
            out_.append(word.substr(0, 2)).append(dots).append(word.substr(word.size() - 3));
        } else if (looks_like_email(word)) {
            out_.append(word.substr(0, 1)).append(three_dots).append(word.substr(word.find('@')));
        } else {
            out_ += word;
        }
    }

    // After the name of a secret member: is a value given, as in `password=x`, `"password": "x"`, `Cookie: a=b; c=d`?
    bool secret_value(std::string_view name) {
        auto after = at_;
        while (after < text_.size() &&
               (text_[after] == '"' || text_[after] == '\\' || text_[after] == '\'' || text_[after] == ' '))
            ++after;
        if (after >= text_.size() || (text_[after] != ':' && text_[after] != '=')) return false;
        for (++after; after < text_.size() && text_[after] == ' '; ++after) {}
        out_.append(name).append(text_.substr(at_, after - at_));
        at_ = after;
        const bool escaped = here() == '\\' && here(1) == '"';
        const char quote = escaped ? '"' : here();
        if (quote == '"' || quote == '\'') quoted_value(quote, escaped);
        else bare_value(is_header(name) ? "\r\n\"" : "&,;} \t\r\n\"')]");
        return true;
    }

    void quoted_value(char quote, bool escaped) {
        const std::size_t opening = escaped ? 2 : 1;
        out_ += text_.substr(at_, opening);
        at_ += opening;
        out_ += mark;
        while (at_ < text_.size()) {
            if (escaped && text_[at_] == '\\' && here(1) == quote) break;
            if (!escaped && text_[at_] == quote) break;
            at_ += !escaped && text_[at_] == '\\' ? 2 : 1;
        }
        at_ = std::min(at_, text_.size());
    }

    void bare_value(std::string_view ends) {
        const auto end = std::min(text_.find_first_of(ends, at_), text_.size());
        if (end == at_) return;
        out_ += mark;
        at_ = end;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string out_;
};

}  // namespace

std::string redacted(std::string_view text) { return Redactor(text).run(); }

}  // namespace nova::api

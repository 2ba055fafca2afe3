#include "domain/kernel/tags.h"

#include <algorithm>

namespace nova {
namespace {

constexpr auto none = std::string_view::npos;

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }
constexpr bool ends_name(char c) { return is_blank(c) || c == '/' || c == '>'; }

// What makes a '<' before it the start of a tag, an end tag, a comment or a processing instruction.
constexpr bool opens_tag(char c) { return is_letter(c) || c == '/' || c == '!' || c == '?'; }

bool has_name(std::string_view rest, std::string_view name) {
    return rest.size() > name.size() && ends_name(rest[name.size()]) &&
           std::equal(name.begin(), name.end(), rest.begin(), [](char a, char b) { return a == lower(b); });
}

// Reads the text once. A '<' that was kept is looked at again when the tag behind it is gone, because
// "<<b>script>" must not become "<script>".
class TagRemoval {
public:
    explicit TagRemoval(std::string_view text) : text_(text), last_equals_(text.rfind('=')) {
        out_.reserve(text.size());
    }

    std::string result() {
        while (at_ < text_.size()) {
            const auto open = std::min(text_.find('<', at_), text_.size());
            out_.append(text_, at_, open - at_);
            at_ = open;
            if (open == text_.size()) break;
            ++at_;
            if (skip_tag()) {
                while (!out_.empty() && out_.back() == '<' && skip_tag()) out_.pop_back();
            } else {
                out_ += '<';
            }
        }
        return std::move(out_);
    }

private:
    // With a '<' just taken: passes over the tag that it opens, if it opens one.
    bool skip_tag() {
        if (at_ >= text_.size() || !opens_tag(text_[at_])) return false;
        if (skip_comment()) return true;
        const auto close = no_tag_closes_ ? none : text_.find('>', at_);
        if (close == none) return skip_unclosed();
        const std::string_view rest = text_.substr(at_);
        const std::string_view raw = has_name(rest, "script") ? "script" : has_name(rest, "style") ? "style" : "";
        at_ = close + 1;
        if (!raw.empty()) skip_content_of(raw);
        return true;
    }

    // The end is searched for in vain only once: else a text full of "<!--" would take quadratic time.
    bool skip_comment() {
        if (no_comment_ends_ || text_.compare(at_, 3, "!--") != 0) return false;
        const auto end = text_.find("-->", at_ + 1);
        no_comment_ends_ = end == none;
        if (end != none) at_ = end + 3;
        return end != none;
    }

    // Up to and with the end tag; a browser takes all the rest for a script that is never closed, so it goes too.
    void skip_content_of(std::string_view name) {
        for (auto end = text_.find("</", at_); end != none; end = text_.find("</", end + 2)) {
            if (!has_name(text_.substr(end + 2), name)) continue;
            const auto close = text_.find('>', end);
            at_ = close == none ? text_.size() : close + 1;
            return;
        }
        at_ = text_.size();
    }

    // No '>' is left, so no tag is complete; but what looks like a tag with an attribute would become one on a page
    // where markup follows it, so it goes with all the rest. Anything else is text.
    bool skip_unclosed() {
        no_tag_closes_ = true;
        if (!is_letter(text_[at_]) || last_equals_ == none || last_equals_ < at_) return false;
        at_ = text_.size();
        return true;
    }

    std::string_view text_;
    std::size_t last_equals_;
    std::size_t at_ = 0;
    std::string out_;
    bool no_comment_ends_ = false;
    bool no_tag_closes_ = false;
};

}  // namespace

std::string without_tags(std::string_view text) { return TagRemoval(text).result(); }

}  // namespace nova

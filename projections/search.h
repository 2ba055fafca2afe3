// What a search text looks for. Both sides are folded (domain/kernel/text.h). Every word is required and matches where a
// word of the row starts with it; in Arabic also behind the particles that are written together with a word (و ف ب ل ك
// and ال, لل, in that order), so رياض finds بالرياض. A word of digits, or a whole search that is part of a phone number,
// also matches anywhere inside a number, in its E.164 form.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace nova::projections {

class Search {
public:
    explicit Search(std::string_view as_typed);
    bool empty() const { return choices_.empty(); }   // nothing to look for: every row matches
    bool matches(std::string_view folded_row) const;

    struct Term {
        std::string word;     // at the start of a word; empty: none
        std::string digits;   // anywhere; empty: none
    };
    // A row matches if all terms of one choice do.
    const std::vector<std::vector<Term>>& choices() const { return choices_; }

private:
    std::vector<std::vector<Term>> choices_;
};

// Where `needle` stands in the text, or nullptr; not empty.
const char* find_in(const char* begin, const char* end, std::string_view needle);
// Does a word start at `at`, or right after particles that start one?
bool starts_word(std::string_view folded_row, std::size_t at);
bool matches(std::string_view folded_row, const Search::Term&);

}  // namespace nova::projections

#include "projections/search.h"

#include <algorithm>
#include <cstring>

#include "domain/kernel/contact.h"
#include "domain/kernel/text.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace nova::projections {
namespace {

bool ends_with(std::string_view text, std::string_view end) { return text.ends_with(end); }

// The end of a word: ASCII that is no letter or digit, Arabic comma, semicolon and question mark, general punctuation.
bool ends_in_boundary(std::string_view before) {
    if (before.empty()) return true;
    const auto last = static_cast<unsigned char>(before.back());
    if (last < 0x80) return !std::isalnum(last);
    if (ends_with(before, "\u060C") || ends_with(before, "\u061B") || ends_with(before, "\u061F")) return true;
    return before.size() >= 3 && before[before.size() - 3] == '\xE2' && before[before.size() - 2] == '\x80';
}

// Cuts one of the given endings off, if there is one.
template <std::size_t N>
bool cut(std::string_view& text, const std::string_view (&endings)[N]) {
    for (const std::string_view ending : endings)
        if (text.ends_with(ending)) return text.remove_suffix(ending.size()), true;
    return false;
}

bool contains(std::string_view text, std::string_view part) {
    return find_in(text.data(), text.data() + text.size(), part);
}

bool has_word(std::string_view row, std::string_view word) {
    for (std::size_t from = 0; from + word.size() <= row.size();) {
        const char* hit = find_in(row.data() + from, row.data() + row.size(), word);
        if (!hit) return false;
        const std::size_t at = static_cast<std::size_t>(hit - row.data());
        if (starts_word(row, at)) return true;
        from = at + 1;
    }
    return false;
}

bool is_number(std::string_view word) {
    return word.size() >= 3 &&
           std::all_of(word.begin(), word.end(), [](char c) { return (c >= '0' && c <= '9') || c == '+' || c == '-'; });
}

}  // namespace

// memmem, 32 bytes at a time: candidates are where the first and the last byte of the needle stand at their distance.
// glibc's memmem of short needles looks at each byte in turn, which is five times slower over a megabyte.
const char* find_in(const char* at, const char* end, std::string_view needle) {
#if defined(__AVX2__)
    const std::size_t last = needle.size() - 1;
    const __m256i first_byte = _mm256_set1_epi8(needle.front()), last_byte = _mm256_set1_epi8(needle.back());
    for (; at + last + 32 <= end; at += 32) {
        const __m256i first_match =
            _mm256_cmpeq_epi8(first_byte, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)));
        const __m256i last_match =
            _mm256_cmpeq_epi8(last_byte, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + last)));
        auto candidates = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_and_si256(first_match, last_match)));
        for (; candidates; candidates &= candidates - 1) {
            const char* here = at + __builtin_ctz(candidates);
            if (std::memcmp(here, needle.data(), needle.size()) == 0) return here;
        }
    }
#endif
    return static_cast<const char*>(memmem(at, static_cast<std::size_t>(end - at), needle.data(), needle.size()));
}

bool starts_word(std::string_view row, std::size_t at) {
    std::string_view before = row.substr(0, at);
    if (ends_in_boundary(before)) return true;
    if (static_cast<unsigned char>(before.back()) < 0x80) return false;   // inside a Latin word or a number
    static constexpr std::string_view articles[] = {"ال", "لل"}, prepositions[] = {"ب", "ل", "ك"},
                                      conjunctions[] = {"و", "ف"};
    cut(before, articles);
    if (ends_in_boundary(before)) return true;
    cut(before, prepositions);
    if (ends_in_boundary(before)) return true;
    cut(before, conjunctions);
    return ends_in_boundary(before);
}

bool matches(std::string_view row, const Search::Term& term) {
    return (!term.word.empty() && has_word(row, term.word)) || (!term.digits.empty() && contains(row, term.digits));
}

Search::Search(std::string_view as_typed) {
    const std::string text = folded(as_typed);
    std::vector<Term> words;
    for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) <= ' ') { ++at; continue; }
        std::size_t end = at;
        while (end < text.size() && static_cast<unsigned char>(text[end]) > ' ') ++end;
        Term term{text.substr(at, end - at), {}};
        if (is_number(term.word)) term.digits = phone_search_digits(term.word);
        words.push_back(std::move(term));
        at = end;
    }
    if (words.empty()) return;
    if (words.size() > 1)
        if (std::string digits = phone_search_digits(text); !digits.empty())
            choices_.push_back({Term{{}, std::move(digits)}});
    choices_.push_back(std::move(words));
}

bool Search::matches(std::string_view row) const {
    if (choices_.empty()) return true;
    return std::any_of(choices_.begin(), choices_.end(), [&](const std::vector<Term>& terms) {
        return std::all_of(terms.begin(), terms.end(),
                           [&](const Term& term) { return projections::matches(row, term); });
    });
}

}  // namespace nova::projections

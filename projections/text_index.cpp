#include "projections/text_index.h"

#include <algorithm>

namespace nova::projections {

void TextIndex::reserve(std::size_t rows, std::size_t bytes) {
    text_.reserve(bytes + rows);
    entries_.reserve(rows);
    by_row_.reserve(rows);
}

void TextIndex::forget(std::int64_t row) {
    const auto found = by_row_.find(row);
    if (found == by_row_.end()) return;
    Entry& entry = entries_[found->second];
    const std::size_t length = end_of(found->second) - entry.begin;
    // Wiped at once: nothing is found in it any more, and what a person had erased does not linger in memory.
    text_.replace(entry.begin, length, length, '\0');
    entry.row = 0;
    dead_bytes_ += length + 1;
    by_row_.erase(found);
}

void TextIndex::set(std::int64_t row, std::string_view folded) {
    forget(row);
    text_ += '\0';
    by_row_.emplace(row, entries_.size());
    entries_.push_back({text_.size(), row});
    text_ += folded;
    if (dead_bytes_ > 4096 && dead_bytes_ > text_.size() / 2) compact();
}

void TextIndex::remove(std::int64_t row) {
    forget(row);
    if (dead_bytes_ > 4096 && dead_bytes_ > text_.size() / 2) compact();
}

void TextIndex::compact() {
    std::string text;
    std::vector<Entry> entries;
    text.reserve(text_.size() - dead_bytes_ + 4096);
    entries.reserve(by_row_.size() + 64);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (!entries_[i].row) continue;
        text += '\0';
        by_row_[entries_[i].row] = entries.size();
        const std::size_t begin = entries_[i].begin, end = end_of(i);
        entries.push_back({text.size(), entries_[i].row});
        text.append(text_, begin, end - begin);
    }
    text_.swap(text), entries_.swap(entries), dead_bytes_ = 0;
}

std::vector<std::int64_t> TextIndex::find(const Search& search) const {
    std::vector<std::int64_t> found;
    for (const auto& terms : search.choices()) scan(terms, found);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

// Looks for the longest word, the rarest as a rule, and for the others only where it was found. A term that matches in
// two ways cannot lead; if all do, each way of one of them leads in turn.
void TextIndex::scan(const std::vector<Search::Term>& terms, std::vector<std::int64_t>& found) const {
    const Search::Term* leader = nullptr;
    const auto only = [](const Search::Term& term) -> const std::string& {
        return term.word.empty() ? term.digits : term.word;
    };
    for (const Search::Term& term : terms)
        if ((term.word.empty() || term.digits.empty()) && (!leader || only(term).size() > only(*leader).size()))
            leader = &term;
    if (leader) return scan_for(only(*leader), *leader, terms, found);
    scan_for(terms.front().word, terms.front(), terms, found);
    scan_for(terms.front().digits, terms.front(), terms, found);
}

void TextIndex::scan_for(std::string_view anchor, const Search::Term& leader, const std::vector<Search::Term>& terms,
                         std::vector<std::int64_t>& found) const {
    const char* const begin = text_.data();
    const char* const end = begin + text_.size();
    std::size_t entry = 0;
    for (const char* at = begin; at < end;) {
        const char* hit = find_in(at, end, anchor);
        if (!hit) return;
        const std::size_t offset = static_cast<std::size_t>(hit - begin);
        // Hits come in order, so the entry is near: doubling steps from the last one, then halving.
        std::size_t step = 1;
        while (entry + step < entries_.size() && entries_[entry + step].begin <= offset) entry += step, step *= 2;
        for (; step; step /= 2)
            if (entry + step < entries_.size() && entries_[entry + step].begin <= offset) entry += step;
        const std::size_t stop = end_of(entry);
        if (entries_[entry].row) {
            const std::string_view row(begin + entries_[entry].begin, stop - entries_[entry].begin);
            // As a rule the hit itself is a match already.
            const bool led = &anchor.front() == leader.digits.data() ||
                             starts_word(row, offset - entries_[entry].begin) || matches(row, leader);
            const bool all = led && std::all_of(terms.begin(), terms.end(), [&](const Search::Term& term) {
                                 return &term == &leader || matches(row, term);
                             });
            if (all) found.push_back(entries_[entry].row);
        }
        at = begin + stop;   // a row is judged whole, so the next hit that matters is in another one
    }
}

}  // namespace nova::projections

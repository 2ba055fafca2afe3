// The folded texts of one tenant's rows in one piece of memory, scanned for a search: 0.1 µs a row and any infix,
// where an inverted index would cost more for every change than all searches save.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "projections/search.h"

namespace nova::projections {

class TextIndex {
public:
    void set(std::int64_t row, std::string_view folded);
    void remove(std::int64_t row);
    // The rows that match, ascending.
    std::vector<std::int64_t> find(const Search&) const;
    std::size_t bytes() const { return text_.capacity() + entries_.capacity() * sizeof(Entry) + by_row_.size() * 48; }
    std::size_t rows() const { return by_row_.size(); }
    void reserve(std::size_t rows, std::size_t bytes);

private:
    struct Entry {
        std::size_t begin;
        std::int64_t row;   // 0: replaced or removed; rows count from 1
    };
    void forget(std::int64_t row);
    void compact();
    void scan(const std::vector<Search::Term>&, std::vector<std::int64_t>& found) const;
    void scan_for(std::string_view anchor, const Search::Term& leader, const std::vector<Search::Term>&,
        std::vector<std::int64_t>& found) const;
    std::size_t end_of(std::size_t entry) const {
        return entry + 1 < entries_.size() ? entries_[entry + 1].begin - 1 : text_.size();
    }

    std::string text_;  // each text behind a zero byte, which no text holds, so that none matches across two
    std::vector<Entry> entries_;     // in order of text_
    std::unordered_map<std::int64_t, std::size_t> by_row_;
    std::size_t dead_bytes_ = 0;
};

}  // namespace nova::projections

#include "tests/bench/report.h"

#include <cstdio>

namespace nova::bench {
namespace {

std::string number(double value) {
    char text[48];
    if (value < 100) {
        std::snprintf(text, sizeof text, value < 10 ? "%.2f" : "%.1f", value);
        return text;
    }
    std::snprintf(text, sizeof text, "%.0f", value);
    std::string grouped = text;
    for (std::size_t at = grouped.size(); at > 3; grouped.insert(at -= 3, ",")) {
    }
    return grouped;
}

std::string optional_number(const std::optional<double>& value) { return value ? number(*value) : "–"; }

// Columns are padded by characters, not bytes: a dash is three bytes long.
std::string padded(const std::string& text, std::size_t width, bool right) {
    std::size_t characters = 0;
    for (const char c : text) characters += (c & 0xC0) != 0x80;
    const std::string gap(characters < width ? width - characters : 0, ' ');
    return right ? gap + text : text + gap;
}

std::string line(const std::string& work, const std::string& goal, const std::string& measured, const std::string& p99,
                 const std::string& max, const std::string& ratio, const std::string& verdict) {
    return padded(work, 58, false) + padded(goal, 12, true) + padded(measured, 14, true) + padded(p99, 9, true) +
           padded(max, 9, true) + padded(ratio, 11, true) + "  " + verdict;
}

std::string line_of(const Row& row) {
    std::string goal = "–", ratio = "–";
    if (row.goal) goal = (row.goal->at_least ? "≥ " : "≤ ") + number(row.goal->value);
    if (row.ceiling && *row.ceiling > 0) ratio = number(row.measured / *row.ceiling);
    std::string verdict = row.goal ? (row.met() ? "met" : "MISSED") : "";
    if (!row.note.empty()) verdict += (verdict.empty() ? "" : ", ") + row.note;
    return line(row.work, goal, number(row.measured) + " " + row.unit, optional_number(row.p99_ms),
                optional_number(row.max_ms), ratio, verdict);
}

}  // namespace

void Report::add(Row row) {
    std::fprintf(stderr, "%s\n", line_of(row).c_str());
    rows_.push_back(std::move(row));
}

bool Report::print() const {
    bool all_met = true;
    std::printf("\n%s\n", line("work", "goal", "measured", "p99 ms", "max ms", "of ceiling", "").c_str());
    for (const Row& row : rows_) {
        std::printf("%s\n", line_of(row).c_str());
        all_met = all_met && row.met();
    }
    std::fflush(stdout);
    return all_met;
}

}  // namespace nova::bench

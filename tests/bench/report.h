// The table that the benchmark prints: one line a measure, beside its goal and the ceiling of this machine.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace nova::bench {

struct Goal {
    double value = 0;
    bool at_least = true;          // else at most
};

struct Row {
    std::string work;              // "create a customer, 10,000 in the tenant"
    std::string unit;              // "/s", "ms", "MB", "s"
    std::optional<Goal> goal;
    double measured = 0;
    std::optional<double> p99_ms, max_ms, ceiling;
    std::string note;

    bool met() const { return !goal || (goal->at_least ? measured >= goal->value : measured <= goal->value); }
};

class Report {
public:
    // Says the line at once, so that a long run shows what it does.
    void add(Row);
    // The whole table; false when a goal was missed.
    bool print() const;

private:
    std::vector<Row> rows_;
};

}  // namespace nova::bench

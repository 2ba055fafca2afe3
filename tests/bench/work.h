// One broker at work: what the benchmark asks of a running server, and what came of it.
#pragma once
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/bench/load.h"

namespace nova::bench {

class Work {
public:
    // Registers a person and works as them. Throws std::runtime_error when the server refuses.
    explicit Work(std::uint16_t port);

    // Creates customers until the tenant has so many.
    Outcome load_customers(std::uint64_t total);

    Outcome create(std::chrono::milliseconds);
    Outcome get_one(std::chrono::milliseconds);
    Outcome list(std::chrono::milliseconds);
    Outcome search(std::chrono::milliseconds);
    Outcome patch(std::chrono::milliseconds, std::uint64_t at_most = UINT64_MAX);
    Outcome mixed(std::chrono::milliseconds);          // four fifths reading, one fifth writing
    Outcome health(std::chrono::milliseconds);         // 100 connections, no token

    std::uint64_t customers() const { return ids_.size(); }
    // Events in the log, as far as the answers' Nova-Position has told.
    std::uint64_t events() const { return events_; }

private:
    Outcome run(std::chrono::milliseconds, const NextRequest&, std::uint64_t at_most = UINT64_MAX);
    void put_create(std::string&);
    void put_get(std::string&);
    void put_patch(std::string&);
    const std::string& any_id() { return ids_[chance_() % ids_.size()]; }
    void remember(const Answer&);

    std::uint16_t port_;
    std::string token_;
    std::vector<std::string> ids_;
    std::uint64_t next_person_ = 0, next_change_ = 0, events_ = 0;
    std::mt19937_64 chance_{7};
    std::string body_;
};

}  // namespace nova::bench

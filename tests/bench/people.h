// Customers of a brokerage in Riyadh, as their brokers would type them: the same number gives the same person.
#pragma once
#include <cstdint>
#include <string>

namespace nova::bench {

// The body of POST /api/customers; phones differ for all numbers below 10^8.
void put_customer(std::string& out, std::uint64_t number);
// The body of a PATCH that changes something: notes of one kind of command, budget of the other.
void put_change(std::string& out, std::uint64_t number);
// Something to search for that finds some of them, percent-encoded.
std::string search_words(std::uint64_t number);

}  // namespace nova::bench

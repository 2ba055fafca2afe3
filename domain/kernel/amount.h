// Numbers with bounds: whole amounts (SAR, metres) that fit an exact double, and decimals such as coordinates.
#pragma once
#include <boost/describe.hpp>
#include <compare>
#include <cstdint>

#include "domain/kernel/text.h"

namespace nova {

template <std::int64_t Lowest, std::int64_t Highest>
struct Whole {
    static constexpr std::int64_t lowest = Lowest, highest = Highest;
    std::int64_t value = 0;
    auto operator<=>(const Whole&) const = default;
};
using Sar = Whole<0, 9007199254740991>;  // whole Saudi riyals

template <int Lowest, int Highest>
struct Decimal {
    static constexpr double lowest = Lowest, highest = Highest;
    double value = 0;
    auto operator<=>(const Decimal&) const = default;
};

// Minor units of an ISO 4217 currency, never negative: {1150000, "SAR"} is 11,500 riyals.
struct Money {
    Sar amount;
    Text<3, 3> currency{"SAR"};
    bool operator==(const Money&) const = default;
};
BOOST_DESCRIBE_STRUCT(Money, (), (amount, currency))

}  // namespace nova

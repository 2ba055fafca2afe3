// How long each of many requests took: every single one is kept, so percentiles and stalls are exact.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nova::bench {

class Latencies {
public:
    static constexpr std::uint32_t stall_us = 100'000;

    void add(std::chrono::nanoseconds took) {
        all_us_.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(took.count() / 1000, UINT32_MAX)));
        sorted_ = false;
    }
    std::size_t count() const { return all_us_.size(); }
    // share from 0 to 1; 1 is the slowest. Zero where nothing was measured.
    double percentile_ms(double share) {
        if (all_us_.empty()) return 0;
        sort();
        const auto last = static_cast<double>(all_us_.size() - 1);
        return all_us_[static_cast<std::size_t>(share * last + 0.5)] / 1000.0;
    }
    double max_ms() { return percentile_ms(1); }
    std::size_t stalls() const {
        return static_cast<std::size_t>(
            std::count_if(all_us_.begin(), all_us_.end(), [](auto us) { return us > stall_us; }));
    }

private:
    void sort() {
        if (!sorted_) std::sort(all_us_.begin(), all_us_.end());
        sorted_ = true;
    }
    std::vector<std::uint32_t> all_us_;
    bool sorted_ = false;
};

}  // namespace nova::bench

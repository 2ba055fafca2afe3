// Numbers for Prometheus: counters and histograms that any thread raises without a lock, gauges that are asked when
// somebody looks. No label may hold a person, a tenant or an id.
#pragma once
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nova::api {

class Counter {
public:
    void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// Of durations in seconds, in buckets from 0.5 ms to 10 s.
class Histogram {
public:
    static constexpr double bounds[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10};
    static constexpr std::size_t buckets = std::size(bounds) + 1;
    void observe(double seconds) {
        std::size_t i = 0;
        while (i + 1 < buckets && seconds > bounds[i]) ++i;
        counts_[i].fetch_add(1, std::memory_order_relaxed);
        sum_us_.fetch_add(static_cast<std::uint64_t>(seconds * 1e6), std::memory_order_relaxed);
    }
    std::uint64_t count(std::size_t bucket) const { return counts_[bucket].load(std::memory_order_relaxed); }
    double sum_seconds() const { return static_cast<double>(sum_us_.load(std::memory_order_relaxed)) / 1e6; }

private:
    std::atomic<std::uint64_t> counts_[buckets]{};
    std::atomic<std::uint64_t> sum_us_{0};
};

using Labels = std::vector<std::pair<std::string, std::string>>;

// Finding a counter takes a lock and a look-up: hot paths keep the reference, which is valid as long as the registry.
class MetricRegistry {
public:
    Counter& counter(std::string_view name, std::string_view help, const Labels& = {});
    Histogram& histogram(std::string_view name, std::string_view help, const Labels& = {});
    // Asked at each look; replaces one of the same name and labels. `value` must be callable from any thread.
    void gauge(std::string_view name, std::string_view help, const Labels&, std::function<double()> value);
    void forget_gauge(std::string_view name, const Labels&);   // before what `value` asks is destroyed
    std::string text() const;                                   // Prometheus 0.0.4

private:
    struct Family {
        std::string help, kind;
        std::map<std::string, std::unique_ptr<Counter>> counters;
        std::map<std::string, std::unique_ptr<Histogram>> histograms;
        std::map<std::string, std::function<double()>> gauges;
    };
    Family& family(std::string_view name, std::string_view help, std::string_view kind);

    mutable std::mutex mutex_;
    std::map<std::string, Family, std::less<>> families_;
};

// The registry of this process; it has its own memory, threads and open files in it.
MetricRegistry& metrics();

}  // namespace nova::api

#include "api/http/metrics.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace nova::api {
namespace {

// {a="x",b="y"} without the braces, so that a histogram can add its own.
std::string inside_braces(const Labels& labels) {
    std::string out;
    for (const auto& [name, value] : labels) {
        if (!out.empty()) out += ',';
        out.append(name).append("=\"");
        for (const char c : value) {
            if (c == '"' || c == '\\') out += '\\';
            if (c == '\n') out += "\\n";
            else out += c;
        }
        out += '"';
    }
    return out;
}

std::string braced(const std::string& labels) { return labels.empty() ? "" : "{" + labels + "}"; }

void write_histogram(const std::string& name, const std::string& labels, const Histogram& histogram, std::string& out) {
    const std::string lead = labels.empty() ? "" : labels + ",";
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < Histogram::buckets; ++i) {
        total += histogram.count(i);
        const std::string bound = i + 1 < Histogram::buckets ? fmt::format("{}", Histogram::bounds[i]) : "+Inf";
        out += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, lead, bound, total);
    }
    out += fmt::format("{}_sum{} {}\n{}_count{} {}\n", name, braced(labels), histogram.sum_seconds(), name,
                       braced(labels), total);
}

double from_status(std::string_view member) {
    std::ifstream status("/proc/self/status");
    std::string line;
    while (std::getline(status, line))
        if (line.starts_with(member)) return std::stod(line.substr(member.size()));
    return 0;
}

double open_files() {
    std::error_code error;
    double n = 0;
    for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end; it.increment(error))
        ++n;
    return n;
}

void add_process(MetricRegistry& registry) {
    registry.gauge("process_resident_memory_bytes", "Resident memory.", {},
                   [] { return from_status("VmRSS:") * 1024; });
    registry.gauge("process_threads", "Threads.", {}, [] { return from_status("Threads:"); });
    registry.gauge("process_open_fds", "Open file descriptors.", {}, [] { return open_files(); });
}

}  // namespace

MetricRegistry::Family& MetricRegistry::family(std::string_view name, std::string_view help, std::string_view kind) {
    auto at = families_.find(name);
    if (at == families_.end()) {
        at = families_.try_emplace(std::string(name)).first;
        at->second.help = help, at->second.kind = kind;
    }
    if (at->second.kind != kind) throw std::logic_error("the metric " + std::string(name) + " is a " + at->second.kind);
    return at->second;
}

Counter& MetricRegistry::counter(std::string_view name, std::string_view help, const Labels& labels) {
    std::lock_guard lock(mutex_);
    auto& slot = family(name, help, "counter").counters[inside_braces(labels)];
    if (!slot) slot = std::make_unique<Counter>();
    return *slot;
}

Histogram& MetricRegistry::histogram(std::string_view name, std::string_view help, const Labels& labels) {
    std::lock_guard lock(mutex_);
    auto& slot = family(name, help, "histogram").histograms[inside_braces(labels)];
    if (!slot) slot = std::make_unique<Histogram>();
    return *slot;
}

void MetricRegistry::gauge(std::string_view name, std::string_view help, const Labels& labels,
                           std::function<double()> value) {
    std::lock_guard lock(mutex_);
    family(name, help, "gauge").gauges[inside_braces(labels)] = std::move(value);
}

void MetricRegistry::forget_gauge(std::string_view name, const Labels& labels) {
    std::lock_guard lock(mutex_);
    const auto at = families_.find(name);
    if (at != families_.end()) at->second.gauges.erase(inside_braces(labels));
}

std::string MetricRegistry::text() const {
    std::lock_guard lock(mutex_);
    std::string out;
    for (const auto& [name, family] : families_) {
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, family.kind);
        for (const auto& [labels, counter] : family.counters)
            out += fmt::format("{}{} {}\n", name, braced(labels), counter->value());
        for (const auto& [labels, value] : family.gauges)
            out += fmt::format("{}{} {}\n", name, braced(labels), value());
        for (const auto& [labels, histogram] : family.histograms) write_histogram(name, labels, *histogram, out);
    }
    return out;
}

MetricRegistry& metrics() {
    static MetricRegistry* registry = [] {
        auto* made = new MetricRegistry;   // never destroyed: counters are raised until the very end
        add_process(*made);
        return made;
    }();
    return *registry;
}

}  // namespace nova::api

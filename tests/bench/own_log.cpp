// Nova's log without the rest of Nova: what it does at the commit size that the server was seen to write.
#include "eventstore/sqlite/sqlite_log.h"
#include "tests/bench/ceilings.h"

namespace nova::bench {
namespace {

Uuid numbered(std::uint64_t n) {
    Uuid id;
    for (int i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(n >> (8 * i));
    id.bytes[6] = 0x70;
    return id;
}

eventstore::Append batch_of(const CommitSize& size, std::uint64_t& made) {
    const auto count = static_cast<std::size_t>(std::max(1.0, size.events + 0.5));
    const auto bytes = static_cast<std::size_t>(size.bytes / static_cast<double>(count));
    eventstore::Append append;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string stream = "customer-" + to_text(numbered(++made));
        std::string event = "{\"commandid\":\"" + to_text(numbered(made)) + "\",\"data\":\"";
        const std::string rest = "\",\"streamversion\":1,\"subject\":\"" + stream + "\"}";
        if (bytes > event.size() + rest.size()) event.append(bytes - event.size() - rest.size(), 'x');
        event += rest;
        eventstore::PendingEvent pending;
        pending.begin = append.block.size();
        pending.length = event.size();
        pending.stream = stream;
        pending.version = 1;
        pending.command = static_cast<std::uint32_t>(i);
        append.block += event + "\n";
        append.events.push_back(std::move(pending));
        append.new_keys.push_back({stream, std::string(72, 'k')});
    }
    return append;
}

}  // namespace

double log_events_per_second(const std::filesystem::path& folder, const CommitSize& size, std::chrono::milliseconds lasts) {
    std::filesystem::create_directories(folder);
    const auto log = eventstore::SqliteLog::open({.folder = folder});
    std::uint64_t made = 0;
    const auto begun = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begun < lasts) {
        bool done = false;
        log->append(batch_of(size, made), [&](eventstore::AppendResult result) { done = result.outcome == eventstore::Outcome::done; });
        if (!done) return 0;
    }
    return static_cast<double>(made) / std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

}  // namespace nova::bench

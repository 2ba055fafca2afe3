// Events, appends and folders for the tests of the log. The events are what the layers above would write: canonical
// CloudEvents, from whose bytes the index can be built again.
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/sqlite/sqlite_log.h"

namespace nova::eventstore::test {

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "nova-test-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

struct Given {
    std::string stream;
    std::uint64_t version = 1;
    std::string text = "x";          // some data
    std::string claim = {};          // "space|key1,key2|until ms", the last part may be missing
    std::string repeat_key = {};
    std::uint32_t command = 0;       // 0: a command of its own
    TenantId boundary = {};
};

inline std::string command_id(const std::string& stream, std::uint64_t version, std::uint32_t command) {
    return command ? "command-" + std::to_string(command) : "command-of-" + stream + "-" + std::to_string(version);
}

inline std::string bytes_of(const Given& given) {
    std::string out = R"({"actorid":"system","actortype":"SYSTEM","commandid":")" +
                      command_id(given.stream, given.version, given.command) +
                      R"(","commandname":"Test","data":{"claim":")" + given.claim +
                      R"(","subject":"not this one","text":")" + given.text + R"("},"id":"0192f0c1-0000-7000-8000-000000000000")";
    if (!given.repeat_key.empty()) out += R"(,"idempotencykey":")" + given.repeat_key + R"(","requestdigest":"digest of )" + given.repeat_key + '"';
    return out + R"(,"schemaversion":1,"source":"/directory","specversion":"1.0","streamversion":)" + std::to_string(given.version) +
           R"(,"subject":")" + given.stream + R"(","time":"2026-11-20T09:30:00.000Z","type":"nova.test.Happened"})";
}

inline std::string_view member(std::string_view bytes, std::string_view name) {
    const std::string before = '"' + std::string(name) + R"(":")";
    const auto at = bytes.find(before);
    if (at == std::string_view::npos) return {};
    const auto rest = bytes.substr(at + before.size());
    return rest.substr(0, rest.find('"'));
}

inline std::vector<ClaimSet> claims_in(std::string_view claim) {
    if (claim.empty()) return {};
    ClaimSet set;
    const auto bar = claim.find('|');
    set.space = claim.substr(0, bar);
    std::string_view rest = claim.substr(bar + 1), keys = rest.substr(0, rest.find('|'));
    if (keys.size() < rest.size()) set.until = Instant{std::stoll(std::string(rest.substr(keys.size() + 1)))};
    while (!keys.empty()) {
        const auto key = keys.substr(0, keys.find(','));
        set.keys.emplace_back(key);
        keys.remove_prefix(std::min(keys.size(), key.size() + 1));
    }
    return {set};
}

inline std::optional<RepeatKey> repeat_in(std::string_view bytes) {
    const auto key = member(bytes, "idempotencykey");
    if (key.empty()) return std::nullopt;
    return RepeatKey{"directory,system", std::string(key), std::string(member(bytes, "requestdigest")), "Test",
                     std::string(member(bytes, "commandid"))};
}

inline Append append_of(const std::vector<Given>& events, Instant time = {1'000'000}) {
    Append append;
    append.time = time;
    for (const Given& given : events) {
        const std::string bytes = bytes_of(given);
        PendingEvent pending{
            append.block.size(),
            bytes.size(),
            given.stream,
            given.version,
            given.boundary,
            given.command ? given.command : 1'000'000 + static_cast<std::uint32_t>(append.events.size()),
            claims_in(given.claim),
            repeat_in(bytes)};
        append.block += bytes + '\n';
        append.events.push_back(std::move(pending));
    }
    return append;
}

inline AppendResult put(Log& log, Append append) {
    AppendResult result;
    log.append(std::move(append), [&](AppendResult done) { result = std::move(done); });
    return result;
}
inline AppendResult put(Log& log, const std::vector<Given>& events, Instant time = {1'000'000}) {
    return put(log, append_of(events, time));
}

inline SqliteLogOptions options_for(const std::filesystem::path& folder) {
    SqliteLogOptions options;
    options.folder = folder;
    options.claims_of = [](KeyTable&, std::string_view, std::string_view bytes) {
        return claims_in(member(bytes, "claim"));
    };
    options.repeat_of = repeat_in;
    return options;
}

inline std::unique_ptr<SqliteLog> open_log(const std::filesystem::path& folder) {
    return SqliteLog::open(options_for(folder));
}

template <class Problem>
std::string sentence_of(const std::function<void()>& act) {
    try {
        act();
    } catch (const Problem& problem) {
        return problem.what();
    }
    return {};
}

}  // namespace nova::eventstore::test

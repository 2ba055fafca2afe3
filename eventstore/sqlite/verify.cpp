#include <algorithm>
#include <utility>

#include "eventstore/sqlite/chain_reader.h"
#include "eventstore/sqlite/log_file.h"
#include "eventstore/sqlite/sqlite_log.h"

namespace nova::eventstore {

using namespace sqlite;

namespace {

constexpr std::uint64_t progress_every = 50'000;

// Rows that no reader of partition 0 would ever come to.
std::string stray_rows(LogReader& reader) {
    for (const std::int64_t row : reader.lowest_rows()) {
        const auto partition = static_cast<std::uint64_t>(row) >> offset_bits;
        if (row < 0 || partition != 0)
            return "The log is damaged: it holds row " + std::to_string(row) +
                   ", and an embedded log has partition 0 only.";
    }
    return {};
}

}  // namespace

Verified verify_log(const std::filesystem::path& folder,
                    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress) {
    if (!std::filesystem::exists(folder / "log.db")) throw Unavailable("There is no log in " + folder.string() + ".");
    Verified verified;
    const auto readers = std::make_shared<LogReaders>(folder / "log.db");
    try {
        std::string id;
        std::uint64_t total = 0;
        {
            const auto reader = readers->lend();
            id = reader->id();
            if (const auto tail = reader->last(0)) total = tail->next();
            verified.problem = stray_rows(*reader);
        }
        verified.last = first_hash(id, 0);
        ChainReader reader(readers, id, 0, 0);
        for (std::uint64_t told = 0; const auto commit = reader.next();) {
            verified.events = commit->next();
            verified.last = commit->last;
            if (progress && (commit->next() - told >= progress_every || commit->next() >= total))
                progress(told = commit->next(), std::max(total, commit->next()));
        }
    } catch (const Damaged& damaged) {
        verified.problem = damaged.what();
    } catch (const Failure& failure) {
        if (!failure.corrupt()) throw Unavailable("log.db cannot be read: " + std::string(failure.what()) + ".");
        verified.problem = "log.db is damaged: " + std::string(failure.what()) + ".";
    }
    verified.ok = verified.problem.empty();
    return verified;
}

}  // namespace nova::eventstore

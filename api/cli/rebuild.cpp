// `nova rebuild`: read models built anew from the log, beside the old ones.
#include <cstdio>

#include "api/cli/commands.h"
#include "api/cli/node.h"
#include "api/cli/progress.h"
#include "projections/runner.h"

namespace nova::cli {
namespace {

const projections::CollectionInfo* find_collection(Node& node, const std::string& name) {
    std::string known;
    for (const projections::CollectionInfo* info : node.collections()) {
        if (info->name == name) return info;
        known += (known.empty() ? "" : ", ") + info->name;
    }
    throw Refused("There is no collection " + name + "; there are: " + known + ".");
}

// A digest of every row, whatever the order of the rows.
std::pair<std::uint64_t, std::uint64_t> digest_of(projections::ViewStore& views,
                                                  const projections::CollectionInfo& info) {
    std::uint64_t rows = 0, sum = 0;
    views.each(info, [&](const projections::RowKey& key, std::string_view document) {
        const auto hash = eventstore::sha256(to_text(key.tenant) + key.id + std::string(document));
        std::uint64_t part;
        __builtin_memcpy(&part, hash.data(), sizeof part);
        sum += part;
        ++rows;
    });
    return {rows, sum};
}

// True when the new rows are the old rows.
bool rebuild_one(Node& node, const projections::CollectionInfo& info) {
    const auto before = digest_of(node.views(), info);
    {
        Progress progress("Rebuilding " + info.name);
        node.runner().rebuild(info, [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); });
    }
    const auto after = digest_of(node.views(), info);
    std::printf("%s: %llu rows, %s\n", info.name.c_str(), static_cast<unsigned long long>(after.first),
                before == after ? "the same as before" : "other than before");
    return before == after;
}

}  // namespace

int rebuild(const Overrides& overrides, const std::string& collection, bool verify) {
    Node node(load_config(overrides));
    node.start();
    std::vector<const projections::CollectionInfo*> wanted = node.collections();
    if (!collection.empty()) wanted = {find_collection(node, collection)};
    bool same = true;
    for (const projections::CollectionInfo* info : wanted) same = rebuild_one(node, *info) && same;
    node.stop();
    return verify && !same ? 1 : 0;
}

}  // namespace nova::cli

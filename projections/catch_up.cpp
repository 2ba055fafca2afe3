#include "projections/catch_up.h"

#include <algorithm>
#include <limits>

#include "projections/decoded_log.h"

namespace nova::projections {
namespace {

constexpr std::size_t rows_together = 10000;          // in one transaction of catching up
constexpr std::size_t events_together = 100000;
constexpr std::size_t building_views = 100000;        // decoded at a time, of each collection

bool is_full(const std::vector<FoldBatch*>& batches) {
    return std::any_of(batches.begin(), batches.end(), [](const FoldBatch* b) { return b->rows() >= rows_together; });
}

}  // namespace

void catch_up(const LogSource& source, Checkpoint& at, std::uint64_t up_to, const std::vector<FoldBatch*>& batches,
    const Progress& progress) {
    const std::uint64_t from = at.next;
    std::uint64_t flushed = from;
    const auto flush = [&] {
        for (FoldBatch* batch : batches) batch->flush(at);
        flushed = at.next;
        if (progress) progress(at.next, std::max(up_to, at.next));
    };
    DecodedLog log(source.log, source.partition, from, up_to, source.catalogue, source.opener);
    for (auto commits = log.next(); !commits.empty(); commits = log.next()) {
        for (const DecodedCommit& decoded : commits) {
            const eventstore::Commit& commit = *decoded.commit;
            if (commit.next() <= at.next) continue;
            const auto start = first_new(at, commit);
            if (!start) refuse_gap(at, commit);
            for (std::size_t i = *start; i < decoded.events->size(); ++i)
                for (FoldBatch* batch : batches)
                    batch->take((*decoded.events)[i], {commit.partition, commit.first + i});
            move_past(at, commit);
        }
        if (is_full(batches) || at.next - flushed >= events_together) flush();
    }
    if (at.next != flushed) flush();
}

Building::Building(const LogSource& source, ViewStore& store, std::vector<const CollectionInfo*> collections)
    : source_(source),
      store_(store),
      collections_(std::move(collections)),
      at_(beginning(source.log, source.partition)) {
    for (const CollectionInfo* info : collections_) {
        shadows_.push_back(store_.begin_rebuild(*info));
        batches_.push_back(std::make_unique<FoldBatch>(*shadows_.back(), std::vector{info}, building_views));
    }
}

Building::~Building() {
    for (const CollectionInfo* info : collections_) try {
            store_.discard_unused(*info);
        } catch (const std::exception&) {
            // It stays until the next rebuild or start, which discard it too.
        }
}

void Building::advance(std::uint64_t up_to, const Progress& progress) {
    std::vector<FoldBatch*> batches;
    for (const auto& batch : batches_) batches.push_back(batch.get());
    catch_up(source_, at_, up_to, batches, progress);
}

void Building::make_indexes() {
    for (const CollectionInfo* info : collections_) store_.finish_rebuild(*info);
}

void Building::switch_over() {
    // An empty log leaves nothing to flush, but the checkpoint says that there was nothing.
    for (const auto& batch : batches_) batch->flush(at_);
    for (const CollectionInfo* info : collections_) store_.switch_over(*info);
}

Checkpoint bring_to_tail(const LogSource& source, ViewStore& store,
                         const std::vector<const CollectionInfo*>& collections, std::size_t cached_views,
                         const Progress& progress) {
    const std::uint64_t tail = source.log.tail(source.partition).next;
    std::vector<const CollectionInfo*> missing;
    for (const CollectionInfo* info : collections) {
        if (const auto at = store.checkpoint(*info)) check_against_tail(*at, source.log);
        else missing.push_back(info);
    }
    if (!missing.empty()) {
        Building building(source, store, missing);
        building.advance(tail, progress);
        building.make_indexes();
        building.switch_over();
    }
    // The ones furthest behind go first, up to where the next ones stand, and then together with these.
    Checkpoint at = beginning(source.log, source.partition);
    while (!collections.empty()) {
        std::uint64_t lowest = std::numeric_limits<std::uint64_t>::max(), above = tail;
        for (const CollectionInfo* info : collections) lowest = std::min(lowest, store.checkpoint(*info)->next);
        std::vector<const CollectionInfo*> behind;
        for (const CollectionInfo* info : collections) {
            const Checkpoint own = *store.checkpoint(*info);
            if (own.next == lowest) behind.push_back(info), at = own;
            else above = std::min(above, own.next);
        }
        if (lowest >= tail && behind.size() == collections.size()) break;
        FoldBatch batch(store, behind, std::max<std::size_t>(cached_views, building_views));
        catch_up(source, at, above, {&batch}, progress);
        if (at.next == lowest)
            throw Broken("The log yields no event after " + eventstore::to_text({source.partition, lowest}) +
                         ", though it holds more.");
    }
    check_against_tail(at, source.log);
    return at;
}

}  // namespace nova::projections

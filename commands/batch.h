// The batch in the making: cached states with what this batch's commands have added to them, claims included.
#pragma once
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "commands/bus.h"
#include "commands/item_fold.h"
#include "commands/unit_of_work.h"
#include "eventstore/keys.h"
#include "eventstore/log.h"

namespace nova::commands {

std::string actor_id_of(const Actor&);   // as events name it

// An aggregate as the writer holds it.
struct Held {
    TenantId boundary{};
    std::uint64_t version = 0;
    std::shared_ptr<void> state, item;
    bool item_gone = false;
};

// States by stream, least recently used first out. What a failed batch has touched is dropped and read again from the log.
class StateCache {
public:
    explicit StateCache(std::size_t max) : max_(max) {}
    Held* find(const std::string& stream);
    Held& put(const std::string& stream, Held);
    void drop(const std::string& stream);
    void trim();  // between batches only: pointers into the cache stay good until then

private:
    using Entry = std::pair<std::string, Held>;
    std::size_t max_;
    std::list<Entry> order_;  // front: used last
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_stream_;
};

// Seals through the ring of persons' keys.
class RingSealer final : public schemas::Sealer, public schemas::Opener {
public:
    explicit RingSealer(eventstore::KeyRing& ring) : ring_(ring) {}
    void seal(std::string_view subject, std::string_view plain, const Uuid& event, std::string& out) override {
        ring_.seal(subject, plain, event, box_);
        out += box_;
    }
    std::optional<std::string> open(std::string_view subject, std::string_view box, const Uuid& event) override {
        return ring_.open(subject, box, event);
    }

private:
    eventstore::KeyRing& ring_;
    std::string box_;   // sealing is the writer's alone; opening is anybody's
};

// Where states come from: the log and its index, through the cache.
class StateSource {
public:
    StateSource(eventstore::Log&, eventstore::Index&, RingSealer&, std::function<const ItemFold*(std::string_view)>,
                std::size_t states_max);
    Held& held(const AggregateType&, const std::string& stream, bool fresh);  // fresh: known to have no events
    void evolve(const AggregateType&, Held&, const schemas::DecodedEvent&);
    const ItemFold* item_fold(std::string_view stream) const;
    StateCache& cache() { return cache_; }
    eventstore::Index& index() { return index_; }

private:
    Held read(const AggregateType&, const std::string& stream);

    eventstore::Log& log_;
    eventstore::Index& index_;
    RingSealer& sealer_;
    std::function<const ItemFold*(std::string_view)> items_;
    StateCache cache_;
};

// One batch: the append that grows, and what its commands have changed so far.
class Batch {
public:
    Batch(StateSource& source, RingSealer& sealer, IdSource& ids, std::uint32_t partition)
        : source_(source), sealer_(sealer), ids_(ids) {
        append_.partition = partition;
    }
    struct Staged {
        const AggregateType* aggregate;
        std::string stream;
        schemas::AnyEvent event;
    };
    // Encodes the events of one command, lets them take effect and remembers its idempotency key; all of it or, when it
    // throws, nothing.
    void take(const Command&, Instant now, const std::vector<Staged>&);
    std::vector<std::string> holders(std::string_view space, std::string_view key, Instant now,
                                     std::size_t at_most) const;
    bool repeats_in_batch(const std::string& scope, const std::string& key) const;

    bool empty() const { return append_.events.empty(); }
    std::size_t events() const { return append_.events.size(); }
    eventstore::Append take_append(Instant time);
    std::shared_ptr<std::vector<schemas::DecodedEvent>> decoded() { return decoded_; }
    void drop_touched();  // after an append that was not done
    StateSource& source() { return source_; }

private:
    struct Encoded {
        std::string block;
        std::vector<eventstore::PendingEvent> pending;
        std::vector<schemas::DecodedEvent> events;
    };
    Encoded encode(const Command&, Instant now, const std::vector<Staged>&);
    void claim(const std::string& stream, const std::vector<eventstore::ClaimSet>&);

    StateSource& source_;
    RingSealer& sealer_;
    IdSource& ids_;
    eventstore::Append append_;
    std::shared_ptr<std::vector<schemas::DecodedEvent>> decoded_ =
        std::make_shared<std::vector<schemas::DecodedEvent>>();
    std::unordered_map<std::string, std::vector<std::string>> claims_;   // space \n stream → keys, of this batch
    std::vector<std::pair<std::string, std::string>> repeats_;
    std::uint32_t commands_ = 0;
};

// One command's view of the batch.
class BatchWork final : public UnitOfWork {
public:
    BatchWork(Batch& batch, TenantId boundary, Instant now, IdSource& ids)
        : batch_(batch), boundary_(boundary), now_(now), ids_(*this, ids) {}
    std::uint64_t version(std::string_view prefix, const Uuid&) override;
    std::vector<std::string> holders(std::string_view space, std::string_view key, std::size_t at_most) override;
    const std::vector<Batch::Staged>& staged() const { return staged_; }
    IdSource& ids() { return ids_; }

protected:
    const void* load(const AggregateType&, const Uuid&) override;
    void stage(const AggregateType&, const Uuid&, schemas::AnyEvent) override;

private:
    // Ids minted by this command name streams that cannot exist yet: no need to look for them.
    struct Minting final : IdSource {
        Minting(BatchWork& work, IdSource& source) : work(work), source(source) {}
        Uuid next() override { return work.minted_.emplace_back(source.next()); }
        BatchWork& work;
        IdSource& source;
    };
    Batch& batch_;
    TenantId boundary_;
    Instant now_;
    std::vector<Uuid> minted_;
    Minting ids_;
    std::vector<Batch::Staged> staged_;
    std::unordered_map<std::string, std::shared_ptr<void>>
        foreign_;  // blank states in place of other boundaries' items
};

}  // namespace nova::commands

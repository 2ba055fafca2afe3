#include "commands/batch.h"

#include <algorithm>

#include "commands/claims.h"
#include "commands/snapshot.h"

namespace nova::commands {
namespace {

schemas::Envelope envelope_of(const Command& command, Instant now) {
    schemas::Envelope e;
    e.tenant = command.boundary;
    e.time = now;
    e.actor_type = command.actor.type;
    e.actor_id = actor_id_of(command.actor);
    e.on_behalf_of = command.on_behalf_of;
    if (!command.actor.session.is_nil()) e.session_id = to_text(command.actor.session);
    e.command_name = command.name;
    e.correlation_id = command.correlation_id;
    e.client_address = command.actor.address;
    e.user_agent = command.actor.user_agent;
    return e;
}

}  // namespace

std::string actor_id_of(const Actor& actor) { return actor.type == ActorType::SYSTEM ? "system" : to_text(actor.user); }

Held* StateCache::find(const std::string& stream) {
    const auto found = by_stream_.find(stream);
    if (found == by_stream_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->second;
}

Held& StateCache::put(const std::string& stream, Held held) {
    order_.emplace_front(stream, std::move(held));
    by_stream_[order_.front().first] = order_.begin();
    return order_.front().second;
}

void StateCache::drop(const std::string& stream) {
    const auto found = by_stream_.find(stream);
    if (found == by_stream_.end()) return;
    const auto entry = found->second;
    by_stream_.erase(found);
    order_.erase(entry);
}

void StateCache::trim() {
    while (order_.size() > max_) {
        by_stream_.erase(order_.back().first);
        order_.pop_back();
    }
}

StateSource::StateSource(eventstore::Log& log, eventstore::Index& index, RingSealer& sealer,
                         std::function<const ItemFold*(std::string_view)> items, std::size_t states_max)
    : log_(log), index_(index), sealer_(sealer), items_(std::move(items)), cache_(states_max) {}

const ItemFold* StateSource::item_fold(std::string_view stream) const {
    // A stream's name is its prefix, which ends in '-', and a UUID of 36 characters.
    return items_ && stream.size() > 36 ? items_(stream.substr(0, stream.size() - 36)) : nullptr;
}

void StateSource::evolve(const AggregateType& aggregate, Held& held, const schemas::DecodedEvent& event) {
    if (!event.event.type)
        throw schemas::CorruptRecord("this version of nova does not know the event type " + event.envelope.type);
    aggregate.evolve(held.state.get(), event.event);
    if (const ItemFold* fold = item_fold(event.envelope.stream)) {
        if (!held.item) held.item = fold->make();
        held.item_gone = !fold->apply(held.item.get(), event);
    }
    held.version = static_cast<std::uint64_t>(event.envelope.stream_version);
}

Held StateSource::read(const AggregateType& aggregate, const std::string& stream) {
    const ItemFold* fold = item_fold(stream);
    Held held;
    held.state = aggregate.make_state();
    const bool resumed = aggregate.snapshot && resume(index_, sealer_, aggregate, fold, stream, held);
    const std::uint64_t resumed_at = resumed ? held.version : 0;
    for (const eventstore::EventRecord& record : log_.read_stream(stream, resumed_at + 1)) {
        const schemas::DecodedEvent event = schemas::decode_event(record.bytes, schemas::catalogue(), sealer_);
        held.boundary = event.envelope.tenant;
        evolve(aggregate, held, event);
    }
    if (aggregate.snapshot && held.version >= resumed_at + snapshot_after_events)
        keep(index_, sealer_, aggregate, fold, stream, held);
    return held;
}

Held& StateSource::held(const AggregateType& aggregate, const std::string& stream, bool fresh) {
    if (Held* known = cache_.find(stream)) return *known;
    if (!fresh) return cache_.put(stream, read(aggregate, stream));
    Held blank;
    blank.state = aggregate.make_state();
    return cache_.put(stream, std::move(blank));
}

void Batch::take(const Command& command, Instant now, const std::vector<Staged>& staged) {
    // Encoding may fail (a key that cannot be read); so nothing of the command is let into the batch before all of it is encoded.
    Encoded encoded = encode(command, now, staged);
    const std::size_t begin = append_.block.size();
    append_.block += encoded.block;
    for (std::size_t i = 0; i < staged.size(); ++i) {
        eventstore::PendingEvent& pending = encoded.pending[i];
        pending.begin += begin;
        claim(pending.stream, pending.claims);
        source_.evolve(*staged[i].aggregate, source_.held(*staged[i].aggregate, pending.stream, false),
                       encoded.events[i]);
        source_.held(*staged[i].aggregate, pending.stream, false).boundary = command.boundary;
        append_.events.push_back(std::move(pending));
        decoded_->push_back(std::move(encoded.events[i]));
    }
    if (!staged.empty()) ++commands_;
    if (!staged.empty() && !command.idempotency_key.empty())
        repeats_.emplace_back(repeat_scope(command.boundary, actor_id_of(command.actor)), command.idempotency_key);
}

Batch::Encoded Batch::encode(const Command& command, Instant now, const std::vector<Staged>& staged) {
    Encoded encoded;
    encoded.events.reserve(staged.size());
    schemas::Envelope envelope = envelope_of(command, now);
    envelope.command_id = to_text(ids_.next());
    std::unordered_map<std::string_view, std::uint64_t> versions;
    for (const Staged& s : staged) {
        std::uint64_t& version =
            versions.try_emplace(s.stream, source_.held(*s.aggregate, s.stream, false).version).first->second;
        const bool first = encoded.events.empty();
        envelope.id = ids_.next();
        envelope.type = s.event.type->name;
        envelope.schema_version = s.event.type->version;
        envelope.stream = s.stream;
        envelope.stream_version = static_cast<std::int64_t>(++version);
        envelope.idempotency_key = first ? command.idempotency_key : std::string();
        envelope.request_digest = first ? command.request_digest : std::string();

        eventstore::PendingEvent pending;
        pending.begin = encoded.block.size();
        schemas::encode_event(envelope, s.event, sealer_, encoded.block);
        pending.length = encoded.block.size() - pending.begin;
        encoded.block += '\n';
        pending.stream = s.stream;
        pending.version = version;
        pending.boundary = command.boundary;
        pending.command = commands_;
        encoded.events.push_back({envelope, s.event});
        pending.claims = claims_of(encoded.events.back());
        if (!envelope.idempotency_key.empty())
            pending.repeat =
                eventstore::RepeatKey{repeat_scope(command.boundary, envelope.actor_id), command.idempotency_key,
                                      command.request_digest, command.name, envelope.command_id};
        encoded.pending.push_back(std::move(pending));
    }
    return encoded;
}

void Batch::claim(const std::string& stream, const std::vector<eventstore::ClaimSet>& sets) {
    for (const eventstore::ClaimSet& set : sets) claims_[set.space + "\n" + stream] = set.keys;
}

std::vector<std::string> Batch::holders(std::string_view space, std::string_view key, Instant now,
                                        std::size_t at_most) const {
    std::vector<std::string> found = source_.index().holders(space, key, now, at_most + claims_.size());
    if (claims_.empty()) return found;
    const std::string prefix = std::string(space) + "\n";
    std::erase_if(found, [&](const std::string& stream) { return claims_.contains(prefix + stream); });
    for (const auto& [name, keys] : claims_)
        if (name.starts_with(prefix) && std::find(keys.begin(), keys.end(), key) != keys.end())
            found.push_back(name.substr(prefix.size()));
    if (found.size() > at_most) found.resize(at_most);
    return found;
}

bool Batch::repeats_in_batch(const std::string& scope, const std::string& key) const {
    return std::find(repeats_.begin(), repeats_.end(), std::pair(scope, key)) != repeats_.end();
}

eventstore::Append Batch::take_append(Instant time) {
    append_.time = time;
    return std::move(append_);
}

void Batch::drop_touched() {
    for (const schemas::DecodedEvent& event : *decoded_) source_.cache().drop(event.envelope.stream);
}

const void* BatchWork::load(const AggregateType& aggregate, const Uuid& id) {
    const std::string stream = std::string(aggregate.prefix) + to_text(id);
    const bool fresh = std::find(minted_.begin(), minted_.end(), id) != minted_.end();
    Held& held = batch_.source().held(aggregate, stream, fresh);
    if (held.version == 0 || held.boundary == boundary_) return held.state.get();
    auto& blank = foreign_[stream];
    if (!blank) blank = aggregate.make_state();
    return blank.get();
}

void BatchWork::stage(const AggregateType& aggregate, const Uuid& id, schemas::AnyEvent event) {
    staged_.push_back({&aggregate, std::string(aggregate.prefix) + to_text(id), std::move(event)});
}

std::uint64_t BatchWork::version(std::string_view prefix, const Uuid& id) {
    const std::string stream = std::string(prefix) + to_text(id);
    if (Held* held = batch_.source().cache().find(stream)) return held->boundary == boundary_ ? held->version : 0;
    return batch_.source().index().version(stream);
}

std::vector<std::string> BatchWork::holders(std::string_view space, std::string_view key, std::size_t at_most) {
    return batch_.holders(space, key, now_, at_most);
}

}  // namespace nova::commands

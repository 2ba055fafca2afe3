#include "commands/snapshot.h"

#include "schemas/json.h"
#include "schemas/json_schema.h"

namespace nova::commands {
namespace {

// A snapshot of other members than today's, or made by other rules, is of no use: what it was made by is named by a digest.
std::string shape_of(const AggregateType& aggregate, const ItemFold* fold) {
    std::string shape = schemas::answer_schema(*aggregate.snapshot) + std::to_string(aggregate.revision);
    if (fold) shape += schemas::answer_schema(*fold->type) + std::to_string(fold->revision);
    return eventstore::stamp(shape);
}

const std::string& known_shape(const AggregateType& aggregate, const ItemFold* fold) {
    // The writer's thread alone asks, and there are as many shapes as aggregates.
    thread_local std::unordered_map<const AggregateType*, std::string> shapes;
    std::string& shape = shapes[&aggregate];
    if (shape.empty()) shape = shape_of(aggregate, fold);
    return shape;
}

}  // namespace

namespace {

Held held_of(const eventstore::Snapshot& snapshot, const std::string& opened, const AggregateType& aggregate,
             const ItemFold* fold) {
    Held found;
    found.state = aggregate.make_state();
    if (fold) found.item = fold->make();
    schemas::for_each_member(opened, [&](std::string_view name, std::string_view raw) {
        if (name == "state") schemas::read_stored(raw, {aggregate.snapshot, found.state.get()});
        if (name == "item" && fold) schemas::read_stored(raw, {fold->type, found.item.get()});
        if (name == "boundary") found.boundary = TenantId{parse_uuid(schemas::unescaped(raw)).value_or(Uuid{})};
        if (name == "itemGone") found.item_gone = raw == "true";
    });
    found.version = snapshot.version;
    return found;
}

}  // namespace

bool resume(const eventstore::Index& index, RingSealer& sealer, const AggregateType& aggregate, const ItemFold* fold,
            const std::string& stream, Held& held) {
    const auto snapshot = index.snapshot(stream);
    if (!snapshot) return false;
    const std::string& shape = known_shape(aggregate, fold);
    if (!snapshot->state.starts_with(shape)) return false;
    try {
        const auto opened = sealer.open(stream, std::string_view(snapshot->state).substr(shape.size()), Uuid{});
        if (!opened) return false;
        held = held_of(*snapshot, *opened, aggregate, fold);
        return true;
    } catch (const std::exception&) {
        return false;   // it is derived: the events say the same
    }
}

void keep(eventstore::Index& index, RingSealer& sealer, const AggregateType& aggregate, const ItemFold* fold,
          const std::string& stream, const Held& held) {
    std::string plain = "{\"boundary\":\"" + to_text(held.boundary) + "\",\"item\":";
    if (fold && held.item) schemas::write_json(*fold->type, held.item.get(), plain);
    else plain += "null";
    plain += held.item_gone ? ",\"itemGone\":true,\"state\":" : ",\"itemGone\":false,\"state\":";
    schemas::write_json(*aggregate.snapshot, held.state.get(), plain);
    plain += '}';
    std::string box = known_shape(aggregate, fold);
    sealer.seal(stream, plain, Uuid{}, box);
    index.keep_snapshot(stream, {held.version, std::move(box)});
}

}  // namespace nova::commands

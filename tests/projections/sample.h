// A small aggregate and its collection, for tests of what holds for every collection: offers of a made-up market.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "domain/kernel/amount.h"
#include "domain/kernel/uuid.h"
#include "projections/collection.h"
#include "schemas/event_type.h"

namespace sample {

using namespace nova;

enum class State { open, closed, withdrawn };
BOOST_DESCRIBE_ENUM(State, open, closed, withdrawn)

struct Opened {
    static constexpr std::string_view type = "nova.offer.Opened";
    std::string title;
    std::string notes;
    std::string city;
    std::vector<std::string> tags;
    Sar price;
    UserId owner;
    std::optional<UserId> assignee;
    std::optional<TeamId> team;
    JsonObject<16384> custom_fields;
};
BOOST_DESCRIBE_STRUCT(Opened, (), (title, notes, city, tags, price, owner, assignee, team, custom_fields))
struct Renamed {
    static constexpr std::string_view type = "nova.offer.Renamed";
    std::string title;
};
BOOST_DESCRIBE_STRUCT(Renamed, (), (title))
struct Priced {
    static constexpr std::string_view type = "nova.offer.Priced";
    Sar price;
};
BOOST_DESCRIBE_STRUCT(Priced, (), (price))
struct Closed {
    static constexpr std::string_view type = "nova.offer.Closed";
    std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(Closed, (), (reason))
struct Removed {
    static constexpr std::string_view type = "nova.offer.Removed";
};
BOOST_DESCRIBE_STRUCT(Removed, (), ())
// Of a visitor's stream; concerns the offers that were looked at.
struct Visited {
    static constexpr std::string_view type = "nova.visitor.Visited";
    std::vector<std::string> offers;
};
BOOST_DESCRIBE_STRUCT(Visited, (), (offers))
// Its fold throws: a bug in a projection.
struct Poisoned {
    static constexpr std::string_view type = "nova.offer.Poisoned";
};
BOOST_DESCRIBE_STRUCT(Poisoned, (), ())

struct OfferView {
    std::string id;
    std::string title;
    std::string notes;
    std::string city;
    std::vector<std::string> tags;
    std::int64_t price = 0;
    std::optional<std::int64_t> discount;
    State status = State::open;
    UserId owner;
    std::optional<UserId> assignee;
    std::optional<TeamId> team;
    JsonObject<16384> custom_fields;
    std::int64_t visits = 0;
    Instant created_at, updated_at;
    std::optional<Instant> closed_at;
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(OfferView, (),
                      (id, title, notes, city, tags, price, discount, status, owner, assignee, team, custom_fields,
                       visits, created_at, updated_at, closed_at, version))

void project(OfferView&, const Opened&, const projections::Meta&);
void project(OfferView&, const Renamed&, const projections::Meta&);
void project(OfferView&, const Priced&, const projections::Meta&);
void project(OfferView&, const Closed&, const projections::Meta&);
bool project(OfferView&, const Visited&, const projections::Meta&);
void project(OfferView&, const Poisoned&, const projections::Meta&);

projections::CollectionInfo offers(int revision = 1);
const schemas::Catalogue& catalogue();

}  // namespace sample

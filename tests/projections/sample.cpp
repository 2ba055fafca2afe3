#include "tests/projections/sample.h"

#include <stdexcept>

namespace sample {

using projections::Meta;

namespace {
void touch(OfferView& view, const Meta& meta) {
    view.updated_at = meta.time();
    view.version = meta.version();
}
}  // namespace

void project(OfferView& view, const Opened& event, const Meta& meta) {
    view.id = meta.envelope.stream.substr(6);
    view.title = event.title, view.notes = event.notes, view.city = event.city, view.tags = event.tags;
    view.price = event.price.value;
    if (view.price % 3 == 0) view.discount = view.price / 10;
    view.owner = event.owner, view.assignee = event.assignee, view.team = event.team;
    view.custom_fields = event.custom_fields;
    view.created_at = meta.time();
    touch(view, meta);
}
void project(OfferView& view, const Renamed& event, const Meta& meta) { view.title = event.title, touch(view, meta); }
void project(OfferView& view, const Priced& event, const Meta& meta) {
    view.price = event.price.value, touch(view, meta);
}
void project(OfferView& view, const Closed&, const Meta& meta) {
    view.status = State::closed, view.closed_at = meta.time();
    touch(view, meta);
}
bool project(OfferView& view, const Visited&, const Meta& meta) {
    if (meta.fresh) return false;   // an offer that is gone does not come back by being looked at
    ++view.visits;
    return true;
}
void project(OfferView&, const Poisoned&, const Meta&) { throw std::logic_error("this fold is broken"); }

projections::CollectionInfo offers(int revision) {
    using projections::Match;
    return projections::Collection<OfferView>("offers", "offer", revision)
        .on<Opened, Renamed, Priced, Closed, Poisoned>()
        .on<Visited>([](const Visited& event, const Meta& meta) {
            std::vector<projections::RowKey> rows;
            for (const std::string& id : event.offers) rows.push_back({meta.envelope.tenant, id});
            return rows;
        })
        .removed_by<Removed>()
        .owner(&OfferView::owner).assignee(&OfferView::assignee).team(&OfferView::team)
        .column("title", &OfferView::title, {.sort = true, .index = true, .folded = true})
        .column("city", &OfferView::city, {.filter = true, .sort = true, .folded = true})
        .column("tags", &OfferView::tags, {.filter = true, .match = Match::any_of})
        .column("price", &OfferView::price, {.filter = true, .range = true, .sort = true})
        .column("discount", &OfferView::discount, {.filter = true, .range = true, .sort = true, .index = true})
        .column("status", &OfferView::status, {.filter = true, .index = true})
        .column("assignee", &OfferView::assignee, {.filter = true})
        .column("customFields", &OfferView::custom_fields, {.filter = true})
        .column("closedAt", &OfferView::closed_at, {.range = true, .sort = true})
        .column("createdAt", &OfferView::created_at, {.range = true, .sort = true, .index = true})
        .search([](const OfferView& view, std::string& out) {
            append_folded(view.title, out), out += '\n';
            append_folded(view.notes, out), out += '\n';
            for (const std::string& tag : view.tags) append_folded(tag, out), out += '\n';
        })
        .build();
}

const schemas::Catalogue& catalogue() {
    static const schemas::Catalogue all = [] {
        schemas::AggregateContract offer("market", "offer-"), visitor("market", "visitor-");
        offer.event<Opened>("{actor} opened {title}", "فتح {actor} {title}").personal("notes");
        offer.event<Renamed>("{actor} renamed it", "سماه {actor}");
        offer.event<Priced>("{actor} priced it", "سعره {actor}");
        offer.event<Closed>("{actor} closed it", "أغلقه {actor}");
        offer.event<Removed>("{actor} removed it", "حذفه {actor}");
        offer.event<Poisoned>("{actor} broke it", "كسره {actor}");
        visitor.event<Visited>("{actor} looked", "نظر {actor}");
        std::vector<schemas::AggregateContract> all_of_them;
        all_of_them.push_back(std::move(offer));
        all_of_them.push_back(std::move(visitor));
        return schemas::Catalogue(std::move(all_of_them));
    }();
    return all;
}

}  // namespace sample

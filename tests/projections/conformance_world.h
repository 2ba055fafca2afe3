// A store under test beside its model: what the parts of the conformance suite share.
#pragma once
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/projections/offers_model.h"
#include "tests/projections/view_conformance.h"

namespace conformance {

using namespace model;
using namespace nova::projections;

inline const Reach everything{true, {}, {}};
const CollectionInfo& offers();

// A store with the given offers of tenant 1, numbered from 1, and their model.
struct World {
    explicit World(const MakeHome& make) : home(make()), store(home->open({&offers()})) {}
    void put(int tenant_number, int number, const sample::OfferView& view) {
        const RowKey key{tenant(tenant_number), offer_id(number)};
        rows[key] = view, rows[key].id = key.id;
        changes.push_back(model::put(offers(), key, rows[key]));
    }
    void drop(int tenant_number, int number) {
        const RowKey key{tenant(tenant_number), offer_id(number)};
        rows.erase(key);
        changes.push_back(model::drop(offers(), key));
    }
    void apply() {
        store->apply(changes, {&offers()}, checkpoint(++next));
        changes.clear();
    }
    void reopen() {
        store.reset();
        store = home->open({&offers()});
    }
    std::unique_ptr<Home> home;
    std::unique_ptr<ViewStore> store;
    Rows rows;
    std::vector<RowChange> changes;
    std::uint64_t next = 0;
};

// Every sort and every kind of filter that the sample collection offers, alone and combined.
std::vector<std::vector<Sort>> every_sort();
std::vector<std::vector<Filter>> every_filter();
// Puts so many offers into each of the tenants 1, 2, …, under the same ids.
void fill(World&, std::mt19937&, int tenants, int offers_each);
// The whole list by pages and by cursors, each against the model.
void check_list(World&, Query);

}  // namespace conformance

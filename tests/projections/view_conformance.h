// What every view store must do, whichever database it is. A home of the suite makes stores and says how they end.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "projections/view_store.h"

namespace conformance {

class Home {
public:
    virtual ~Home() = default;
    // Opens the store again as the next process would find it.
    virtual std::unique_ptr<nova::projections::ViewStore> open(
        std::vector<const nova::projections::CollectionInfo*>) = 0;
};

// Each starts from an empty home; assertions are doctest's.
using MakeHome = std::function<std::unique_ptr<Home>()>;
void tenants_never_see_each_other(const MakeHome&);
void paging_covers_each_row_once(const MakeHome&);
void totals_are_right(const MakeHome&);
void filters_select(const MakeHome&);
void reach_limits(const MakeHome&);
void search_folds_arabic(const MakeHome&);
void cursors_are_checked(const MakeHome&);
void changes_persist_with_their_checkpoint(const MakeHome&);
void rebuild_switches(const MakeHome&);
void revision_empties(const MakeHome&);
void agrees_with_a_model(const MakeHome&, unsigned seed, int steps);
void readers_run_beside_the_writer(const MakeHome&);

inline void whole_suite(const MakeHome& make) {
    tenants_never_see_each_other(make);
    paging_covers_each_row_once(make);
    totals_are_right(make);
    filters_select(make);
    reach_limits(make);
    search_folds_arabic(make);
    cursors_are_checked(make);
    changes_persist_with_their_checkpoint(make);
    rebuild_switches(make);
    revision_empties(make);
    readers_run_beside_the_writer(make);
    for (unsigned seed = 1; seed <= 4; ++seed) agrees_with_a_model(make, seed, 120);
}

}  // namespace conformance

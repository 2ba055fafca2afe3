// The total order of a list: the columns it is sorted by, as asked or by default, with the id behind them; and the
// cursor that names a place in it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "projections/view_store.h"

namespace nova::projections {

// The sort of the query, or the collection's default; without the id unless it was asked for by name. Throws
// std::logic_error for a column that the collection does not have: checking a person's input is the caller's work.
std::vector<Sort> order_of(const CollectionInfo&, const Query&);

// A place in a list: the sort values of the last row shown, and its id.
struct Place {
    std::vector<Value> values;   // one for each column of the order
    std::string id;
};
// Opaque to clients. It names no tenant and opens nothing: tenant and reach always come from the query.
std::string cursor_of(const CollectionInfo&, const std::vector<Sort>&, const Place&);
// Throws BadCursor if it was damaged, made up, or made for another collection or order.
Place place_of(const CollectionInfo&, const std::vector<Sort>&, std::string_view cursor);

}  // namespace nova::projections

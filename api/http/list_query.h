// Lists on the wire: from query parameters to a query of the read models, and from a page to the answer's body. What can
// be filtered, ranged and sorted by follows from the collection's columns.
#pragma once
#include <string>
#include <vector>

#include "api/http/problem.h"
#include "api/http/router.h"
#include "projections/view_store.h"

namespace nova::api {

struct ListQuery {
    projections::Query query;
    std::vector<std::string> fields;   // members that the answer shows; empty: all
};

// The parameters of a collection's list, for its route: filters named as their columns, ranges (`priceMin`/`priceMax`,
// `createdFrom`/`createdTo`), `search`, `sort`, `page`, `limit`, `cursor`, `fields`; and `customFields.*` where it has them.
std::vector<Parameter> list_parameters_of(const projections::CollectionInfo&);

// Reads them, with everything that is wrong added to the violations. Parameters named in `own` are left to the caller.
// `me` stands for the asker's id and `none` for no value, in columns of ids. A date alone, as an end of a range of times,
// is that whole day in Riyadh.
ListQuery parse_list_query(const Request&, const projections::CollectionInfo&, TenantId, projections::Reach,
                           const std::vector<std::string>& own, Violations&);

// {"customers":[…],"total":41,"page":1,"pages":3,"limit":20,"nextCursor":"…"}; `page` is null when a cursor was given.
Response list_response(const Request&, const projections::CollectionInfo&, const ListQuery&, const projections::Page&);

// Only the named members of each of the comma-separated JSON objects, in the order in which they stand there.
std::string with_fields(std::string_view items, const std::vector<std::string>& fields);

}  // namespace nova::api

// The API's description of itself: GET /api/openapi.json for programs, GET /api/docs (and /api-docs) for people.
#pragma once
#include "api/http/router.h"

namespace nova::api {

// The description is made at the first request, so routes may be added after this; the router must outlive its routes.
void add_documentation_routes(Router&);

// GET /api/docs as a page of its own: no scripts, no other files.
std::string documentation_page(const Router&);

// A route as the outside sees it: one entry per address under which it is reached.
struct Address {
    std::string path;
    const Route* route;
};
std::vector<Address> addresses(const Router&);
std::vector<std::string> path_names(std::string_view pattern);   // of {id}: "id"

// Every status that a route may be refused with, and why; general ones included.
std::vector<std::pair<unsigned, std::string>> refusals_of(const Route&);
std::vector<std::pair<unsigned, std::string>> answers_of(const Route&);   // never empty

}  // namespace nova::api

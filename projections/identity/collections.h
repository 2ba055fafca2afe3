// The collections of identity. Rows of `users` stand in tenants and serve lists; the others are the directory's own rows,
// from which it is loaded at start.
#pragma once
#include <vector>

#include "projections/collection.h"
#include "projections/identity/directory.h"

namespace nova::projections {

struct IdentityCollections {
    // The rows of a user lie in every tenant of theirs, which only the directory knows: it is fed as the events pass.
    // It must outlive the collections.
    explicit IdentityCollections(Directory&);
    IdentityCollections(const IdentityCollections&) = delete;

    CollectionInfo users, people, sessions, tenants, accesses;
    std::vector<const CollectionInfo*> all() const { return {&people, &accesses, &tenants, &sessions, &users}; }
};

}  // namespace nova::projections

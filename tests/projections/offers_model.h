// The rows of the sample collection in plain memory, and every query answered from them the obvious way.
#pragma once
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "projections/view_store.h"
#include "tests/projections/sample.h"

namespace model {

using namespace nova;
using projections::Query;
using projections::RowKey;
using Rows = std::map<RowKey, sample::OfferView>;

TenantId tenant(int number);
UserId user(int number);
TeamId team(int number);
std::string offer_id(int number);   // a UUID

// An offer whose every member is drawn from a small set, so that values repeat and are missing.
sample::OfferView any_offer(std::mt19937&, int number);

struct Answer {
    std::vector<std::string> documents;
    std::uint64_t total = 0;
};
// The whole list that the query asks for, without pages.
Answer whole_list(const projections::CollectionInfo&, const Rows&, const Query&);
bool search_matches(const sample::OfferView&, const std::string& search);

// The documents of Page::items.
std::vector<std::string> split(const std::string& items);

projections::RowChange put(const projections::CollectionInfo&, const RowKey&, const sample::OfferView&);
projections::RowChange drop(const projections::CollectionInfo&, const RowKey&);
projections::Checkpoint checkpoint(std::uint64_t next);

}  // namespace model

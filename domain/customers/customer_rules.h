// The rules that join members of a customer's profile: names that complete each other, ranges, coordinates, lists
// without repeats. Used by decisions on what is asked for and on what would be.
#pragma once
#include "domain/customers/customer.h"

namespace nova::customers::customer {

// The names as they would be: first and last name make the name; a name alone stands without them.
Names completed(const Names& now, const Create&);
Names completed(const Names& now, const Update&);

// `same` becomes the phone beside it.
void resolve_whatsapp(Contact&);

void check_reachable(const Contact&, const TenantFacts&, Violations&);   // a phone, or else a phone or an e-mail
void check_budget(const Budget&, Violations&);
void check_coordinates(const Location&, Violations&);

bool holds(const std::vector<Tag>& tags, std::string_view tag);          // compared folded
void without_repeats(std::vector<Tag>&);                                 // the first spelling stays
void without_repeats(Preferences&);
Tags merged_spelling(const Tags& now, Tags next);                        // a tag that is there keeps its spelling

}  // namespace nova::customers::customer

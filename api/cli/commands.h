// What each command of the program does, without the parsing of its options (main.cpp). All return the exit code; what
// stops them is thrown as Refused, eventstore::Unavailable or eventstore::Damaged and said in one sentence.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/cli/settings.h"

namespace nova::cli {

struct ServeOptions {
    Overrides settings;
    bool demo = false;         // loads the demonstration data into an empty log first
    bool limits_off = false;   // --rate-limit off
    bool i_know = false;       // limits off even in production
};
int serve(const ServeOptions&);

int demo(const Overrides&);
int admin_grant(const Overrides&, const std::string& email);
int check(const Overrides&);          // tries every setting without serving

struct ReplayOptions {
    std::string folder;
    std::vector<std::string> types;   // short or full names; a trailing * matches the rest
    std::string tenant;
    std::optional<std::uint64_t> from, to;  // offsets, both inclusive
    bool follow = false, measure = false;   // measure: decodes on all cores and prints events/s instead of the events
};
int replay(const ReplayOptions&);

int rebuild(const Overrides&, const std::string& collection, bool verify);  // empty: all
int audit_verify(const std::string& folder);
int schema(bool write, const std::string& folder, bool openapi);

}  // namespace nova::cli

// The few attributes of a stored CloudEvent that the log itself needs: its stream, its version, its command. What the
// rest means is not known here.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace nova::eventstore {

struct Attributes {
    std::string_view stream;      // subject
    std::uint64_t version = 0;    // streamversion
    std::string_view command_id;  // commandid
};

// nullopt: not a JSON object with a subject and a streamversion. `data` is skipped, not checked.
std::optional<Attributes> attributes_of(std::string_view event);

// Whether the event says of itself that it is this version of this stream. Much cheaper than attributes_of, since
// canonical JSON has both attributes side by side near the end.
bool says(std::string_view event, std::string_view stream, std::uint64_t version);

}  // namespace nova::eventstore

// JSON Schema (draft 2020-12) from the same descriptions: for events (with x-personal, x-secret) and for OpenAPI.
#pragma once
#include <string>
#include <vector>

#include "schemas/event_type.h"
#include "schemas/type_info.h"

namespace nova::schemas {

// The schema of a request body or of one value in a query: it admits what read_request admits. What a schema cannot say
// stays with the format's name (phone, whatsapp, email): which numbers exist, how long a text is without its tags.
std::string request_schema(const TypeInfo&);
// The schema of an answer: every member required, optional ones may be null.
std::string answer_schema(const TypeInfo&);
// The same where the asker may have chosen members by `fields=`: none is required.
std::string partial_schema(const TypeInfo&);
// The schema of an event's `data`, as stored in the committed files: pretty, one member a line. It says what a member
// is, not what was allowed on the day: lengths and bounds are rules of requests, and the past does not change with them.
std::string event_schema(const EventType&);
// A sample event: every member filled with a fixed value that its rules allow. Canonical, opened (nothing sealed).
std::string golden_sample(const EventType&);

// Every way in which `now` breaks a reader of `before` (both event_schema texts): a member removed or renamed, another type,
// a member that became required… Empty: compatible.
std::vector<std::string> breaking_changes(const std::string& before, const std::string& now);

}  // namespace nova::schemas

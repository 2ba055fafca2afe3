// What must never be read in a log line, a metric or an error report is taken out of text here.
#pragma once
#include <string>
#include <string_view>

namespace nova::api {

// Values of secret members (`password`, `code`, `authorization` … as JSON, query string or header), tokens and keys
// wherever they stand read `[redacted]`; phones and e-mail addresses are shortened (`05•••••567`, `t•••@example.com`).
std::string redacted(std::string_view text);

}  // namespace nova::api

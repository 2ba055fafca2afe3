// The program's log: JSON lines to standard output, written by a thread of its own so that a slow reader of the output
// never holds up a request. What does not fit into the buffer is dropped and counted.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "domain/kernel/instant.h"

namespace nova::api {

enum class Level : std::uint8_t { error, warn, info, debug };
std::optional<Level> parse_level(std::string_view);      // "error", "warn", "info", "debug"

struct LogField {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, double> value;
};

// Any thread. Text is redacted (redaction.h).
void log(Level, std::string_view message, std::initializer_list<LogField> fields = {});

// The line of a finished request, in the order in which it is written; empty members are left out.
struct RequestLine {
    Instant time;
    std::string_view message, correlation_id, method, path;   // path: the route's template
    unsigned status = 0;
    double duration_ms = 0;
    std::string_view user_id, tenant_id, session_id, address;
    std::uint64_t bytes_in = 0, bytes_out = 0;
    std::string_view command_name;
    std::uint32_t events = 0;
    std::string_view position, error_code;
};
void log(Level, const RequestLine&);

bool logs(Level);                 // whether a line of this level would be written
void set_log_level(Level);        // `info` until it is set, or what LOG_LEVEL says
void set_log_output(int file_descriptor);
void flush_log();                 // returns when everything said before is written (or the output has failed)

}  // namespace nova::api

// The configuration: environment variables, files named by <NAME>_FILE, and `--name value` on the command line, which wins.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nova::cli {

// One sentence for the terminal that says what is wrong and what to do.
struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Setting {
    std::string_view name;      // PORT; --port on the command line
    std::string_view fallback;  // what holds when nothing is said
    std::string_view meaning;
    bool secret = false;        // never printed, may come from <NAME>_FILE
};
const std::vector<Setting>& settings();

using Overrides = std::map<std::string, std::string, std::less<>>;  // by setting name

struct Config {
    bool production = false;
    std::string host;
    std::uint16_t port = 0;
    std::filesystem::path folder;
    std::string jwt_secret, jwt_secret_previous, master_key;   // empty in development: made and kept in the folder
    std::chrono::seconds token_life{}, refresh_life{};
    std::vector<std::string> origins, trusted_proxies;
    bool require_https = false;
    std::string general_limit, auth_limit, registration_limit;   // "100/15m" or "off"
    std::string log_level, metrics_token, admin_email;
    std::vector<std::string> warnings;                           // one line each, said at start
};

// Reads everything and checks it. Throws Refused naming the first wrong value.
Config load_config(const Overrides&);
// `nova config`: every setting with its effective value, secrets as [set] or [not set].
std::string print_config(const Overrides&);

// "15m", "7d", "30s", "2h" as seconds.
std::optional<std::chrono::seconds> parse_duration(std::string_view);
// The option of a setting: RATE_LIMIT_GENERAL → rate-limit-general.
std::string option_of(std::string_view setting);

// Secrets of a development node, made once with mode 0600 and read again afterwards.
std::string kept_secret(const std::filesystem::path& folder, const std::string& file, std::size_t bytes);

}  // namespace nova::cli

#include "api/cli/settings.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "eventstore/keys.h"

namespace nova::cli {
namespace {

std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
    return text;
}

std::string read_file(const std::string& path, std::string_view name) {
    std::ifstream file(path);
    if (!file)
        throw Refused(std::string(name) + "_FILE names " + path +
                      ", which cannot be read; check the path and its rights.");
    std::stringstream content;
    content << file.rdbuf();
    return trimmed(content.str());
}

std::string value_of(const Setting& setting, const Overrides& overrides) {
    if (const auto given = overrides.find(setting.name); given != overrides.end()) return given->second;
    const std::string name(setting.name);
    if (const char* value = std::getenv(name.c_str()); value && *value) return value;
    if (setting.secret)
        if (const char* path = std::getenv((name + "_FILE").c_str()); path && *path) return read_file(path, name);
    return std::string(setting.fallback);
}

class Values {
public:
    explicit Values(const Overrides& overrides) {
        for (const Setting& setting : settings()) values_[std::string(setting.name)] = value_of(setting, overrides);
    }
    const std::string& operator[](std::string_view name) const { return values_.find(name)->second; }
    std::vector<std::string> list(std::string_view name) const {
        std::vector<std::string> out;
        std::stringstream items((*this)[name]);
        for (std::string item; std::getline(items, item, ',');)
            if (!trimmed(item).empty()) out.push_back(trimmed(item));
        return out;
    }
    std::chrono::seconds duration(std::string_view name) const {
        const auto parsed = parse_duration((*this)[name]);
        if (!parsed)
            throw Refused(std::string(name) + "=" + (*this)[name] +
                          " is no duration; write a number and s, m, h or d, such as 15m.");
        return *parsed;
    }
    std::string limit(std::string_view name) const {
        const std::string& text = (*this)[name];
        if (text == "off") return text;
        const std::size_t slash = text.find('/');
        const bool right = slash != std::string::npos && text.find_first_not_of("0123456789") == slash && slash > 0 &&
                           slash < 7 && parse_duration(std::string_view(text).substr(slash + 1));
        if (!right)
            throw Refused(std::string(name) + "=" + text +
                          " is no limit; write a count and a time such as 100/15m, or off.");
        return text;
    }

private:
    std::map<std::string, std::string, std::less<>> values_;
};

void read_secrets(const Values& values, Config& config) {
    config.jwt_secret = values["JWT_SECRET"];
    config.jwt_secret_previous = values["JWT_SECRET_PREVIOUS"];
    config.master_key = values["MASTER_KEY"];
    if (!config.jwt_secret.empty() && config.jwt_secret.size() < 32)
        throw Refused("JWT_SECRET has fewer than 32 bytes; make one with: openssl rand -base64 48");
    if (!config.master_key.empty() && !eventstore::parse_master_key(config.master_key))
        throw Refused("MASTER_KEY must be 32 bytes in Base64; make one with: openssl rand -base64 32");
    if (!config.production) return;
    if (config.jwt_secret.empty())
        throw Refused(
            "Production needs JWT_SECRET (or JWT_SECRET_FILE) of at least 32 bytes; make one with: openssl rand "
            "-base64 48");
    if (config.master_key.empty())
        throw Refused(
            "Production needs MASTER_KEY (or MASTER_KEY_FILE): 32 bytes in Base64; make one with: openssl rand -base64 "
            "32");
}

void check_home(const Values& values, Config& config) {
    const bool kafka = !values["KAFKA_BROKERS"].empty(), postgres = !values["DATABASE_URL"].empty();
    if (kafka && postgres)
        throw Refused(
            "This build of nova has no Kafka and PostgreSQL home; unset KAFKA_BROKERS and DATABASE_URL to use the "
            "embedded one.");
    if (kafka || postgres)
        config.warnings.push_back(
            std::string(kafka ? "KAFKA_BROKERS" : "DATABASE_URL") +
            " is set alone and is ignored: log and read models are the SQLite files in DATABASE_PATH.");
    if (!values["REDIS_URL"].empty()) config.warnings.emplace_back("REDIS_URL is set; nothing in nova needs Redis.");
}

}  // namespace

const std::vector<Setting>& settings() {
    static const std::vector<Setting> all{
        {"NODE_ENV", "development", "production switches on: HTTPS only, no made-up secrets"},
        {"PORT", "4000", "port of the HTTP server; 0 takes any free one"},
        {"HOST", "0.0.0.0", "address that the server listens on"},
        {"DATABASE_PATH", "./data", "folder of the log, the read models and kept secrets"},
        {"JWT_SECRET", "", "signs access tokens; at least 32 bytes", true},
        {"JWT_SECRET_PREVIOUS", "", "still accepted while the secret is rotated", true},
        {"JWT_EXPIRES_IN", "15m", "life of an access token"},
        {"REFRESH_EXPIRES_IN", "7d", "idle life of a refresh token"},
        {"MASTER_KEY", "", "wraps the keys that personal data is sealed with; 32 bytes in Base64", true},
        {"FRONTEND_URL", "http://localhost:3000", "origins of browsers that may call, comma-separated"},
        {"CORS_ORIGIN", "", "further origins, comma-separated"},
        {"TRUSTED_PROXIES", "", "addresses whose X-Forwarded-For is believed, comma-separated"},
        {"REQUIRE_HTTPS", "", "on or off; on in production"},
        {"RATE_LIMIT_GENERAL", "100/15m", "requests per user (or address, before sign-in)"},
        {"RATE_LIMIT_AUTH", "5/15m", "failed sign-ins per account and address"},
        {"RATE_LIMIT_REGISTRATION", "5/1h", "registrations per address"},
        {"LOG_LEVEL", "info", "error, warn, info or debug"},
        {"METRICS_TOKEN", "", "bearer token for /metrics from other machines", true},
        {"NOVA_ADMIN_EMAIL", "", "this user becomes the platform's ADMIN at start"},
        {"KAFKA_BROKERS", "", "with DATABASE_URL: the distributed home"},
        {"DATABASE_URL", "", "with KAFKA_BROKERS: the distributed home", true},
        {"REDIS_URL", "", "not needed"},
    };
    return all;
}

Config load_config(const Overrides& overrides) {
    const Values values(overrides);
    Config config;
    const std::string& env = values["NODE_ENV"];
    if (env != "development" && env != "production" && env != "test")
        throw Refused("NODE_ENV=" + env + " is unknown; use development, test or production.");
    config.production = env == "production";
    config.host = values["HOST"];
    const std::string& port = values["PORT"];
    if (std::from_chars(port.data(), port.data() + port.size(), config.port).ptr != port.data() + port.size() ||
        port.empty())
        throw Refused("PORT=" + port + " is no port; use a number from 0 to 65535.");
    config.folder = values["DATABASE_PATH"];
    read_secrets(values, config);
    config.token_life = values.duration("JWT_EXPIRES_IN");
    config.refresh_life = std::max(values.duration("REFRESH_EXPIRES_IN"), config.token_life + std::chrono::hours(24));
    config.origins = values.list("FRONTEND_URL");
    for (std::string& origin : values.list("CORS_ORIGIN")) config.origins.push_back(std::move(origin));
    for (const std::string& origin : config.origins)
        if (origin == "*")
            throw Refused(
                "FRONTEND_URL and CORS_ORIGIN name origins one by one; * would open every user's data to every page.");
    config.trusted_proxies = values.list("TRUSTED_PROXIES");
    const std::string& https = values["REQUIRE_HTTPS"];
    if (!https.empty() && https != "on" && https != "off")
        throw Refused("REQUIRE_HTTPS=" + https + " is unknown; use on or off.");
    config.require_https = https.empty() ? config.production : https == "on";
    config.general_limit = values.limit("RATE_LIMIT_GENERAL");
    config.auth_limit = values.limit("RATE_LIMIT_AUTH");
    config.registration_limit = values.limit("RATE_LIMIT_REGISTRATION");
    config.log_level = values["LOG_LEVEL"];
    if (config.log_level != "error" && config.log_level != "warn" && config.log_level != "info" &&
        config.log_level != "debug")
        throw Refused("LOG_LEVEL=" + config.log_level + " is unknown; use error, warn, info or debug.");
    config.metrics_token = values["METRICS_TOKEN"];
    config.admin_email = values["NOVA_ADMIN_EMAIL"];
    check_home(values, config);
    return config;
}

std::string print_config(const Overrides& overrides) {
    load_config(overrides);  // a wrong value is refused here as at the start of a server
    std::string out;
    for (const Setting& setting : settings()) {
        std::string value = value_of(setting, overrides);
        if (setting.secret) value = value.empty() ? "[not set]" : "[set]";
        std::string line = std::string(setting.name) + "=" + value;
        if (line.size() < 44) line.resize(44, ' ');
        out += line + "  # " + std::string(setting.meaning) + "\n";
    }
    return out;
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    if (text.size() < 2 || text.size() > 8) return {};
    std::int64_t count = 0;
    const char* end = text.data() + text.size() - 1;
    if (std::from_chars(text.data(), end, count).ptr != end || count <= 0) return {};
    switch (text.back()) {
        case 's': return std::chrono::seconds(count);
        case 'm': return std::chrono::seconds(count * 60);
        case 'h': return std::chrono::seconds(count * 3600);
        case 'd': return std::chrono::seconds(count * 86400);
        default: return {};
    }
}

std::string option_of(std::string_view setting) {
    std::string option(setting);
    for (char& c : option) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return option;
}

std::string kept_secret(const std::filesystem::path& folder, const std::string& file, std::size_t bytes) {
    const std::filesystem::path path = folder / file;
    if (std::ifstream existing(path); existing) {
        std::string secret;
        std::getline(existing, secret);
        if (!secret.empty()) return secret;
    }
    const std::string secret = eventstore::random_base64(bytes);
    const int fd = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    const std::string line = secret + "\n";
    const bool kept =
        fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd) == 0;
    if (fd >= 0) ::close(fd);
    if (!kept)
        throw Refused("The secret " + path.string() + " cannot be written; check the folder's rights and space.");
    return secret;
}

}  // namespace nova::cli

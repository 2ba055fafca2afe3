#include "api/http/log.h"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "api/http/redaction.h"
#include "api/http/target.h"

namespace nova::api {
namespace {

constexpr std::size_t buffer_bytes_max = 8 << 20;
constexpr std::string_view names[] = {"error", "warn", "info", "debug"};

// Lines gather for a few milliseconds, so that a busy server wakes the writer a hundred times a second and not once a line.
class Output {
public:
    static Output& instance() {
        static Output* output = new Output;   // never destroyed: threads may log until the very end
        return *output;
    }

    void say(std::string_view line) {
        std::unique_lock lock(mutex_);
        if (waiting_.size() + line.size() > buffer_bytes_max) {
            ++dropped_;
            return;
        }
        const bool wake = waiting_.empty();
        waiting_.append(line);
        lock.unlock();
        if (wake) filled_.notify_one();
    }

    void flush() {
        std::unique_lock lock(mutex_);
        hurry_ = true;
        filled_.notify_one();
        written_.wait(lock, [&] { return waiting_.empty() && !writing_; });
        hurry_ = false;
    }

    std::atomic<int> descriptor{STDOUT_FILENO};
    std::atomic<Level> level{Level::info};

private:
    Output() {
        if (const char* wanted = std::getenv("LOG_LEVEL"))
            if (const auto parsed = parse_level(wanted)) level = *parsed;
        std::thread([this] { run(); }).detach();
        std::atexit([] { instance().flush(); });
    }

    void run() {
        std::string writing;
        std::unique_lock lock(mutex_);
        for (;;) {
            filled_.wait(lock, [&] { return !waiting_.empty(); });
            filled_.wait_for(lock, std::chrono::milliseconds(10), [&] { return hurry_; });
            writing.swap(waiting_);
            writing_ = true;
            if (const auto lost = std::exchange(dropped_, 0))
                writing += fmt::format(
                    "{{\"time\":\"{}\",\"level\":\"warn\",\"msg\":\"{} log lines were dropped: the output is too "
                    "slow\"}}\n",
                    to_text(now()), lost);
            lock.unlock();
            write_all(writing);
            writing.clear();
            lock.lock();
            writing_ = false;
            written_.notify_all();
        }
    }

    void write_all(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto n = ::write(descriptor, bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return;   // the output is gone; there is nowhere to say so
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }

public:
    static Instant now() {
        return {
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
                .count()};
    }

private:
    std::mutex mutex_;
    std::condition_variable filled_, written_;
    std::string waiting_;
    std::uint64_t dropped_ = 0;
    bool writing_ = false, hurry_ = false;
};

void append_string(std::string_view text, std::string& out) {
    out += '"';
    const bool valid = is_clean_utf8(text);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out += '\\', out += c;
        else if (c == '\n') out += "\\n";
        else if (byte < 0x20) fmt::format_to(std::back_inserter(out), FMT_COMPILE("\\u{:04x}"), byte);
        else out += byte >= 0x80 && !valid ? '?' : c;
    }
    out += '"';
}

void begin(Level level, Instant time, std::string_view message, std::string& out) {
    out += "{\"time\":\"";
    append_text(time, out);
    out.append("\",\"level\":\"").append(names[static_cast<int>(level)]).append("\",\"msg\":");
    append_string(message, out);
}

void add(std::string_view name, std::string_view value, std::string& out) {
    if (value.empty()) return;
    out.append(",\"").append(name).append("\":");
    append_string(value, out);
}

void add_number(std::string_view name, std::uint64_t value, std::string& out) {
    out.append(",\"").append(name).append("\":").append(fmt::format_int(value).c_str());
}

}  // namespace

std::optional<Level> parse_level(std::string_view text) {
    for (int i = 0; i < 4; ++i)
        if (text == names[i]) return static_cast<Level>(i);
    return std::nullopt;
}

bool logs(Level level) { return level <= Output::instance().level.load(std::memory_order_relaxed); }
void set_log_level(Level level) { Output::instance().level = level; }
void set_log_output(int file_descriptor) { Output::instance().descriptor = file_descriptor; }
void flush_log() { Output::instance().flush(); }

void log(Level level, std::string_view message, std::initializer_list<LogField> fields) {
    if (!logs(level)) return;
    std::string line;
    begin(level, Output::now(), redacted(message), line);
    for (const LogField& field : fields) {
        line.append(",\"").append(field.name).append("\":");
        if (const auto* text = std::get_if<std::string_view>(&field.value)) append_string(redacted(*text), line);
        else if (const auto* whole = std::get_if<std::int64_t>(&field.value)) line += fmt::format_int(*whole).c_str();
        else fmt::format_to(std::back_inserter(line), FMT_COMPILE("{:.3f}"), std::get<double>(field.value));
    }
    line += "}\n";
    Output::instance().say(line);
}

void log(Level level, const RequestLine& request) {
    if (!logs(level)) return;
    thread_local std::string line;
    line.clear();
    begin(level, request.time, request.message, line);
    // A client chooses its correlation id; one that is longer than an id of ours might be a token put there by mistake.
    if (request.correlation_id.size() > 36) add("correlationId", redacted(request.correlation_id), line);
    else add("correlationId", request.correlation_id, line);
    add("method", request.method, line);
    add("path", request.path, line);
    add_number("status", request.status, line);
    fmt::format_to(std::back_inserter(line), FMT_COMPILE(",\"durationMs\":{:.3f}"), request.duration_ms);
    add("userId", request.user_id, line);
    add("tenantId", request.tenant_id, line);
    add("sessionId", request.session_id, line);
    add("address", request.address, line);
    add_number("bytesIn", request.bytes_in, line);
    add_number("bytesOut", request.bytes_out, line);
    add("commandName", request.command_name, line);
    if (request.events) add_number("events", request.events, line);
    add("position", request.position, line);
    add("errorCode", request.error_code, line);
    line += "}\n";
    Output::instance().say(line);
}

}  // namespace nova::api

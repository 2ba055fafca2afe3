// The HTTP server: sockets, parsing, limits of size and time, standard headers, the log line and the metrics of each
// request. What a path means is the router's business.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/http/message.h"
#include "api/http/router.h"

namespace nova::api {

struct ServerOptions {
    std::string host = "0.0.0.0";
    std::uint16_t port = 4000;
    std::size_t body_bytes_max = 1 << 20;
    std::size_t unpacked_bytes_max = 10 << 20;     // of a gzip body
    std::size_t header_bytes_max = 16 << 10;
    std::chrono::milliseconds header_timeout{10'000}, request_timeout{30'000}, idle_timeout{65'000},
        stop_timeout{20'000};
    std::chrono::milliseconds write_timeout{30'000};  // for an answer to be taken, and longer for a large one:
    std::size_t read_bytes_a_second_min = 32 << 10;   // slower readers are cut
    std::size_t connections_max = 10000;
    bool production = false;
    bool require_https = false;                    // plain requests, but those for health, are sent to https by 308
    std::vector<std::string> origins;              // FRONTEND_URL, CORS_ORIGIN
    std::vector<std::string> trusted_proxies;      // addresses or networks: "10.0.0.0/8"
    std::string general_limit = "100/15m";         // "off": none
    std::string registration_limit = "5/1h";       // "off": none
};

// Proves who asks: sets request.identity, or answers and returns false. May answer later (from `ready`).
using Guard = std::function<void(const RequestPtr&, const ReplyPtr&, std::function<void()> proceed)>;

class Server {
public:
    Server(ServerOptions, const Router&, Guard);   // binds; throws std::runtime_error with one sentence
    ~Server();
    std::uint16_t port() const;                 // the bound one (options.port 0: any free one)
    void run();                                 // blocks; serves until stop
    void stop();  // any thread, signal-safe by way of the loop: no new requests, in-flight answers finish
    void stop_on_signals();                     // SIGTERM and SIGINT do what stop() does; a second one ends at once
    void post(std::function<void()>);           // onto the I/O thread
    bool stopping() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace nova::api

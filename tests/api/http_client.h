// A server on a free port in a thread of its own, and a client that sends exactly the bytes it is given.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <string>
#include <thread>

#include "api/http/log.h"
#include "api/http/server.h"

namespace nova::api::test {

struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;   // names in lower case
    std::string body;
    std::string header(const std::string& name) const { return headers.count(name) ? headers.at(name) : ""; }
};

class Client {
public:
    explicit Client(std::uint16_t port) {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET, to.sin_port = htons(port), to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    }
    ~Client() { ::close(socket_); }
    Client(const Client&) = delete;

    bool connected() const { return connected_; }
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    void finish_sending() { ::shutdown(socket_, SHUT_WR); }

    // Status 0: the server closed, or nothing came in time.
    Answer receive(bool head = false, int timeout_ms = 5000) {
        Answer answer;
        std::size_t end;
        while ((end = in_.find("\r\n\r\n")) == std::string::npos)
            if (!more(timeout_ms)) return answer;
        answer.status = std::atoi(in_.c_str() + 9);
        std::size_t at = in_.find("\r\n") + 2;
        while (at < end) {
            const auto line_end = in_.find("\r\n", at), colon = in_.find(':', at);
            std::string name = in_.substr(at, colon - at);
            for (char& c : name) c = static_cast<char>(std::tolower(c));
            answer.headers[name] = in_.substr(colon + 2, line_end - colon - 2);
            at = line_end + 2;
        }
        in_.erase(0, end + 4);
        const std::size_t length = head ? 0 : std::strtoul(answer.header("content-length").c_str(), nullptr, 10);
        while (in_.size() < length)
            if (!more(timeout_ms)) return Answer{};
        answer.body = in_.substr(0, length);
        in_.erase(0, length);
        return answer;
    }
    Answer ask(std::string_view bytes) { return send(bytes) ? receive(bytes.starts_with("HEAD")) : Answer{}; }

    // The server closes within the time, without further bytes.
    bool is_closed(int timeout_ms = 5000) { return in_.empty() && !more(timeout_ms) && closed_; }
    std::string unread() { return in_; }

private:
    bool more(int timeout_ms) {
        pollfd p{socket_, POLLIN, 0};
        if (::poll(&p, 1, timeout_ms) <= 0) return false;
        char buffer[65536];
        const auto n = ::recv(socket_, buffer, sizeof buffer, 0);
        closed_ = n <= 0;
        if (n > 0) in_.append(buffer, static_cast<std::size_t>(n));
        return n > 0;
    }
    int socket_ = -1;
    bool connected_ = false, closed_ = false;
    std::string in_;
};

class Running {
public:
    Running(Router& router, ServerOptions options = {}, Guard guard = {}) {
        set_log_level(Level::error);
        options.host = "127.0.0.1", options.port = 0;
        if (!guard) guard = [](const RequestPtr&, const ReplyPtr&, std::function<void()> proceed) { proceed(); };
        server = std::make_unique<Server>(options, router, guard);
        port = server->port();
        thread_ = std::thread([this] { server->run(); });
    }
    ~Running() { stop(); }
    void stop() {
        server->stop();
        if (thread_.joinable()) thread_.join();
    }
    std::unique_ptr<Server> server;
    std::uint16_t port = 0;

private:
    std::thread thread_;
};

inline ServerOptions unlimited() {
    ServerOptions options;
    options.general_limit = options.registration_limit = "off";
    return options;
}

inline std::string get(const std::string& path, const std::string& headers = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}
inline std::string post(const std::string& path, const std::string& body,
                        const std::string& headers = "Content-Type: application/json\r\n") {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

}  // namespace nova::api::test

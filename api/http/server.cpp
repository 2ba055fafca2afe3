#include "api/http/server.h"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <stdexcept>

#include "api/http/connection.h"
#include "api/http/log.h"
#include "api/http/server_state.h"

namespace nova::api {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// A descriptor a connection, and some for files: the usual soft limit of 1,024 is below what this server may accept.
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

std::chrono::milliseconds sweep_interval(const ServerOptions& o) {
    const auto shortest =
        std::min({o.header_timeout, o.request_timeout, o.idle_timeout, o.write_timeout, o.stop_timeout});
    return std::clamp(shortest / 4, std::chrono::milliseconds(20), std::chrono::milliseconds(500));
}

}  // namespace

struct Server::Impl {
    using Acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
    using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                             asio::io_context::executor_type>;

    Impl(ServerOptions options, const Router& router, Guard guard)
        : loop(std::make_shared<Loop>()),
          state(std::move(options), router, std::move(guard), loop),
          acceptor(loop->context()),
          sweeper(loop->context()),
          retry(loop->context()),
          signals(loop->context()),
          interval(sweep_interval(state.options)) {
        raise_descriptor_limit();
        listen();
        metrics().gauge("nova_http_connections", "Open HTTP connections.", {},
                        [count = connection_count] { return static_cast<double>(count->load()); });
    }

    ~Impl() {
        loop->close();
        close_all();
        error_code error;
        acceptor.close(error);
        sweeper.cancel();
        retry.cancel();
        signals.cancel(error);
        loop->context().restart();
        loop->context().poll();   // lets cancelled operations go, and with them the connections
        metrics().forget_gauge("nova_http_connections", {});
    }

    void listen() {
        const auto& o = state.options;
        const auto fail = [&](const std::string& why) {
            throw std::runtime_error("Nova cannot listen on " + o.host + ":" + std::to_string(o.port) + ": " + why +
                                     ".");
        };
        error_code error;
        const auto address = asio::ip::make_address(o.host == "localhost" ? "127.0.0.1" : o.host, error);
        if (error) fail("that is no address");
        const tcp::endpoint endpoint(address, o.port);
        acceptor.open(endpoint.protocol(), error);
        if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
        if (!error) acceptor.bind(endpoint, error);
        if (!error) acceptor.listen(4096, error);
        if (error) fail(error.message());
    }

    void accept() {
        acceptor.async_accept([this](error_code error, Socket socket) {
            if (!acceptor.is_open()) return;
            if (error) {
                // Out of descriptors: connections wait in the kernel's queue until some are closed.
                retry.expires_after(std::chrono::milliseconds(100));
                return retry.async_wait([this](error_code cancelled) {
                    if (!cancelled && acceptor.is_open()) accept();
                });
            }
            admit(std::move(socket));
            accept();
        });
    }

    void admit(Socket socket) {
        if (state.connections.size() >= state.options.connections_max) {
            static const std::string full = [] {
                const std::string body = R"({"type":"/api/errors/unavailable","title":"Temporarily unavailable","status":503,"code":"unavailable",)"
                                         R"("error":"Temporarily unavailable","message":"The server has as many connections as it takes."})";
                return "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json; "
                       "charset=utf-8\r\nRetry-After: 1\r\n"
                       "Connection: close\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n\r\n" + body;
            }();
            error_code error;
            socket.non_blocking(true, error);
            socket.write_some(asio::buffer(full), error);
            socket.shutdown(tcp::socket::shutdown_send, error);
            return;
        }
        const auto connection = std::make_shared<Connection>(state, std::move(socket));
        state.connections.insert(connection);
        connection->start();
    }

    void sweep() {
        sweeper.expires_after(interval);
        sweeper.async_wait([this](error_code cancelled) {
            if (cancelled) return;
            const auto now = steady_ms();
            for (const auto& connection : snapshot()) connection->sweep(now);
            connection_count->store(state.connections.size());
            if (now >= limits_forgotten_ms + 60'000) state.forget_old_limits(now), limits_forgotten_ms = now;
            if (state.stopping && (state.connections.empty() || now >= stop_by_ms)) return end();
            sweep();
        });
    }

    // A copy, since connections leave the set when they are closed.
    std::vector<std::shared_ptr<Connection>> snapshot() const {
        return {state.connections.begin(), state.connections.end()};
    }
    void close_all() {
        for (const auto& connection : snapshot()) connection->close();
    }

    void begin_stop() {
        if (state.stopping.exchange(true)) return;
        stop_by_ms = steady_ms() + state.options.stop_timeout.count();
        error_code error;
        acceptor.close(error);
        retry.cancel();
        for (const auto& connection : snapshot()) connection->finish_soon();
        if (state.connections.empty()) end();
    }

    void end() {
        close_all();
        error_code error;
        signals.cancel(error);
        sweeper.cancel();
        loop->context().stop();
    }

    void await_signal() {
        signals.async_wait([this](error_code cancelled, int) {
            if (cancelled) return;
            if (state.stopping) return end();
            begin_stop();
            await_signal();
        });
    }

    std::shared_ptr<Loop> loop;
    ServerState state;
    Acceptor acceptor;
    Timer sweeper, retry;
    asio::basic_signal_set<asio::io_context::executor_type> signals;
    std::chrono::milliseconds interval;
    std::int64_t stop_by_ms = 0, limits_forgotten_ms = 0;
    std::shared_ptr<std::atomic<std::size_t>> connection_count = std::make_shared<std::atomic<std::size_t>>(0);
};

Server::Server(ServerOptions options, const Router& router, Guard guard)
    : impl_(std::make_unique<Impl>(std::move(options), router, std::move(guard))) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->acceptor.local_endpoint().port(); }

void Server::run() {
    impl_->accept();
    impl_->sweep();
    impl_->loop->run();
}

void Server::stop() {
    impl_->loop->post([impl = impl_.get()] { impl->begin_stop(); });
}

void Server::stop_on_signals() {
    impl_->signals.add(SIGTERM);
    impl_->signals.add(SIGINT);
    impl_->await_signal();
}

void Server::post(std::function<void()> task) { impl_->loop->post(std::move(task)); }
bool Server::stopping() const { return impl_->state.stopping.load(); }

}  // namespace nova::api

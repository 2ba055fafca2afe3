#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "tests/bench/ceilings.h"
#include "tests/bench/http.h"

namespace nova::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// The answer is made by hand and sent with one write: Beast's own serializer costs half as much again.
constexpr std::string_view nothing = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

class Session : public std::enable_shared_from_this<Session> {
public:
    explicit Session(tcp::socket socket) : socket_(std::move(socket)) { socket_.set_option(tcp::no_delay(true)); }

    void read() {
        parser_.emplace();
        http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
            if (!error) self->write();
        });
    }

private:
    void write() {
        asio::async_write(socket_, asio::buffer(nothing), [self = shared_from_this()](error_code error, std::size_t) {
            if (!error) self->read();
        });
    }
    tcp::socket socket_;
    boost::beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
};

void accept(tcp::acceptor& acceptor) {
    acceptor.async_accept([&acceptor](error_code error, tcp::socket socket) {
        if (!error) std::make_shared<Session>(std::move(socket))->read();
        accept(acceptor);
    });
}

[[noreturn]] void serve(std::uint16_t port) {
    asio::io_context context(1);
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
    accept(acceptor);
    context.run();
    _exit(0);
}

}  // namespace

EmptyServer::EmptyServer() : port_(free_port()) {
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("no process could be started");
    if (pid_ == 0) serve(port_);
    for (int i = 0; i < 500; ++i) {
        try {
            close(connect_to(port_));
            return;
        } catch (const std::runtime_error&) {
            usleep(10'000);
        }
    }
    throw std::runtime_error("the empty server did not start");
}

EmptyServer::~EmptyServer() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

}  // namespace nova::bench

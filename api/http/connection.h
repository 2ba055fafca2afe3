// One client's connection: reads messages one after another, hands each to an Exchange, writes the answers in order.
// Limits of time are deadlines that a sweep of all connections looks at; no operation has a timer of its own.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <string>

#include "api/http/exchange.h"
#include "api/http/input_buffer.h"
#include "api/http/message_parser.h"

namespace nova::api {

// The executor is named, since the type-erased one costs an allocation and an indirect call an operation.
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

class Connection final : public AnswerSink, public std::enable_shared_from_this<Connection> {
public:
    Connection(ServerState&, Socket);

    void start();
    void sweep(std::int64_t now_ms);      // acts on a deadline that has passed
    void finish_soon();                   // the server stops: closes now if idle, else after the answer
    void close();                         // at once

    std::string& head_buffer() override { return out_; }
    void answered(std::string body, bool close_after) override;

private:
    enum class Phase { idle, header, body, working, writing, draining, closed };

    void drive();
    bool advance();
    bool begin_message();
    bool read_body();
    void dispatch();
    void fail(unsigned status, std::string code, std::string message);
    void fail_parse(boost::system::error_code);
    void enter(Phase, std::chrono::milliseconds at_most);
    enum class Scan { more, complete, malformed, too_large };
    Scan scan_header();

    void read();
    void on_read(boost::system::error_code, std::size_t);
    void flush();
    void on_written(boost::system::error_code, std::size_t);
    void drain();

    ServerState& state_;
    std::shared_ptr<Loop> loop_;          // outlives the socket
    Socket socket_;
    std::string peer_;
    InputBuffer in_;
    std::optional<MessageParser> parser_;
    std::shared_ptr<Exchange> exchange_;
    Phase phase_ = Phase::idle;
    std::int64_t deadline_ms_ = 0, message_began_ms_ = 0;
    std::size_t scanned_ = 0, header_bytes_ = 0, message_bytes_ = 0, drained_ = 0;
    std::string out_, out_body_;          // what waits to be written
    std::string sending_, sending_body_;  // what is being written
    std::size_t sent_ = 0;
    bool driving_ = false, reading_ = false, sending_now_ = false, close_after_ = false, working_ = false;
};

}  // namespace nova::api

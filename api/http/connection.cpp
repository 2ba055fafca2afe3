#include "api/http/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

#include "api/http/log.h"

namespace nova::api {
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t flush_from = 64 << 10;     // of pipelined answers
constexpr std::size_t body_copied_max = 16 << 10;  // a larger body is written from where it is
constexpr std::size_t drained_max = 64 << 20;
constexpr std::chrono::milliseconds drain_time{2000};

}  // namespace

Connection::Connection(ServerState& state, Socket socket)
    : state_(state), loop_(state.loop), socket_(std::move(socket)) {}

void Connection::start() {
    boost::system::error_code error;
    const auto endpoint = socket_.remote_endpoint(error);
    if (error) return close();
    const auto address = endpoint.address();
    peer_ = address.is_v6() && address.to_v6().is_v4_mapped()
                ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string()
                : address.to_string();
    socket_.set_option(asio::ip::tcp::no_delay(true), error);
    socket_.non_blocking(true, error);
    enter(Phase::idle, state_.options.idle_timeout);
    read();
}

void Connection::enter(Phase phase, std::chrono::milliseconds at_most) {
    phase_ = phase;
    deadline_ms_ = steady_ms() + at_most.count();
}

// Understands what has come in, as far as possible: a message whose handler answers at once is followed by the next.
void Connection::drive() {
    if (driving_) return;
    driving_ = true;
    while (phase_ != Phase::closed && !working_ && !close_after_ && !sending_now_) {
        if (out_.size() >= flush_from || !out_body_.empty()) {
            flush();
            continue;
        }
        if (!advance()) break;
    }
    driving_ = false;
    flush();
    if (phase_ == Phase::closed || sending_now_ || working_) return;
    if (close_after_) return drain();
    if (state_.stopping.load(std::memory_order_relaxed) && phase_ == Phase::idle) return close();
    read();
}

bool Connection::advance() {
    if (!parser_ && !begin_message()) return false;
    return parser_ ? read_body() : true;
}

Connection::Scan Connection::scan_header() {
    const auto bytes = in_.data();
    const auto limit = state_.options.header_bytes_max;
    // Anything that does not start like a method is not HTTP (a TLS greeting, for instance): no need to wait for its end.
    if (scanned_ == 0 && !((bytes[0] >= 'A' && bytes[0] <= 'Z') || (bytes[0] >= 'a' && bytes[0] <= 'z')))
        return Scan::malformed;
    while (const void* found = std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_)) {
        const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
        if (at == 0 || bytes[at - 1] != '\r') return Scan::malformed;
        scanned_ = at + 1;
        if (at >= 3 && bytes[at - 2] == '\n') {
            header_bytes_ = at + 1;
            return header_bytes_ > limit ? Scan::too_large : Scan::complete;
        }
        if (scanned_ == bytes.size()) break;
    }
    return bytes.size() > limit ? Scan::too_large : Scan::more;
}

// Reads the header, once all of it is here. False: more bytes are needed, or the connection cannot go on.
bool Connection::begin_message() {
    while (in_.data().starts_with("\r\n")) in_.consume(2);   // clients of old send one too many
    if (in_.empty() || in_.data() == "\r") return false;
    if (phase_ == Phase::idle) {
        enter(Phase::header, state_.options.header_timeout);
        message_began_ms_ = steady_ms();
    }
    switch (scan_header()) {
        case Scan::more: return false;
        case Scan::malformed: return fail(400, "malformed_request", "This is not an HTTP/1.1 request."), false;
        case Scan::too_large: return fail(431, "header_too_large", "The request's header is too large."), false;
        case Scan::complete: break;
    }
    exchange_ = std::make_shared<Exchange>(state_, shared_from_this(), peer_);
    parser_.emplace(exchange_->request(), exchange_->method_text(), header_bytes_ + 1);
    boost::system::error_code error;
    const auto n = parser_->put(asio::buffer(in_.data().data(), header_bytes_), error);
    in_.consume(n);
    message_bytes_ = n;
    scanned_ = header_bytes_ = 0;
    if (error || !parser_->is_header_done()) return fail_parse(error), false;
    if (!parser_->acceptable())
        return fail(400, "malformed_request", "A request needs one Host and may use no transfer coding but chunked."),
               false;
    exchange_->header_read(parser_->known_method(), parser_->keep_alive(), parser_->old_version());
    const auto length = parser_->content_length();
    if (length && *length > exchange_->body_bytes_max())
        return fail(413, "too_large", "The body is larger than this path takes."), false;
    parser_->limit_body(exchange_->body_bytes_max());
    parser_->eager(true);
    if (!parser_->is_done()) {
        enter(Phase::body, state_.options.request_timeout);
        const auto expects = exchange_->request().header("expect");
        if (!expects.empty() && !boost::beast::iequals(expects, "100-continue"))
            return fail(417, "expectation_failed", "The only expectation that can be met is 100-continue."), false;
        if (!expects.empty() && !parser_->old_version() && in_.empty()) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    return true;
}

bool Connection::read_body() {
    boost::system::error_code error;
    while (!parser_->is_done() && !in_.empty()) {
        const auto n = parser_->put(asio::buffer(in_.data().data(), in_.size()), error);
        in_.consume(n);
        message_bytes_ += n;
        if (error == http::error::need_more) {
            if (in_.size() > state_.options.header_bytes_max)
                fail(400, "malformed_request", "The head or the trailer of a chunk is too large.");
            return false;
        }
        if (error) return fail_parse(error), false;
    }
    if (!parser_->is_done()) return false;
    dispatch();
    return true;
}

void Connection::dispatch() {
    parser_.reset();
    working_ = true;
    enter(Phase::working, state_.options.request_timeout);
    const auto exchange = exchange_;   // it may be answered and let go of while it runs
    exchange->run(message_bytes_);
}

void Connection::fail_parse(boost::system::error_code error) {
    if (error == http::error::body_limit) return fail(413, "too_large", "The body is larger than this path takes.");
    if (error == http::error::header_limit) return fail(431, "header_too_large", "The request's header is too large.");
    fail(400, "malformed_request", "This is not an HTTP/1.1 request.");
}

// Answers what cannot be understood, after which nothing that follows can be either.
void Connection::fail(unsigned status, std::string code, std::string message) {
    parser_.reset();
    if (!exchange_) exchange_ = std::make_shared<Exchange>(state_, shared_from_this(), peer_);
    working_ = true;
    const auto exchange = exchange_;
    exchange->refuse({status, std::move(code), "", std::move(message)}, true);
}

void Connection::answered(std::string body, bool close_after) {
    if (phase_ == Phase::closed) return;
    exchange_.reset();
    working_ = false;
    close_after_ = close_after;
    if (body.size() <= body_copied_max) out_ += body;
    else out_body_ = std::move(body);
    enter(Phase::idle, state_.options.idle_timeout);
    drive();
}

void Connection::read() {
    if (reading_ || phase_ == Phase::closed) return;
    reading_ = true;
    if (phase_ == Phase::idle) in_.shrink();
    const bool wants_body = phase_ == Phase::body;
    const auto [at, room] = in_.prepare(wants_body ? 64 << 10 : state_.options.header_bytes_max + 4096);
    socket_.async_read_some(
        asio::buffer(at, room),
        [self = shared_from_this()](boost::system::error_code error, std::size_t n) { self->on_read(error, n); });
}

void Connection::on_read(boost::system::error_code error, std::size_t n) {
    reading_ = false;
    if (phase_ == Phase::closed) return;
    if (error) return close();
    if (phase_ == Phase::draining) {
        drained_ += n;
        return drained_ > drained_max ? close() : read();
    }
    in_.commit(n);
    drive();
}

// Tries to write at once, which nearly always does it all, and asks the loop only for the rest.
void Connection::flush() {
    if (phase_ == Phase::closed || sending_now_ || (out_.empty() && out_body_.empty())) return;
    sending_.clear();
    sending_.swap(out_);
    sending_body_.swap(out_body_);
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(sending_), asio::buffer(sending_body_)};
    const std::size_t total = sending_.size() + sending_body_.size();
    boost::system::error_code error;
    sent_ = sending_body_.empty() ? socket_.write_some(buffers[0], error) : socket_.write_some(buffers, error);
    if (error && error != asio::error::would_block) return close();
    if (sent_ == total) {
        if (sending_body_.capacity()) sending_body_ = {};
        return;
    }
    sending_now_ = true;
    // A slow reader keeps only so much of our memory for so long.
    if (!working_)
        enter(Phase::writing, state_.options.write_timeout +
                                  std::chrono::milliseconds(total * 1000 / state_.options.read_bytes_a_second_min));
    const auto head_left = sending_.size() - std::min(sent_, sending_.size());
    const auto body_from = sent_ - std::min(sent_, sending_.size());
    const std::array<asio::const_buffer, 2> rest{
        asio::buffer(sending_.data() + sending_.size() - head_left, head_left),
        asio::buffer(sending_body_.data() + body_from, sending_body_.size() - body_from)};
    asio::async_write(socket_, rest, [self = shared_from_this()](boost::system::error_code failed, std::size_t n) {
        self->on_written(failed, n);
    });
}

void Connection::on_written(boost::system::error_code error, std::size_t) {
    sending_now_ = false;
    if (phase_ == Phase::closed) return;
    if (error) return close();
    sending_body_ = {};
    if (phase_ == Phase::writing) enter(Phase::idle, state_.options.idle_timeout);
    drive();
}

// Ends politely: a close while the client still sends would tear down the answer before it is read.
void Connection::drain() {
    if (phase_ == Phase::draining) return;
    boost::system::error_code error;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
    if (error) return close();
    in_.consume(in_.size());
    enter(Phase::draining, drain_time);
    read();
}

void Connection::sweep(std::int64_t now_ms) {
    if (now_ms < deadline_ms_) return;
    switch (phase_) {
        case Phase::header: return fail(408, "request_timeout", "The request's header did not arrive in time.");
        case Phase::body: return fail(408, "request_timeout", "The request did not arrive in time.");
        case Phase::working:
            if (sending_now_) return close();   // an earlier answer is not even taken
            if (const auto exchange = exchange_) {
                enter(Phase::working, state_.options.request_timeout);
                exchange->time_out();
            }
            return;
        default: return close();
    }
}

void Connection::finish_soon() {
    if (phase_ == Phase::idle && in_.empty() && out_.empty() && !sending_now_) close();
}

void Connection::close() {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    if (exchange_) exchange_->abandon();
    exchange_.reset();
    boost::system::error_code error;
    socket_.close(error);
    state_.connections.erase(shared_from_this());
}

}  // namespace nova::api

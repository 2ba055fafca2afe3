// One request on its way to its answer: found in the table, let through or refused, handled, answered, counted, logged.
#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "api/http/problem.h"
#include "api/http/rate_limit.h"
#include "api/http/server_state.h"

namespace nova::api {

// Where the bytes of an answer go.
class AnswerSink {
public:
    virtual ~AnswerSink() = default;
    virtual std::string& head_buffer() = 0;                   // append the head here …
    virtual void answered(std::string body, bool close) = 0;  // … then hand over the body
};

class Exchange : public std::enable_shared_from_this<Exchange> {
public:
    Exchange(ServerState&, std::shared_ptr<AnswerSink>, const std::string& peer);

    Request& request() { return request_; }
    std::string& method_text() { return method_text_; }

    // After the header: names the request and finds its route, so that limits of the body are known.
    void header_read(bool known_method, bool keep_alive, bool old_version);
    std::size_t body_bytes_max() const;
    // After the whole message. The answer may have been given when this returns.
    void run(std::size_t bytes_in);
    // Answers instead of a handler, unless that was faster; `close`: the connection cannot go on.
    void refuse(Problem, bool close);
    void time_out();

    bool claim() { return !answered_.exchange(true); }        // true for the one who may answer
    void finish(Response);                                     // by who has claimed it, on the I/O thread
    void abandon() { sink_.reset(); }                          // the connection is gone
    static void answer_from_anywhere(const std::shared_ptr<Exchange>&, Response);
    static void dropped(const std::shared_ptr<Exchange>&);

private:
    void answer_now(Response);
    void name_it();
    void proceed(const ReplyPtr&);
    void call(const std::function<void()>& guard_or_handler);
    bool limit_by(const std::string& key);
    bool let_through();
    std::optional<Problem> wrong_body();
    void pack(Response&);
    void write(Response&);
    void count_and_log(const Response&, std::size_t bytes_out);
    Response limited_answer() const;

    ServerState& state_;                                       // only touched on the I/O thread
    std::shared_ptr<Loop> loop_;
    std::shared_ptr<AnswerSink> sink_;
    Request request_;
    std::string method_text_, allow_;
    std::atomic<bool> answered_{false};
    std::atomic<bool> proceeded_{false};
    bool known_method_ = true, keep_alive_ = false, old_version_ = false, target_ok_ = true, packs_ = false,
         packed_ = false, timed_out_ = false;
    LimitedGroup* limited_ = nullptr;
    bool encrypted_ = false;   // to the proxy in front of us
    std::optional<RateLimiter::Verdict> verdict_;
    std::size_t bytes_in_ = 0;
    std::chrono::steady_clock::time_point started_;
};

}  // namespace nova::api

#include "api/http/exchange.h"

#include <algorithm>

#include "api/http/gzip.h"
#include "api/http/log.h"
#include "api/http/request_rules.h"
#include "api/http/target.h"

namespace nova::api {
namespace {

constexpr std::size_t pack_from = 1024;
// Packing takes the I/O thread 10 ms a megabyte; who answers from another thread packs a large body there. Small ones are
// left to the I/O thread, since the one who answers may be the writer, who has no time at all.
constexpr std::size_t pack_elsewhere_from = 64 << 10;

// What a handler holds. Several answers or none at all are the handler's mistakes, and are made good here.
class HandlersReply final : public Reply {
public:
    explicit HandlersReply(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
    ~HandlersReply() override { Exchange::dropped(exchange_); }
    void send(Response response) override { Exchange::answer_from_anywhere(exchange_, std::move(response)); }

private:
    std::shared_ptr<Exchange> exchange_;
};

}  // namespace

Exchange::Exchange(ServerState& state, std::shared_ptr<AnswerSink> sink, const std::string& peer)
    : state_(state), loop_(state.loop), sink_(std::move(sink)), started_(std::chrono::steady_clock::now()) {
    request_.received = wall_clock();
    request_.address = peer;
    request_.headers.reserve(12);
}

void Exchange::header_read(bool known_method, bool keep_alive, bool old_version) {
    known_method_ = known_method, keep_alive_ = keep_alive, old_version_ = old_version;
    name_it();
    // This server speaks plain HTTP: what came encrypted came through a proxy, which says so.
    encrypted_ = state_.proxies.trusts(request_.address) && request_.header("x-forwarded-proto") == "https";
    if (!state_.proxies.none())
        request_.address = state_.proxies.client(request_.address, request_.header("x-forwarded-for"));
    request_.arabic = prefers_arabic(request_.header("accept-language"));
    packs_ = accepts_gzip(request_.header("accept-encoding"));
    target_ok_ = read_target(request_);
    if (!target_ok_) return;
    auto found = state_.router.find(known_method_ ? request_.method : Method::OPTIONS, request_.path);
    request_.route = found.route;
    request_.path_values = std::move(found.path_values);
    allow_ = std::move(found.allow);
}

void Exchange::name_it() {
    const auto given = request_.header("x-correlation-id");
    const bool sane = !given.empty() && given.size() <= 128 &&
                      std::all_of(given.begin(), given.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    request_.correlation_id = sane ? std::string(given) : state_.new_correlation_id();
}

std::size_t Exchange::body_bytes_max() const {
    if (request_.route && request_.route->body_bytes_max) return request_.route->body_bytes_max;
    return state_.options.body_bytes_max;
}

void Exchange::run(std::size_t bytes_in) {
    bytes_in_ = bytes_in;
    started_ = std::chrono::steady_clock::now();
    const Route* route = request_.route;
    if (logs(Level::debug))
        log(Level::debug,
            {request_.received, "request arrived", request_.correlation_id, method_text_, route ? route->pattern : ""});
    const bool asks_options = known_method_ && request_.method == Method::OPTIONS;
    if (!asks_options) limited_ = state_.group(route ? route->limit : LimitGroup::general);
    if (!target_ok_)
        return refuse({400, "malformed_request", "", "The path or the query is not percent-encoded UTF-8."}, false);
    if (state_.options.require_https && !encrypted_ && !(route && route->limit == LimitGroup::none)) {
        Response moved{308};
        moved.with("Location", "https://" + std::string(request_.header("host")) + request_.target);
        return answer_now(std::move(moved));
    }
    if (!route && allow_.empty() && request_.path != "*")
        return refuse({404, "no_such_path", "", "There is no such path."}, false);
    if (!route && asks_options) {
        Response response{204};
        if (request_.path != "*") response.with("Allow", allow_);
        if (request_.has_header("access-control-request-method") && state_.heads.allows(request_.header("origin")))
            state_.heads.add_preflight(response);
        return answer_now(std::move(response));
    }
    if (!route) {
        auto response = problem(request_, {405, "method_not_allowed", "",
                                           "This path does not take this method; Allow lists those it takes."});
        response.with("Allow", allow_);
        return answer_now(std::move(response));
    }
    // One reply serves guard and handler, so that it is dropped only when neither has it any more.
    const ReplyPtr reply = std::make_shared<HandlersReply>(shared_from_this());
    if (route->is_public) return proceed(reply);
    call([&] {
        state_.guard(RequestPtr(shared_from_this(), &request_), reply, [self = shared_from_this(), reply] {
            if (self->proceeded_.exchange(true)) return;
            if (self->loop_->here()) self->proceed(reply);
            else self->loop_->post([self, reply] { self->proceed(reply); });
        });
    });
}

void Exchange::proceed(const ReplyPtr& reply) {
    if (answered_.load() || !sink_ || !let_through()) return;
    call([&] { request_.route->handle(RequestPtr(shared_from_this(), &request_), reply); });
}

// The edge at which exceptions end: they are bugs or broken infrastructure, and nobody outside learns which.
void Exchange::call(const std::function<void()>& guard_or_handler) {
    const auto failed = [&](const std::string& why) { answer_now(failure(request_, why)); };
    try {
        guard_or_handler();
    } catch (const std::exception& error) {
        failed(error.what());
    } catch (...) {
        failed("not a std::exception");
    }
}

// A user's requests count for the user, all others for their address.
bool Exchange::limit_by(const std::string& key) {
    if (!limited_ || verdict_) return true;
    verdict_ = limited_->limiter.count(key, steady_ms());
    if (!verdict_->allowed) limited_->refused.add();
    return verdict_->allowed;
}

bool Exchange::let_through() {
    const Route& route = *request_.route;
    const bool fits = request_.identity && !request_.identity->actor.user.is_nil()
                          ? limit_by("u" + to_text(request_.identity->actor.user))
                          : limit_by(limit_key(request_.address));
    if (!fits) return answer_now(limited_answer()), false;
    if (route.right && request_.identity &&
        commands::extent(request_.identity->actor, *route.right) == commands::Extent::none)
        return answer_now(problem(request_, Rejection::forbidden())), false;
    if (auto wrong = wrong_body()) return refuse(std::move(*wrong), false), false;
    if (auto violations = wrong_parameters(request_); !violations.empty())
        return answer_now(invalid(request_, std::move(violations))), false;
    return true;
}

std::optional<Problem> Exchange::wrong_body() {
    if (auto wrong = wrong_media(request_)) return wrong;
    if (request_.body.empty() || !is_gzip(request_.header("content-encoding"))) return std::nullopt;
    std::string plain;
    const std::size_t unpacked_max =
        request_.route->body_bytes_max ? request_.route->body_bytes_max : state_.options.unpacked_bytes_max;
    const auto unpacked = gunzip(request_.body, unpacked_max, plain);
    if (unpacked == Unpacked::damaged) return Problem{400, "malformed_body", "", "The body is not valid gzip."};
    if (unpacked == Unpacked::too_large)
        return Problem{413, "too_large", "", "The unpacked body is larger than this path takes."};
    request_.body = std::move(plain);
    return std::nullopt;
}

void Exchange::answer_now(Response response) {
    if (claim()) finish(std::move(response));
}

void Exchange::refuse(Problem why, bool close) {
    if (!claim()) return;
    if (request_.correlation_id.empty()) name_it();
    if (close) keep_alive_ = false;
    finish(problem(request_, std::move(why)));
}

void Exchange::time_out() {
    if (!claim()) return;
    timed_out_ = true;
    const bool changes = request_.method != Method::GET && request_.method != Method::HEAD;
    log(Level::warn, "a request was not answered in time", {{"correlationId", request_.correlation_id}});
    finish(changes ? outcome_unknown(request_) : unavailable(request_, "The answer took too long."));
}

void Exchange::answer_from_anywhere(const std::shared_ptr<Exchange>& exchange, Response response) {
    if (!exchange->claim()) return;
    if (exchange->loop_->here()) return exchange->finish(std::move(response));
    if (response.body.size() >= pack_elsewhere_from) exchange->pack(response);
    exchange->loop_->post(
        [exchange, response = std::move(response)]() mutable { exchange->finish(std::move(response)); });
}

void Exchange::dropped(const std::shared_ptr<Exchange>& exchange) {
    if (exchange->answered_.load()) return;
    exchange->loop_->post([exchange] {
        if (!exchange->claim()) return;
        exchange->finish(failure(exchange->request_, "it was dropped unanswered"));
    });
}

Response Exchange::limited_answer() const {
    auto response = problem(request_, {429, "rate_limited", "", "Too many requests, please try again later."});
    response.with("Retry-After", std::to_string(verdict_ ? verdict_->reset_s : 1));
    return response;
}

void Exchange::finish(Response response) {
    if (!sink_) return;   // the client has gone, or the server ends
    // Who was refused before anybody knew who it is counts for the address: tokens cannot be guessed without limit.
    if (limited_ && !verdict_ && !limit_by(limit_key(request_.address))) response = limited_answer(), packed_ = false;
    if (response.error_code.empty() && !timed_out_) response.error_code = request_.error_code;
    write(response);
}

void Exchange::pack(Response& response) {
    if (!packs_ || response.body.size() < pack_from || !is_compressible(response.content_type)) return;
    for (const auto& header : response.headers)
        if (header.first == "Content-Encoding") return;
    std::string smaller;
    gzip(response.body, smaller);
    packed_ = smaller.size() < response.body.size();
    if (packed_) response.body.swap(smaller);
}

void Exchange::write(Response& response) {
    const bool bodyless = response.status == 204 || response.status == 304;
    if (!packed_ && !bodyless) pack(response);
    HeadFacts facts;
    facts.correlation_id = request_.correlation_id;
    facts.origin = request_.header("origin");
    if (verdict_) facts.limit = &*verdict_, facts.limit_policy = limited_->policy;
    facts.content_length = response.body.size();
    facts.packed = packed_;
    facts.keep_alive = keep_alive_ = keep_alive_ && !state_.stopping.load(std::memory_order_relaxed);
    facts.old_version = old_version_;
    auto& out = sink_->head_buffer();
    const auto before = out.size();
    state_.heads.write(response, facts, out);
    if (bodyless || request_.method == Method::HEAD) response.body.clear();
    count_and_log(response, out.size() - before + response.body.size());
    // The connection lets go of this exchange in `answered`.
    const auto sink = std::move(sink_);
    sink->answered(std::move(response.body), !keep_alive_);
}

void Exchange::count_and_log(const Response& response, std::size_t bytes_out) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    static const std::string none = "none";
    const Route* route = request_.route;
    state_.metrics_of(route).finished(route ? route->pattern : none, known_method_ ? to_text(request_.method) : "other",
                                      response.status, seconds);
    const bool quiet = route && route->outside_api && response.status == 200;
    const Level level = response.status >= 500 ? Level::error
                        : seconds > 1          ? Level::warn
                        : quiet                ? Level::debug
                                               : Level::info;
    if (!logs(level)) return;
    RequestLine line;
    line.time = request_.received + static_cast<std::int64_t>(seconds * 1000);
    line.message = seconds > 1 ? "slow request" : "request";
    line.correlation_id = request_.correlation_id;
    line.method = method_text_;
    line.path = route ? std::string_view(route->pattern) : std::string_view("-");
    line.status = response.status;
    line.duration_ms = seconds * 1000;
    std::string user, tenant, session;
    // After a time-out another thread may still be writing what the handler notes down.
    if (const auto& who = request_.identity; who && (proceeded_.load() || !timed_out_)) {
        user = to_text(who->actor.user), tenant = to_text(who->tenant), session = to_text(who->actor.session);
        line.user_id = user, line.tenant_id = tenant, line.session_id = session;
    }
    line.address = request_.address;
    line.bytes_in = bytes_in_, line.bytes_out = bytes_out;
    if (!timed_out_)
        line.command_name = request_.command_name, line.events = request_.events, line.position = request_.position;
    line.error_code = response.error_code;
    log(level, line);
}

}  // namespace nova::api

#include "tests/bench/load.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "tests/bench/http.h"

namespace nova::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Lane {                       // one connection and the request that is on its way
    int socket = -1;
    std::string request, received;
    std::size_t written = 0;
    Clock::time_point sent{};
    bool busy = false, wants_to_write = false;
};

class Generator {
public:
    Generator(const Load& load, const NextRequest& next, const OnAnswer& on_answer)
        : load_(load),
          next_(next),
          on_answer_(on_answer),
          lanes_(load.connections),
          epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            lanes_[i].socket = connect_to(load.port);
            make_nonblocking(lanes_[i].socket);
            epoll_event event{EPOLLIN, {.u64 = i}};
            epoll_ctl(epoll_, EPOLL_CTL_ADD, lanes_[i].socket, &event);
        }
    }
    ~Generator() {
        for (const Lane& lane : lanes_) close(lane.socket);
        close(epoll_);
    }
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    Outcome run() {
        const auto began = Clock::now();
        const auto ends = began + load_.lasts;
        for (Lane& lane : lanes_) begin(lane);
        std::array<epoll_event, 256> events;
        while (in_flight_ > 0) {
            const int ready = epoll_wait(epoll_, events.data(), events.size(), 30'000);
            if (ready == 0) throw std::runtime_error("the server has not answered for 30 s");
            for (int i = 0; i < ready; ++i) serve(lanes_[events[i].data.u64], events[i].events, ends);
        }
        outcome_.seconds = std::chrono::duration<double>(Clock::now() - began).count();
        return std::move(outcome_);
    }

private:
    void begin(Lane& lane) {
        if (begun_ == load_.requests_max) return;
        ++begun_, ++in_flight_;
        lane.request.clear();
        next_(lane.request);
        lane.written = 0;
        lane.busy = true;
        lane.sent = Clock::now();
        write_more(lane);
    }

    void write_more(Lane& lane) {
        const ssize_t wrote = write_some(lane.socket, std::string_view(lane.request).substr(lane.written));
        lane.written += static_cast<std::size_t>(wrote);
        const bool unfinished = lane.written < lane.request.size();
        if (unfinished == lane.wants_to_write) return;
        lane.wants_to_write = unfinished;
        epoll_event event{EPOLLIN | (unfinished ? EPOLLOUT : 0u),
                          {.u64 = static_cast<std::uint64_t>(&lane - lanes_.data())}};
        epoll_ctl(epoll_, EPOLL_CTL_MOD, lane.socket, &event);
    }

    void serve(Lane& lane, unsigned ready, Clock::time_point ends) {
        if (ready & EPOLLOUT) write_more(lane);
        if (!(ready & (EPOLLIN | EPOLLHUP | EPOLLERR))) return;
        read_some(lane.socket, lane.received);
        if (!lane.busy) throw std::runtime_error("the server sent something nobody asked for");
        const auto answer = parse_answer(lane.received);
        if (!answer) return;
        finish(lane, answer->first);
        lane.received.erase(0, answer->second);
        if (Clock::now() < ends) begin(lane);
    }

    void finish(Lane& lane, const Answer& answer) {
        outcome_.latencies.add(Clock::now() - lane.sent);
        ++outcome_.answers, --in_flight_;
        lane.busy = false;
        if (answer.status / 100 != 2 && outcome_.refused++ == 0)
            outcome_.first_refusal = std::string(answer.head) + std::string(answer.body);
        if (on_answer_) on_answer_(answer);
    }

    const Load load_;
    const NextRequest& next_;
    const OnAnswer& on_answer_;
    std::vector<Lane> lanes_;
    int epoll_;
    std::uint64_t begun_ = 0, in_flight_ = 0;
    Outcome outcome_;
};

}  // namespace

Outcome run_load(const Load& load, const NextRequest& next, const OnAnswer& on_answer) {
    return Generator(load, next, on_answer).run();
}

}  // namespace nova::bench

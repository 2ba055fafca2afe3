// A few threads for work that blocks (searches, folds of long histories, argon2), so that no I/O thread ever does. The
// queue is bounded: when it is full the work is refused and the client is told to come again.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace nova::api {

class WorkerPool {
public:
    WorkerPool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max) {
        for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
    }
    ~WorkerPool() { stop(); }

    // False: the queue is full or the pool has stopped. Exceptions of the work must be caught by the work.
    bool submit(std::function<void()> work) {
        {
            std::lock_guard lock(mutex_);
            if (stopping_ || queue_.size() >= queue_max_) return false;
            queue_.push_back(std::move(work));
        }
        wake_.notify_one();
        return true;
    }
    // Does what is queued, then ends.
    void stop() {
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        for (std::thread& thread : threads_)
            if (thread.joinable()) thread.join();
    }

private:
    void run() {
        for (;;) {
            std::function<void()> work;
            {
                std::unique_lock lock(mutex_);
                wake_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
                if (queue_.empty()) return;
                work = std::move(queue_.front());
                queue_.pop_front();
            }
            try {
                work();
            } catch (...) {
                // Work answers for its own failures (offload.h); what still comes here must not end the process.
            }
        }
    }

    const std::size_t queue_max_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace nova::api

#include "api/http/loop.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>

#include "api/http/log.h"

namespace nova::api {

Loop::Loop() : context_(std::make_unique<boost::asio::io_context>(1)) {}
Loop::~Loop() = default;

void Loop::run() {
    thread_ = std::this_thread::get_id();
    context_->run();
    thread_ = std::thread::id{};
}

void Loop::post(std::function<void()> task) {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    waiting_.push_back(std::move(task));
    if (waiting_.size() == 1) boost::asio::post(*context_, [this] { work(); });
}

void Loop::work() {
    std::vector<std::function<void()>> tasks;
    {
        std::lock_guard lock(mutex_);
        tasks.swap(waiting_);
    }
    for (auto& task : tasks) try {
            task();
        } catch (const std::exception& error) {
            log(Level::error, "work posted to the I/O thread failed", {{"error", error.what()}});
        }
}

void Loop::close() {
    std::vector<std::function<void()>> dropped;   // dies after the lock: a task may hold a reply that posts
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
        dropped.swap(waiting_);
    }
}

}  // namespace nova::api

// The one I/O thread's event loop: work from other threads comes in here, and is dropped once the loop has ended.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace nova::api {

class Loop {
public:
    Loop();
    ~Loop();
    boost::asio::io_context& context() { return *context_; }
    // Runs until nothing is left to do; the calling thread is the I/O thread.
    void run();
    // Any thread. Work that comes while other work still waits costs no wake-up of its own.
    void post(std::function<void()>);
    void close();                       // what is posted from now on is dropped, and what waits too
    bool here() const { return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }

private:
    void work();

    std::unique_ptr<boost::asio::io_context> context_;
    std::mutex mutex_;
    std::vector<std::function<void()>> waiting_;
    bool closed_ = false;
    std::atomic<std::thread::id> thread_{};
};

}  // namespace nova::api

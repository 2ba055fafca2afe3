// Bytes that came in and are not yet understood, contiguous. Small while a connection idles, since thousands may.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace nova::api {

class InputBuffer {
public:
    std::string_view data() const { return {bytes_.get() + begin_, end_ - begin_}; }
    std::size_t size() const { return end_ - begin_; }
    bool empty() const { return begin_ == end_; }

    // Room for at least one more byte; grows up to `at_most` and beyond it only by what is needed.
    std::pair<char*, std::size_t> prepare(std::size_t at_most) {
        if (begin_ == end_) begin_ = end_ = 0;
        if (end_ == capacity_) {
            if (begin_ > capacity_ / 2) move_to(capacity_);
            else move_to(std::max<std::size_t>(small, std::min(capacity_ * 2, std::max(at_most, capacity_ + small))));
        }
        return {bytes_.get() + end_, capacity_ - end_};
    }
    void commit(std::size_t n) { end_ += n; }
    void consume(std::size_t n) { begin_ += n; }
    void shrink() {
        if (empty() && capacity_ > small) bytes_.reset(), capacity_ = begin_ = end_ = 0;
    }

private:
    static constexpr std::size_t small = 4096;
    void move_to(std::size_t capacity) {
        std::unique_ptr<char[]> larger(new char[capacity]);
        const auto n = size();
        if (n) std::memcpy(larger.get(), bytes_.get() + begin_, n);
        bytes_ = std::move(larger);
        capacity_ = capacity, begin_ = 0, end_ = n;
    }
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace nova::api

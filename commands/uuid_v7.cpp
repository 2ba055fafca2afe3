#include "commands/uuid_v7.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace nova::commands {
namespace {

constexpr std::uint32_t counter_max = 0xfff;
// A millisecond's counter starts in the lower half, so that at least 2,048 ids fit before time must run ahead.
constexpr std::uint32_t counter_start_max = 0x7ff;

void fill_from_kernel(void* to, std::size_t size) {
    auto* bytes = static_cast<std::uint8_t*>(to);
    while (size > 0) {
        const ssize_t got = ::getrandom(bytes, size, 0);
        if (got < 0) {
            if (errno == EINTR) continue;
            throw std::system_error(errno, std::generic_category(), "getrandom");
        }
        bytes += got;
        size -= static_cast<std::size_t>(got);
    }
}

void write_big_endian(std::uint64_t word, std::uint8_t* to) {
    word = __builtin_bswap64(word);
    __builtin_memcpy(to, &word, sizeof word);
}

}  // namespace

std::uint64_t UuidV7::random_word() {
    if (used_ == random_.size()) {
        fill_from_kernel(random_.data(), sizeof random_);
        used_ = 0;
    }
    // What was given out is wiped: it is half of an id that may be a secret to others.
    return std::exchange(random_[used_++], 0);
}

void UuidV7::advance() {
    const std::int64_t now_ms = clock_().ms;
    if (now_ms > last_ms_) {
        last_ms_ = now_ms;
    } else if (counter_ < counter_max) {
        ++counter_;
        return;
    } else {
        ++last_ms_;
    }
    counter_ = static_cast<std::uint32_t>(random_word()) & counter_start_max;
}

Uuid UuidV7::next() {
    constexpr std::uint64_t version = 7, variant = 0b10;
    advance();
    Uuid id;
    write_big_endian(static_cast<std::uint64_t>(last_ms_) << 16 | version << 12 | counter_, id.bytes.data());
    write_big_endian(variant << 62 | random_word() >> 2, id.bytes.data() + 8);
    return id;
}

}  // namespace nova::commands

// New ids in production: version 7 UUIDs (RFC 9562), each greater than all that this source gave before.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include "domain/kernel/instant.h"
#include "domain/kernel/uuid.h"

namespace nova::commands {

// 48 bits of milliseconds, 12 bits of a counter that starts anew at random in each millisecond, 62 random bits.
// For one thread alone: each writer has its own. Where the clock stands still or is set back the ids still grow: the
// counter goes on, and when it is full the time in the id runs ahead of the clock by a millisecond.
class UuidV7 final : public IdSource {
public:
    using Clock = std::function<Instant()>;
    explicit UuidV7(Clock clock) : clock_(std::move(clock)) {}
    UuidV7(const UuidV7&) = delete;
    UuidV7& operator=(const UuidV7&) = delete;

    Uuid next() override;

private:
    void advance();
    std::uint64_t random_word();

    Clock clock_;
    std::int64_t last_ms_ = -1;
    std::uint32_t counter_ = 0;
    // The kernel is asked for 512 bytes at a time, since a call costs more than the bytes.
    std::array<std::uint64_t, 64> random_{};
    std::size_t used_ = random_.size();
};

}  // namespace nova::commands

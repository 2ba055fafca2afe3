#include "eventstore/sqlite/background_check.h"

#include <sched.h>

#include <chrono>
#include <utility>

#include "eventstore/sqlite/chain_reader.h"

namespace nova::eventstore::sqlite {

BackgroundCheck::BackgroundCheck(std::shared_ptr<LogReaders> readers, std::string log_id, std::uint64_t up_to)
    : thread_(&BackgroundCheck::run, this, std::move(readers), std::move(log_id), up_to) {}

void BackgroundCheck::stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

std::optional<std::string> BackgroundCheck::damage() const {
    const std::lock_guard lock(mutex_);
    return damage_;
}

void BackgroundCheck::found(std::string damage) {
    const std::lock_guard lock(mutex_);
    if (!damage_) damage_ = std::move(damage);
}

void BackgroundCheck::run(std::shared_ptr<LogReaders> readers, std::string log_id, std::uint64_t up_to) {
    using std::chrono::steady_clock;
    sched_param none{};
    sched_setscheduler(0, SCHED_IDLE, &none);  // of this thread; runs when nothing else wants the processor
    try {
        ChainReader reader(std::move(readers), log_id, 0, 0);
        auto began = steady_clock::now();
        for (std::size_t bytes = 0; !stopping_;) {
            const auto commit = reader.next();
            if (!commit || commit->next() >= up_to) return;
            bytes += commit->block.size();
            if (bytes < 4'000'000) continue;
            std::this_thread::sleep_for(steady_clock::now() - began);  // the disk is left to others half of the time
            bytes = 0;
            began = steady_clock::now();
        }
    } catch (const Damaged& damaged) {
        found(damaged.what());
    } catch (const std::exception&) {
        // Closed meanwhile, or not readable now: nothing is proven, and whoever reads the log is told why.
    }
}

}  // namespace nova::eventstore::sqlite

#include "projections/sqlite/readers.h"

#include <chrono>
#include <exception>
#include <thread>

namespace nova::projections::sqlite {

Readers::Readers(std::string file, std::size_t count) : file_(std::move(file)) {
    for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) seats_.push_back(std::make_unique<Seat>());
}

Readers::Lease::Lease(Seat& seat, std::unique_lock<std::mutex> lock)
    : seat_(&seat), lock_(std::move(lock)), unwinding_(std::uncaught_exceptions()) {}

Readers::Lease::~Lease() {
    // After an error the connection may be in any state: the next user begins a transaction of its own.
    if (lock_.owns_lock() && std::uncaught_exceptions() > unwinding_) try {
            end_snapshot(*seat_);
        } catch (...) {
            seat_->connection.reset();
        }
}

// A thread comes back to the connection it used last, whose caches hold what it asks for.
Readers::Lease Readers::lease() {
    static std::atomic<std::size_t> threads{0};
    thread_local const std::size_t own = threads.fetch_add(1);
    if (closed_) const std::lock_guard wait(turnstile_);
    std::unique_lock<std::mutex> lock;
    Seat* seat = nullptr;
    for (std::size_t i = 0; i < seats_.size() && !lock.owns_lock(); ++i) {
        seat = seats_[(own + i) % seats_.size()].get();
        lock = std::unique_lock(seat->busy, std::try_to_lock);
    }
    if (!lock.owns_lock()) {
        seat = seats_[own % seats_.size()].get();
        lock = std::unique_lock(seat->busy);
    }
    if (!seat->connection) seat->connection = std::make_unique<Connection>(file_, Connection::Use::read);
    const std::uint64_t commits = commits_.load(std::memory_order_acquire);
    if (seat->in_snapshot && seat->commits != commits) end_snapshot(*seat);
    if (!seat->in_snapshot) {
        // BEGIN alone takes no snapshot, the first statement does: it comes after `commits` was read, so the snapshot
        // is at least as new as it claims.
        seat->connection->prepare("BEGIN").run();
        seat->in_snapshot = true;
        seat->commits = commits;
    }
    return Lease(*seat, std::move(lock));
}

void Readers::end_snapshot(Seat& seat) {
    if (!std::exchange(seat.in_snapshot, false)) return;
    seat.connection->prepare("COMMIT").run();
}

void Readers::end_old_snapshots() {
    const std::uint64_t commits = commits_.load(std::memory_order_acquire);
    for (auto& seat : seats_) {
        const std::unique_lock lock(seat->busy, std::try_to_lock);
        if (lock.owns_lock() && seat->commits != commits) end_snapshot(*seat);
    }
}

std::vector<std::unique_lock<std::mutex>> Readers::hold_all() {
    const Turnstile turnstile(*this);
    std::vector<std::unique_lock<std::mutex>> held;
    for (auto& seat : seats_) {
        held.emplace_back(seat->busy);
        end_snapshot(*seat);
    }
    return held;
}

std::vector<std::unique_lock<std::mutex>> Readers::try_to_hold_all() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(3);
    const Turnstile turnstile(*this);
    std::vector<std::unique_lock<std::mutex>> held;
    for (auto& seat : seats_) {
        std::unique_lock lock(seat->busy, std::try_to_lock);
        while (!lock.owns_lock()) {
            if (std::chrono::steady_clock::now() > until) return {};
            std::this_thread::yield();
            if (lock.try_lock()) break;
        }
        end_snapshot(*seat);
        held.push_back(std::move(lock));
    }
    return held;
}

void Readers::close() {
    const auto held = hold_all();
    for (auto& seat : seats_) seat->connection.reset();
}

}  // namespace nova::projections::sqlite

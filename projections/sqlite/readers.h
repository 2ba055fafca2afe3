// The connections that queries share. Each keeps its read transaction open from query to query and renews it only when
// something was committed since: beginning one costs more than a point read. This process is the only writer, so its
// own count of commits says exactly when a snapshot is old.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "projections/sqlite/connection.h"

namespace nova::projections::sqlite {

class Readers {
    struct Seat {
        std::mutex busy;
        std::unique_ptr<Connection> connection;   // opened at first use
        bool in_snapshot = false;
        std::uint64_t commits = 0;                // of the snapshot
    };

public:
    Readers(std::string file, std::size_t count);

    // A connection in a snapshot that holds every commit up to now; given back when it goes.
    class Lease {
    public:
        Connection& operator*() const { return *seat_->connection; }
        Connection* operator->() const { return seat_->connection.get(); }
        ~Lease();
    private:
        friend class Readers;
        Lease(Seat&, std::unique_lock<std::mutex>);
        Seat* seat_;
        std::unique_lock<std::mutex> lock_;
        int unwinding_;
    };
    Lease lease();

    // Something changed: the next query of each connection takes a new snapshot.
    void committed() { commits_.fetch_add(1, std::memory_order_release); }
    // Ends the snapshots of idle connections that are older than the last commit: they keep the WAL from starting anew.
    void end_old_snapshots();
    // Keeps every connection out of any snapshot as long as the result lives; waits for running queries.
    std::vector<std::unique_lock<std::mutex>> hold_all();
    // The same without waiting for more than some milliseconds; empty: a long query is running.
    std::vector<std::unique_lock<std::mutex>> try_to_hold_all();
    void close();

private:
    // Who holds all seats passes the turnstile first; queries that begin meanwhile wait before it. Without it a busy
    // reader would take its seat again and again before the one who waits for it.
    class Turnstile {
    public:
        explicit Turnstile(Readers& readers) : readers_(readers), passing_(readers.turnstile_) { readers_.closed_ = true; }
        ~Turnstile() { readers_.closed_ = false; }
    private:
        Readers& readers_;
        std::lock_guard<std::mutex> passing_;
    };
    static void end_snapshot(Seat&);
    std::string file_;
    std::vector<std::unique_ptr<Seat>> seats_;
    std::atomic<std::uint64_t> commits_{1};
    std::mutex turnstile_;
    std::atomic<bool> closed_{false};
};

}  // namespace nova::projections::sqlite

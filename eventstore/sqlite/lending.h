// Connections that read, lent to one thread at a time and kept open between, since opening one costs more than asking it.
#pragma once
#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "eventstore/log.h"

namespace nova::eventstore::sqlite {

template <class Connection>
class Lending : public std::enable_shared_from_this<Lending<Connection>> {
public:
    explicit Lending(std::filesystem::path file) : file_(std::move(file)) {}

    struct GiveBack {
        std::shared_ptr<Lending> owner;
        void operator()(Connection* connection) const { owner->give_back(connection); }
    };
    using Lent = std::unique_ptr<Connection, GiveBack>;

    Lent lend() {
        std::unique_ptr<Connection> connection;
        {
            const std::lock_guard lock(mutex_);
            if (closed_) throw Unavailable("The log is closed.");
            if (!free_.empty()) {
                connection = std::move(free_.back());
                free_.pop_back();
            }
        }
        if (!connection) connection = std::make_unique<Connection>(file_);
        return Lent(connection.release(), GiveBack{this->shared_from_this()});
    }

    // What is lent out is closed when it comes back.
    void close() {
        std::vector<std::unique_ptr<Connection>> closing;
        const std::lock_guard lock(mutex_);
        closed_ = true;
        closing.swap(free_);
    }

private:
    void give_back(Connection* connection) {
        std::unique_ptr<Connection> owned(connection);
        const std::lock_guard lock(mutex_);
        if (!closed_) free_.push_back(std::move(owned));
    }

    std::filesystem::path file_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Connection>> free_;
    bool closed_ = false;
};

}  // namespace nova::eventstore::sqlite

// The text indexes of the tenants that are searched, the least recently used ones dropped when they need too much memory.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "domain/kernel/uuid.h"
#include "projections/text_index.h"

namespace nova::projections {

class TextMemory {
public:
    explicit TextMemory(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    struct Change {
        std::int64_t row;
        bool gone;
        std::string folded;
    };
    // Fills an index with all texts of a tenant, as of a snapshot begun after the call.
    using Load = std::function<void(TextIndex&)>;

    // The tenant's matching rows, ascending. Any thread.
    std::vector<std::int64_t> find(const std::string& table, TenantId, const Search&, const Load&);
    // After the commit of the changes; one thread at a time.
    void changed(const std::string& table, TenantId, std::vector<Change>);
    void drop(const std::string& table);
    std::size_t bytes() const;

private:
    struct Tenant {
        std::shared_mutex lock;            // of `index`
        std::mutex waiting_lock;
        bool loading = true;               // changes wait in `waiting`; guarded by waiting_lock
        bool failed = false;
        std::vector<Change> waiting;
        TextIndex index;
        std::atomic<std::uint64_t> used{0};
        std::size_t counted = 0;           // in bytes_; guarded by lock_
    };
    using Key = std::pair<std::string, TenantId>;
    static void put(TextIndex&, const Change&);
    void count(const Key&, Tenant&, std::size_t bytes);

    mutable std::mutex lock_;              // of the map and the sums
    std::map<Key, std::shared_ptr<Tenant>> tenants_;
    std::size_t bytes_ = 0, bytes_max_;
    std::atomic<std::uint64_t> clock_{0};
};

}  // namespace nova::projections

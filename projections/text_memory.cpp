#include "projections/text_memory.h"

#include <algorithm>
#include <stdexcept>

namespace nova::projections {

void TextMemory::put(TextIndex& index, const Change& change) {
    if (change.gone) index.remove(change.row);
    else index.set(change.row, change.folded);
}

std::vector<std::int64_t> TextMemory::find(const std::string& table, TenantId id, const Search& search,
                                           const Load& load) {
    const Key key{table, id};
    std::shared_ptr<Tenant> tenant;
    std::unique_lock<std::shared_mutex> fresh;
    {
        const std::lock_guard guard(lock_);
        auto& slot = tenants_[key];
        if (!slot) {
            slot = std::make_shared<Tenant>();
            fresh = std::unique_lock(slot->lock);   // others who search this tenant wait for the load
        }
        tenant = slot;
    }
    tenant->used = ++clock_;
    if (fresh.owns_lock()) {
        try {
            load(tenant->index);
        } catch (...) {
            tenant->failed = true;
            const std::lock_guard guard(lock_);
            if (const auto at = tenants_.find(key); at != tenants_.end() && at->second == tenant) tenants_.erase(at);
            throw;
        }
        {
            // What was committed during the load is in the snapshot, or waits here, or both; setting it again is harmless.
            const std::lock_guard guard(tenant->waiting_lock);
            for (const Change& change : tenant->waiting) put(tenant->index, change);
            tenant->waiting = {}, tenant->loading = false;
        }
        const std::size_t bytes = tenant->index.bytes();
        fresh.unlock();
        count(key, *tenant, bytes);
    }
    const std::shared_lock reading(tenant->lock);
    if (tenant->failed) throw std::runtime_error("The texts of this tenant could not be loaded for search.");
    return tenant->index.find(search);
}

void TextMemory::changed(const std::string& table, TenantId id, std::vector<Change> changes) {
    const Key key{table, id};
    std::shared_ptr<Tenant> tenant;
    {
        const std::lock_guard guard(lock_);
        const auto at = tenants_.find(key);
        if (at == tenants_.end()) return;
        tenant = at->second;
    }
    {
        const std::lock_guard guard(tenant->waiting_lock);
        if (tenant->loading) {
            std::move(changes.begin(), changes.end(), std::back_inserter(tenant->waiting));
            return;
        }
    }
    std::size_t bytes;
    {
        const std::unique_lock writing(tenant->lock);
        for (const Change& change : changes) put(tenant->index, change);
        bytes = tenant->index.bytes();
    }
    count(key, *tenant, bytes);
}

void TextMemory::count(const Key& key, Tenant& tenant, std::size_t bytes) {
    const std::lock_guard guard(lock_);
    const auto at = tenants_.find(key);
    if (at == tenants_.end() || at->second.get() != &tenant) return;
    bytes_ += bytes - tenant.counted, tenant.counted = bytes;
    while (bytes_ > bytes_max_ && tenants_.size() > 1) {
        auto oldest = tenants_.end();
        for (auto it = tenants_.begin(); it != tenants_.end(); ++it)
            if (it->second->counted && it->second.get()
                != &tenant && (oldest == tenants_.end() || it->second->used < oldest->second->used)) oldest = it;
        if (oldest == tenants_.end()) return;
        bytes_ -= oldest->second->counted;
        tenants_.erase(oldest);
    }
}

void TextMemory::drop(const std::string& table) {
    const std::lock_guard guard(lock_);
    for (auto it = tenants_.lower_bound({table, {}}); it != tenants_.end() && it->first.first == table;
         it = tenants_.erase(it))
        bytes_ -= it->second->counted;
}

std::size_t TextMemory::bytes() const {
    const std::lock_guard guard(lock_);
    return bytes_;
}

}  // namespace nova::projections

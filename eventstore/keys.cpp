#include "eventstore/keys.h"

#include <sodium.h>

#include <algorithm>
#include <list>
#include <mutex>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace nova::eventstore {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::string_view check_plain = "nova", check_purpose = "nova master key check";

void need_sodium() {
    static const int ready = sodium_init();
    if (ready < 0) throw std::runtime_error("libsodium cannot be used: it found no source of randomness.");
}

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// 32 secret bytes that leave nothing behind in memory.
struct Secret {
    std::array<std::uint8_t, 32> bytes{};
    Secret() = default;
    explicit Secret(const std::array<std::uint8_t, 32>& from) : bytes(from) {}
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    ~Secret() { sodium_memzero(bytes.data(), bytes.size()); }
};

// nonce ‖ ciphertext ‖ tag
std::string boxed(const Secret& key, std::string_view plain, std::string_view purpose) {
    std::string box(nonce_bytes + plain.size() + tag_bytes, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(box.data());
    randombytes_buf(out, nonce_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + nonce_bytes, nullptr, raw(plain), plain.size(), raw(purpose),
                                               purpose.size(), nullptr, out, key.bytes.data());
    return box;
}

bool unboxed(const Secret& key, std::string_view box, std::string_view purpose, unsigned char* out) {
    return box.size() >= nonce_bytes + tag_bytes &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(out, nullptr, nullptr, raw(box) + nonce_bytes,
                                                      box.size() - nonce_bytes, raw(purpose), purpose.size(), raw(box),
                                                      key.bytes.data()) == 0;
}

bool unwrap(const Secret& master, std::string_view subject, std::string_view wrapped, Secret& out) {
    return wrapped.size() == nonce_bytes + out.bytes.size() + tag_bytes &&
           unboxed(master, wrapped, subject, out.bytes.data());
}

struct HashText {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

}  // namespace

std::optional<MasterKey> parse_master_key(std::string_view base64) {
    need_sodium();
    while (!base64.empty() && (base64.back() == '\n' || base64.back() == '\r' || base64.back() == ' '))
        base64.remove_suffix(1);
    while (!base64.empty() && base64.back() == '=') base64.remove_suffix(1);
    MasterKey key;
    std::size_t length = 0;
    const char* end = nullptr;
    const int failed = sodium_base642bin(key.data(), key.size(), base64.data(), base64.size(), nullptr, &length, &end,
                                         sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    if (failed || length != key.size() || end != base64.data() + base64.size()) return std::nullopt;
    return key;
}

std::string random_base64(std::size_t bytes) {
    need_sodium();
    std::vector<unsigned char> random(bytes);
    randombytes_buf(random.data(), bytes);
    std::string text(sodium_base64_encoded_len(bytes, sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), random.data(), bytes, sodium_base64_VARIANT_ORIGINAL);
    sodium_memzero(random.data(), bytes);
    text.pop_back();  // libsodium counts the final zero byte
    return text;
}

std::string master_check(const MasterKey& master) {
    need_sodium();
    return boxed(Secret(master), check_plain, check_purpose);
}

bool fits(const MasterKey& master, std::string_view box) {
    need_sodium();
    unsigned char plain[check_plain.size()];
    return box.size() == nonce_bytes + check_plain.size() + tag_bytes &&
           unboxed(Secret(master), box, check_purpose, plain);
}

bool unwraps(const MasterKey& master, std::string_view subject, std::string_view wrapped) {
    need_sodium();
    Secret key;
    return unwrap(Secret(master), subject, wrapped, key);
}

struct KeyRing::Impl {
    // A key that no append has carried yet, or whose append may still be in flight, must not be forgotten: the table
    // does not know it, and a second key would be made. At most one append a partition is in flight, so a key that
    // was taken `settled_after` takes ago has its outcome.
    static constexpr std::uint64_t not_taken = UINT64_MAX, settled = 0, settled_after = 64;
    struct Known {
        std::string subject;
        Secret key;
        std::uint64_t taken_in = settled;
    };
    using Recent = std::list<Known>;

    Secret master;
    KeyTable& table;
    std::size_t at_most;
    std::mutex mutex;
    Recent recent;  // most recently used first
    std::unordered_map<std::string_view, Recent::iterator, HashText, std::equal_to<>> known;
    std::vector<WrappedKey> made;
    std::uint64_t takes = settled_after;
    std::uint64_t drops = 0;  // a key read from the table before a drop must not be cached after it

    Impl(const MasterKey& key, KeyTable& where, std::size_t count) : master(key), table(where), at_most(count) {}

    void evict() {
        while (recent.size() > at_most) {
            auto last = std::prev(recent.end());
            if (last->taken_in == not_taken || last->taken_in + settled_after > takes) {
                recent.splice(recent.begin(), recent, last);
                return;
            }
            known.erase(last->subject);
            recent.erase(last);
        }
    }

    void remember(std::string_view subject, const Secret& key, std::uint64_t taken_in) {
        recent.push_front({std::string(subject), key, taken_in});
        known.emplace(recent.front().subject, recent.begin());
        evict();
    }

    bool cached(std::string_view subject, Secret& out) {
        const auto found = known.find(subject);
        if (found == known.end()) return false;
        recent.splice(recent.begin(), recent, found->second);
        out = found->second->key;
        return true;
    }

    void forget(std::string_view subject) {
        const auto found = known.find(subject);
        if (found == known.end()) return;
        const auto where = found->second;
        known.erase(found);
        recent.erase(where);
    }

    // The lock is given back while the table is asked: it may read from disk.
    bool find(std::string_view subject, Secret& out, std::unique_lock<std::mutex>& lock) {
        if (cached(subject, out)) return true;
        const std::uint64_t drops_before = drops;
        lock.unlock();
        const auto wrapped = table.wrapped_key(subject);
        if (wrapped && !unwrap(master, subject, *wrapped, out))
            throw Damaged("The key of " + std::string(subject) + " cannot be opened with this MASTER_KEY.");
        lock.lock();
        if (cached(subject, out)) return true;  // made or read meanwhile
        if (wrapped && drops == drops_before) remember(subject, out, settled);
        return wrapped.has_value();
    }
};

KeyRing::KeyRing(const MasterKey& master, KeyTable& table, std::size_t cached_keys) {
    need_sodium();
    impl_ = std::make_unique<Impl>(master, table, std::max<std::size_t>(cached_keys, 1));
}
KeyRing::~KeyRing() = default;

void KeyRing::seal(std::string_view subject, std::string_view plain, const Uuid& event_id, std::string& out) {
    Secret key;
    {
        std::unique_lock lock(impl_->mutex);
        if (!impl_->find(subject, key, lock)) {
            randombytes_buf(key.bytes.data(), key.bytes.size());
            const std::string_view bytes(reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size());
            impl_->made.push_back({std::string(subject), boxed(impl_->master, bytes, subject)});
            impl_->remember(subject, key, Impl::not_taken);
        }
    }
    const std::string box = boxed(key, plain, to_text(event_id));
    const std::size_t with_zero = sodium_base64_encoded_len(box.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.resize(with_zero);
    sodium_bin2base64(out.data(), with_zero, raw(box), box.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.pop_back();
}

std::optional<std::string> KeyRing::open(std::string_view subject, std::string_view base64url, const Uuid& event_id) {
    Secret key;
    {
        std::unique_lock lock(impl_->mutex);
        if (!impl_->find(subject, key, lock)) return std::nullopt;
    }
    std::string box(base64url.size() / 4 * 3 + 3, '\0');
    std::size_t length = 0;
    const char* end = nullptr;
    const int failed =
        sodium_base642bin(reinterpret_cast<unsigned char*>(box.data()), box.size(), base64url.data(), base64url.size(),
                          nullptr, &length, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    box.resize(failed || end != base64url.data() + base64url.size() ? 0 : length);
    std::string plain(box.size() > nonce_bytes + tag_bytes ? box.size() - nonce_bytes - tag_bytes : 0, '\0');
    if (!unboxed(key, box, to_text(event_id), reinterpret_cast<unsigned char*>(plain.data())))
        throw Damaged("What event " + to_text(event_id) + " seals for " + std::string(subject) +
                      " is not what was sealed.");
    return plain;
}

std::vector<WrappedKey> KeyRing::take_new_keys() {
    std::lock_guard lock(impl_->mutex);
    ++impl_->takes;
    for (const WrappedKey& key : impl_->made)
        if (const auto found = impl_->known.find(key.subject); found != impl_->known.end())
            found->second->taken_in = impl_->takes;
    return std::exchange(impl_->made, {});
}

void KeyRing::forget_new(const std::vector<WrappedKey>& keys) {
    std::lock_guard lock(impl_->mutex);
    for (const WrappedKey& key : keys) impl_->forget(key.subject);
}

void KeyRing::drop_cached(std::string_view subject) {
    std::lock_guard lock(impl_->mutex);
    ++impl_->drops;
    impl_->forget(subject);
}

}  // namespace nova::eventstore

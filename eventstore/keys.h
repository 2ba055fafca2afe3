// The persons' keys: 32 random bytes each, wrapped under MASTER_KEY, born in the transaction of the person's first
// event and destroyed when the person is erased. Implements the sealing port of schemas by libsodium.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/kernel/uuid.h"
#include "eventstore/log.h"

namespace nova::eventstore {

using MasterKey = std::array<std::uint8_t, 32>;
std::optional<MasterKey> parse_master_key(std::string_view base64);  // 32 bytes in Base64
std::string random_base64(std::size_t bytes);                        // for secrets made at first start

// A small sealed box that only its own MASTER_KEY opens. The log keeps one, so that a wrong key is refused at start and
// not found out at the first person whose data cannot be read.
std::string master_check(const MasterKey&);
bool fits(const MasterKey&, std::string_view master_check_box);
// Whether a wrapped key of `subject` opens under this key.
bool unwraps(const MasterKey&, std::string_view subject, std::string_view wrapped);

// Where wrapped keys are kept; the SQLite log implements it.
class KeyTable {
public:
    virtual ~KeyTable() = default;
    virtual std::optional<std::string> wrapped_key(std::string_view subject) = 0;  // nullopt: never made, or destroyed
};

// Thread-safe. `schemas::Sealer` and `schemas::Opener` are thin adapters over it (the layers below know no schemas).
class KeyRing {
public:
    KeyRing(const MasterKey&, KeyTable&, std::size_t cached_keys = 65536);
    ~KeyRing();
    // Seals with the subject's key; makes one if there is none. Keys made wait in `take_new_keys` for the append that
    // carries them, and count as existing from now on; `forget_new` undoes that when the append was not done.
    // `out_base64url` is replaced, not appended to. Throws Damaged when the kept key is not one of this MASTER_KEY.
    void seal(std::string_view subject, std::string_view plain, const Uuid& event_id, std::string& out_base64url);
    // nullopt: the key is gone. Throws Damaged when the box is not what was sealed for this subject and this event.
    std::optional<std::string> open(std::string_view subject, std::string_view box_base64url, const Uuid& event_id);
    std::vector<WrappedKey> take_new_keys();
    void forget_new(const std::vector<WrappedKey>&);
    void drop_cached(std::string_view subject);  // after the key was destroyed

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace nova::eventstore

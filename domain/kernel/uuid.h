// A UUID of 16 bytes, and the strong ids made of it. No randomness here: ids are minted by an IdSource.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nova {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const Uuid&) const = default;
    bool is_nil() const { return *this == Uuid{}; }
};

// Lower-case, 36 characters, as RFC 9562 writes it.
std::string to_text(const Uuid&);
void append_text(const Uuid&, std::string& out);
// Accepts upper and lower case; nothing but the 36-character form.
std::optional<Uuid> parse_uuid(std::string_view);

// A UUID that says what it names: a CustomerId never passes for a UserId.
template <class Tag>
struct Id {
    Uuid value{};
    auto operator<=>(const Id&) const = default;
    bool is_nil() const { return value.is_nil(); }
};

template <class Tag>
std::string to_text(const Id<Tag>& id) { return to_text(id.value); }

using TenantId = Id<struct TenantTag>;
using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using AccessId = Id<struct AccessTag>;
using TeamId = Id<struct TeamTag>;
using CustomerId = Id<struct CustomerTag>;
using ImportId = Id<struct ImportTag>;

// Where new ids come from: UUIDv7 in production, a counted sequence in tests.
class IdSource {
public:
    virtual ~IdSource() = default;
    virtual Uuid next() = 0;
};

}  // namespace nova

template <>
struct std::hash<nova::Uuid> {
    // The last eight bytes of a v7 are random, so they hash well as they are.
    std::size_t operator()(const nova::Uuid& id) const noexcept {
        std::uint64_t low;
        __builtin_memcpy(&low, id.bytes.data() + 8, sizeof low);
        return low;
    }
};
template <class Tag>
struct std::hash<nova::Id<Tag>> {
    std::size_t operator()(const nova::Id<Tag>& id) const noexcept { return std::hash<nova::Uuid>{}(id.value); }
};

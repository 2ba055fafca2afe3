#include "domain/kernel/uuid.h"

namespace nova {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";
constexpr std::size_t text_length = 36;

constexpr bool dash_before(std::size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

// The value of every hexadecimal digit, 0xff for all other bytes.
constexpr std::array<std::uint8_t, 256> hex_values = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(0xff);
    for (int d = 0; d < 10; ++d) table['0' + d] = static_cast<std::uint8_t>(d);
    for (int d = 0; d < 6; ++d) table['a' + d] = table['A' + d] = static_cast<std::uint8_t>(10 + d);
    return table;
}();

void write_text(const Uuid& id, char* to) {
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        if (dash_before(i)) *to++ = '-';
        *to++ = hex_digits[id.bytes[i] >> 4];
        *to++ = hex_digits[id.bytes[i] & 15];
    }
}

}  // namespace

std::string to_text(const Uuid& id) {
    std::string out(text_length, '\0');
    write_text(id, out.data());
    return out;
}

void append_text(const Uuid& id, std::string& out) {
    char text[text_length];
    write_text(id, text);
    out.append(text, text_length);
}

std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != text_length) return std::nullopt;
    Uuid id;
    const char* from = text.data();
    // Faults are gathered and looked at once: a value above 15 leaves a bit in the upper half.
    unsigned fault = 0;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        if (dash_before(i)) fault |= *from++ == '-' ? 0u : 0xf0u;
        const unsigned high = hex_values[static_cast<unsigned char>(*from++)];
        const unsigned low = hex_values[static_cast<unsigned char>(*from++)];
        fault |= (high | low) & 0xf0u;
        id.bytes[i] = static_cast<std::uint8_t>(high << 4 | (low & 15));
    }
    if (fault) return std::nullopt;
    return id;
}

}  // namespace nova

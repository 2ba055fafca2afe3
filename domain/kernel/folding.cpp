#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>
#include <cstring>

#include "domain/kernel/text.h"

namespace nova {
namespace {

constexpr char16_t dropped = 0;

constexpr bool is_tashkeel(UChar32 c) {
    return (c >= 0x64b && c <= 0x65f) || c == 0x670 || (c >= 0x610 && c <= 0x61a) || (c >= 0x6d6 && c <= 0x6dc) ||
           (c >= 0x6df && c <= 0x6e4) || c == 0x6e7 || c == 0x6e8 || (c >= 0x6ea && c <= 0x6ed);
}

// Marks that show nothing: zero-width joiners and the marks of direction that keyboards and copied text bring along.
constexpr bool is_invisible(UChar32 c) { return (c >= 0x200b && c <= 0x200f) || c == 0x61c || c == 0xfeff; }

constexpr UChar32 tatweel = 0x640;

UChar32 fold_one(UChar32 c) {
    if (c == 0x622 || c == 0x623 || c == 0x625 || c == 0x671) return 0x627;  // آ أ إ ٱ → ا
    if (c == 0x629) return 0x647;                                            // ة → ه
    if (c == 0x649) return 0x64a;                                            // ى → ي
    if (c >= 0x660 && c <= 0x669) return '0' + (c - 0x660);
    if (c >= 0x6f0 && c <= 0x6f9) return '0' + (c - 0x6f0);
    if (c == tatweel || is_tashkeel(c) || is_invisible(c)) return dropped;
    return u_foldCase(c, U_FOLD_CASE_DEFAULT);
}

// Every character of one or two bytes (Latin, Arabic, Greek, Cyrillic, Hebrew), folded once and for all.
using FoldTable = std::array<char16_t, 0x800>;
const FoldTable& fold_table() {
    static const FoldTable table = [] {
        FoldTable folds{};
        for (UChar32 c = 0; c < 0x800; ++c) folds[static_cast<std::size_t>(c)] = static_cast<char16_t>(fold_one(c));
        return folds;
    }();
    return table;
}

constexpr std::uint64_t high_bits = 0x8080808080808080;

// Eight ASCII bytes at once: 0x20 is added to those from 'A' to 'Z'.
std::uint64_t ascii_lower(std::uint64_t bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    const std::uint64_t from_a = bytes + ones * (0x80 - 'A'), past_z = bytes + ones * (0x80 - 'Z' - 1);
    return bytes + ((from_a & ~past_z & high_bits) >> 2);
}

// The longest fold of a character is half as long again as the character (Ⱥ of two bytes → ⱥ of three).
constexpr std::size_t longest_fold(std::size_t length) { return length + length / 2 + 1; }

// A byte that is not UTF-8 is left out: stored text has none, and a search for one finds nothing anyway.
char* fold_into(std::string_view utf8, char* to) {
    const FoldTable& table = fold_table();
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
    const auto length = static_cast<std::int64_t>(utf8.size());
    auto* out = reinterpret_cast<std::uint8_t*>(to);
    std::int64_t written = 0;
    for (std::int64_t i = 0; i < length;) {
        std::uint64_t eight;
        if (length - i >= 8 && (std::memcpy(&eight, bytes + i, 8), (eight & high_bits) == 0)) {
            eight = ascii_lower(eight);
            std::memcpy(out + written, &eight, 8);
            i += 8;
            written += 8;
            continue;
        }
        UChar32 c;
        U8_NEXT(bytes, i, length, c);
        if (c < 0) continue;
        c = c < 0x800 ? table[static_cast<std::size_t>(c)] : fold_one(c);
        if (c != dropped) U8_APPEND_UNSAFE(out, written, c);
    }
    return to + written;
}

}  // namespace

void append_folded(std::string_view utf8, std::string& out) {
    const std::size_t before = out.size();
    out.resize(before + longest_fold(utf8.size()));
    const char* end = fold_into(utf8, out.data() + before);
    out.resize(static_cast<std::size_t>(end - out.data()));
}

std::string folded(std::string_view utf8) {
    std::string out;
    append_folded(utf8, out);
    return out;
}

std::string with_ascii_digits(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto first = static_cast<unsigned char>(utf8[i]);
        const auto second = i + 1 < utf8.size() ? static_cast<unsigned char>(utf8[i + 1]) : 0u;
        const bool arabic_indic = first == 0xd9 && second >= 0xa0 && second <= 0xa9;  // U+0660–0669
        const bool persian = first == 0xdb && second >= 0xb0 && second <= 0xb9;       // U+06F0–06F9
        if (arabic_indic || persian) {
            out += static_cast<char>('0' + (second & 0x0f));
            ++i;
        } else {
            out += utf8[i];
        }
    }
    return out;
}

}  // namespace nova

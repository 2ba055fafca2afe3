#include "domain/kernel/text.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstring>
#include <stdexcept>

#include "domain/kernel/tags.h"

namespace nova {
namespace {

// What one look at every character of a text finds out.
struct Survey {
    TextFault fault = TextFault::none;
    bool has_bracket = false;    // a '<', so there may be tags
    bool surely_nfc = true;      // all characters are of the ranges below
};

// Ranges in which no character composes with another or moves, so that a text of nothing else is NFC as it stands:
// Latin with its accents, Arabic letters and digits without tashkeel, punctuation, CJK ideographs, emoji.
constexpr bool never_composes(UChar32 c) {
    return c < 0x300 || c == 0x60c || (c >= 0x61b && c <= 0x64a) || (c >= 0x660 && c <= 0x66f) ||
           (c >= 0x671 && c <= 0x6d5) || (c >= 0x2010 && c <= 0x2027) || (c >= 0x4e00 && c <= 0x9fff) ||
           (c >= 0x1f300 && c <= 0x1faff);
}

// Embeddings and isolates are refused with the overrides proper: they too show a text in another order than it is kept.
constexpr bool is_bidi_control(UChar32 c) { return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069); }

constexpr bool is_control(UChar32 c) { return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0); }

// Eight printable ASCII characters without '<', of which there is nothing to find out. Now and then it says no of eight
// that would do: a borrow between bytes costs a closer look, never a fault.
bool is_plain(std::uint64_t eight) {
    constexpr std::uint64_t ones = 0x0101010101010101, high_bits = ones * 0x80;
    const std::uint64_t bracket_is_zero = eight ^ ones * '<';
    const std::uint64_t below_blank = (eight - ones * ' ') & ~eight;
    const std::uint64_t bracket = (bracket_is_zero - ones) & ~bracket_is_zero;
    return ((eight | (eight + ones) | below_blank | bracket) & high_bits) == 0;
}

Survey survey(std::string_view text) {
    Survey found;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto length = static_cast<std::int64_t>(text.size());
    for (std::int64_t i = 0; i < length;) {
        std::uint64_t eight;
        if (length - i >= 8 && (std::memcpy(&eight, bytes + i, 8), is_plain(eight))) {
            i += 8;
            continue;
        }
        UChar32 c;
        U8_NEXT(bytes, i, length, c);
        if (c < 0) return {TextFault::invalid_utf8};
        // A fault of characters is only named when the bytes are known to be text at all.
        if (is_control(c) || is_bidi_control(c)) found.fault = TextFault::control_character;
        found.has_bracket |= c == '<';
        found.surely_nfc &= never_composes(c);
    }
    return found;
}

const icu::Normalizer2& nfc() {
    static const icu::Normalizer2& instance = [&]() -> const icu::Normalizer2& {
        UErrorCode error = U_ZERO_ERROR;
        const icu::Normalizer2* found = icu::Normalizer2::getNFCInstance(error);
        if (U_FAILURE(error)) throw std::runtime_error("ICU has no normalisation data");
        return *found;
    }();
    return instance;
}

icu::StringPiece piece(std::string_view text) { return {text.data(), static_cast<std::int32_t>(text.size())}; }

bool is_nfc(std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    const bool normal = nfc().isNormalizedUTF8(piece(text), error);
    return normal && U_SUCCESS(error);
}

std::string as_nfc(std::string_view text) {
    std::string out;
    icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(text.size()));
    UErrorCode error = U_ZERO_ERROR;
    nfc().normalizeUTF8(0, piece(text), sink, nullptr, error);
    if (U_FAILURE(error)) throw std::runtime_error("ICU could not normalise a text");
    return out;
}

// White space, and the two characters without width that people paste in unawares.
bool is_blank(UChar32 c) { return c <= ' ' || (c >= 0xa0 && (u_isUWhiteSpace(c) || c == 0x200b || c == 0xfeff)); }

std::string_view trimmed(std::string_view text) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    // ICU counts bytes in 32 bits here; no text that a person writes comes near that.
    const auto length = static_cast<std::int32_t>(text.size());
    std::int32_t start = 0, end = length;
    for (std::int32_t next = 0; next < length; start = next) {
        UChar32 c;
        U8_NEXT(bytes, next, length, c);
        if (!is_blank(c)) break;
    }
    for (std::int32_t before = end; before > start; end = before) {
        UChar32 c;
        U8_PREV(bytes, start, before, c);
        if (!is_blank(c)) break;
    }
    return text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start));
}

}  // namespace

TextFault clean_text(std::string_view given, std::string& out) {
    const Survey found = survey(given);
    if (found.fault != TextFault::none) return found.fault;
    std::string changed;
    std::string_view text = given;
    // Normalised before tags are looked for, because only then may there be a tag: the kelvin sign becomes a K.
    if (!found.surely_nfc && !is_nfc(text)) text = changed = as_nfc(text);
    if (found.has_bracket) {
        text = changed = without_tags(text);
        // A letter and its accent may only now have come together.
        if (!found.surely_nfc && !is_nfc(text)) text = changed = as_nfc(text);
    }
    out.assign(trimmed(text));
    return TextFault::none;
}

std::optional<std::size_t> first_utf8_fault(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        UChar32 c;
        U8_NEXT(text.data(), at, text.size(), c);
        if (c < 0) return start;
    }
    return std::nullopt;
}

std::size_t length_in_characters(std::string_view utf8) {
    std::size_t count = 0;
    for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    return count;
}

}  // namespace nova

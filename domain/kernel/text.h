// Text as people write it: cleaned once when it comes in, never altered afterwards; and its folded form for
// search and comparison, in which spelling variants of Arabic and the case of Latin letters are one.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nova {

// A text of Min to Max characters (code points after cleaning).
template <std::size_t Min, std::size_t Max>
struct Text {
    static constexpr std::size_t min = Min, max = Max;
    std::string value;
    bool operator==(const Text&) const = default;
};

// A list that a person writes: at most Max entries.
template <class T, std::size_t Max>
struct List {
    static constexpr std::size_t max = Max;
    std::vector<T> values;
    bool operator==(const List&) const = default;
};

// A JSON object whose members nobody but its writer knows, as canonical JSON text; at most MaxBytes of it.
template <std::size_t MaxBytes>
struct JsonObject {
    static constexpr std::size_t max_bytes = MaxBytes;
    std::string text = "{}";
    bool operator==(const JsonObject&) const = default;
};

enum class TextFault { none, invalid_utf8, control_character };

// NFC, HTML tags removed (text between stays; <script> and <style> with their content), white space at both ends
// cut off. Control characters but line feed and tab, and characters that turn the direction of text (overrides,
// embeddings, isolates), are a fault and `out` is untouched. `given` may be a view of `out`.
TextFault clean_text(std::string_view given, std::string& out);

// The first byte that is no UTF-8; none if all of it is.
std::optional<std::size_t> first_utf8_fault(std::string_view);

// Code points of valid UTF-8.
std::size_t length_in_characters(std::string_view utf8);

// أ إ آ ٱ → ا, ة → ه, ى → ي; without tashkeel, tatweel and marks without width (joiners, marks of direction);
// Arabic-Indic and Persian digits as ASCII; letters with case folded.
std::string folded(std::string_view utf8);
void append_folded(std::string_view utf8, std::string& out);

// Arabic-Indic and Persian digits as ASCII digits; all else as it is.
std::string with_ascii_digits(std::string_view utf8);

}  // namespace nova

#include <doctest/doctest.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <string>

#include "domain/kernel/text.h"

using namespace nova;

namespace {

struct Cleaning {
    const char *given, *expected;
};

std::string cleaned(std::string_view given) {
    std::string out = "untouched";
    REQUIRE(clean_text(given, out) == TextFault::none);
    return out;
}

TextFault fault_of(std::string_view given) {
    std::string out = "untouched";
    const TextFault fault = clean_text(given, out);
    if (fault != TextFault::none) CHECK(out == "untouched");
    return fault;
}

std::string utf8_of(UChar32 c) {
    char bytes[U8_MAX_LENGTH];
    int size = 0;
    U8_APPEND_UNSAFE(bytes, size, c);
    return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("text: white space at both ends is cut off, all else of plain text stays") {
    for (const auto& [given, expected] : {
             Cleaning{"", ""},
             Cleaning{"   ", ""},
             Cleaning{"  Ahmad Ali \n", "Ahmad Ali"},
             Cleaning{"\tline one\nline  two\t", "line one\nline  two"},
             Cleaning{" محمد العتيبي ", "محمد العتيبي"},
             Cleaning{"\u00a0\u2003محمد\u3000\u2028", "محمد"},
             Cleaning{"\ufeffمحمد\u200b", "محمد"},
             Cleaning{"' OR 1=1 --", "' OR 1=1 --"},
             Cleaning{"شقة ٣ غرف 🏠👨‍👩‍👧", "شقة ٣ غرف 🏠👨‍👩‍👧"},
             Cleaning{"مُحَمَّد", "مُحَمَّد"},
             Cleaning{"مي\u200cخواهم \u200fx", "مي\u200cخواهم \u200fx"},
         }) {
        CAPTURE(given);
        CHECK(cleaned(given) == expected);
    }
}

TEST_CASE("text: normal form C") {
    for (const auto& [given, expected] : {
             Cleaning{"Cafe\u0301", "Caf\u00e9"},
             Cleaning{"ا\u0653", "آ"},
             Cleaning{"ا\u0654", "أ"},
             Cleaning{"ا\u0655", "إ"},
             Cleaning{"و\u0654 ي\u0654", "ؤ ئ"},
             Cleaning{"\u212b", "\u00c5"},
             Cleaning{"م\u0651\u064e", "م\u064e\u0651"},  // fatha goes before shadda in the canonical order
             Cleaning{"\u1112\u1161\u11ab", "\ud55c"},
             Cleaning{"ﷲ ﻻ", "ﷲ ﻻ"},  // compatibility forms are another matter
         }) {
        CAPTURE(given);
        CHECK(cleaned(given) == expected);
    }
}

TEST_CASE("text: tags go, what stands between them stays") {
    for (const auto& [given, expected] : {
             Cleaning{"<b>x</b>", "x"},
             Cleaning{"<p class=\"a\">محمد</p> <br/>علي", "محمد علي"},
             Cleaning{"<script>alert(1)</script>", ""},
             Cleaning{"a<script src=x>alert('<b>')</script >b", "ab"},
             Cleaning{"a<SCRIPT>x</ScRiPt>b", "ab"},
             Cleaning{"a<style>p{color:red}</style>b", "ab"},
             Cleaning{"a<script>never closed", "a"},
             Cleaning{"a<script>x</scripty></script>b", "ab"},
             Cleaning{"a<scripts>b</scripts>c", "abc"},
             Cleaning{"a<!-- x > y <b> -->b", "ab"},
             Cleaning{"a<!-->b", "ab"},
             Cleaning{"a<!-- never closed", "a<!-- never closed"},
             Cleaning{"<!DOCTYPE html>a<?php echo ?>b", "ab"},
             Cleaning{"a</>b</ c>d", "abd"},
             Cleaning{"<img src=x onerror=alert(1)>y", "y"},
             Cleaning{"y<img src=x onerror=alert(1) ", "y"},
             Cleaning{"y<svg/onload=alert(1)//", "y"},
             Cleaning{"<a\nhref='x'\n>z</a\n>", "z"},
             Cleaning{"  <b> x </b>  ", "x"},
             Cleaning{"e<b>\u0301</b>", "\u00e9"},
             Cleaning{"<\u212a>x", "x"},
         }) {
        CAPTURE(given);
        CHECK(cleaned(given) == expected);
    }
}

TEST_CASE("text: a tag is found wherever it stands") {
    for (std::size_t before = 0; before < 18; ++before)
        for (std::size_t after = 0; after < 18; ++after) {
            const std::string left(before, '='), right(after, '~');
            CHECK(cleaned(left + "<b>" + right) == left + right);
        }
}

TEST_CASE("text: a '<' that opens no tag stays") {
    for (const char* text : {"a < b", "a < b and c > d", "<3", "x<5 and y>3", "<", "a<", ">", "<>", "<<>>",
                             "a <= b => c", "<خمسة>", "if a <b", "&lt;script&gt;", "1 << 2", "السعر < 500 ألف"}) {
        CAPTURE(text);
        CHECK(cleaned(text) == text);
    }
}

TEST_CASE("text: taking a tag away never makes another one") {
    for (const auto& [given, expected] : {
             Cleaning{"<<b>script>alert(1)<<b>/script>", ""},
             Cleaning{"<<b><i>u>x", "x"},
             Cleaning{"<<<b>i>u>x", "x"},
             Cleaning{"<scr<script>ipt>alert(1)</scr</script>ipt>", "ipt>alert(1)ipt>"},
             Cleaning{"<<!-- -->b>x", "x"},
             Cleaning{"<<script></script>b>x", "x"},
             Cleaning{"<<b> c", "< c"},
             Cleaning{"a <<b>img src=x onerror=y", "a"},
         }) {
        CAPTURE(given);
        CHECK(cleaned(given) == expected);
        CHECK(cleaned(expected) == expected);
    }
    // All texts of eight of these signs: what is left is clean, and cleaning it again changes nothing.
    constexpr std::string_view signs = "<>b/! ";
    for (std::size_t number = 0; number < 1679616; number += 1) {
        std::string text;
        for (std::size_t rest = number, i = 0; i < 8; ++i, rest /= signs.size()) text += signs[rest % signs.size()];
        std::string once, twice;
        clean_text(text, once);
        clean_text(once, twice);
        if (once != twice) FAIL(text, " → ", once, " → ", twice);
        const auto open = std::min({once.find("<b"), once.find("</"), once.find("<!")});
        if (open != std::string::npos && once.find('>', open) != std::string::npos) FAIL(text, " → ", once);
    }
}

TEST_CASE("text: hostile input takes time in proportion to its length") {
    for (const std::string_view unit : {"<", "<!--", "<b", "</", "<script", "<<b>", "<script></", "<a=", "-->", "<!"}) {
        std::string text;
        while (text.size() < 2'000'000) text += unit;
        std::string out;
        CHECK(clean_text(text, out) == TextFault::none);  // a quadratic reading would take minutes
    }
    std::string nested(400'000, '<');
    for (int i = 0; i < 400'000; ++i) nested += "b>";
    std::string out;
    CHECK(clean_text(nested, out) == TextFault::none);
    CHECK(out.empty());
}

TEST_CASE("text: control characters and those that turn the direction are refused") {
    for (int c = 0; c < 0xa0; ++c) {
        const bool control = (c < 0x20 && c != '\n' && c != '\t') || c >= 0x7f;
        CAPTURE(c);
        const TextFault expected = control ? TextFault::control_character : TextFault::none;
        for (std::size_t before = 0; before < 18; ++before)
            CHECK(fault_of(std::string(before, 'a') + utf8_of(c) + "12345678~") == expected);
    }
    for (const UChar32 c : {0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069}) {
        CAPTURE(c);
        CHECK(fault_of("محمد" + utf8_of(c) + "x") == TextFault::control_character);
    }
    for (const UChar32 c : {0x200c, 0x200d, 0x200e, 0x200f, 0x61c, 0x2029, 0x2070, 0x2065}) {
        CAPTURE(c);
        CHECK(fault_of("محمد" + utf8_of(c) + "x") == TextFault::none);
    }
    CHECK(fault_of("<b\x01>") == TextFault::control_character);
    CHECK(fault_of(std::string_view("a\0b", 3)) == TextFault::control_character);
    CHECK(fault_of("a\r\nb") == TextFault::control_character);
}

TEST_CASE("text: bytes that are not UTF-8 are refused, also behind a control character") {
    for (const char* text :
         {"\x80", "a\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xff", "\xd9", "\xe2\x82", "\xf0\x9f\x8f", "\xc3(", "\x01\xff"}) {
        CAPTURE(text);
        CHECK(fault_of(text) == TextFault::invalid_utf8);
    }
}

TEST_CASE("text: given and result may be one string") {
    std::string text = "  <b>محمد</b>  ";
    CHECK(clean_text(text, text) == TextFault::none);
    CHECK(text == "محمد");
    text = "   a text that is longer than any short string is kept ";
    CHECK(clean_text(text, text) == TextFault::none);
    CHECK(text == "a text that is longer than any short string is kept");
}

TEST_CASE("text: every character comes out as ICU normalises it, alone, after itself, after letters and with marks") {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2& nfc = *icu::Normalizer2::getNFCInstance(error);
    REQUIRE(U_SUCCESS(error));
    for (UChar32 c = 0xa0; c <= 0x2ffff; ++c) {
        if (U_IS_SURROGATE(c)) continue;
        const std::string it = utf8_of(c);
        // Only the last holds a mark that is known as one, so the others show what is taken for normal at first sight.
        for (const std::string& given :
             {"." + it + ".", "." + it + it + ".", "o" + it + ".", "ا" + it + ".", "ي" + it + "\u0651.\u0327."}) {
            std::string out, expected;
            if (clean_text(given, out) != TextFault::none) continue;
            icu::StringByteSink<std::string> sink(&expected);
            nfc.normalizeUTF8(0, given, sink, nullptr, error);
            if (out != expected) FAIL("code point ", c, " in ", given);
        }
    }
}

TEST_CASE("text: length counts code points") {
    CHECK(length_in_characters("") == 0);
    CHECK(length_in_characters("abc") == 3);
    CHECK(length_in_characters("محمد") == 4);
    CHECK(length_in_characters("مُحَمَّد") == 8);
    CHECK(length_in_characters("é€🏠") == 3);
    CHECK(length_in_characters("👨‍👩‍👧") == 5);
}

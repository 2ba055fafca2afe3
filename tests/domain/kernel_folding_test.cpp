#include <doctest/doctest.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "domain/kernel/text.h"

using namespace nova;

namespace {
struct Folding {
    const char *given, *expected;
};
}  // namespace

TEST_CASE("folding: the spelling variants of Arabic are one") {
    for (const auto& [given, expected] : {
             Folding{"أحمد إبراهيم آل ٱلسعود", "احمد ابراهيم ال السعود"},
             Folding{"فاطمة", "فاطمه"},
             Folding{"مصطفى", "مصطفي"},
             Folding{"مُحَمَّدٌ", "محمد"},
             Folding{"محـــمد", "محمد"},
             Folding{"رحمٰن", "رحمن"},
             Folding{"شقة ٣ غرف ۱۲۳", "شقه 3 غرف 123"},
             Folding{"٠١٢٣٤٥٦٧٨٩", "0123456789"},
             Folding{"۰۱۲۳۴۵۶۷۸۹", "0123456789"},
             Folding{"ؤئء", "ؤئء"},
             Folding{"الرياض\u200f", "الرياض"},
             Folding{"ـ", ""},
         }) {
        CAPTURE(given);
        CHECK(folded(given) == expected);
    }
}

TEST_CASE("folding: Latin and other letters with case are one in both cases") {
    for (const auto& [given, expected] : {
             Folding{"", ""},
             Folding{"ABCXYZ abcxyz", "abcxyz abcxyz"},
             Folding{"@[`{ AZ az 019", "@[`{ az az 019"},
             Folding{"Ahmad AL-OTAIBI, Riyadh 2026", "ahmad al-otaibi, riyadh 2026"},
             Folding{"ÉCOLE Ünal ŞİRKET", "école ünal şİrket"},
             Folding{"ΑΘΗΝΑ МОСКВА", "αθηνα москва"},
             Folding{"Ⱥ", "ⱥ"},
             Folding{"ẞ Ａ", "ß ａ"},
             Folding{"🏠 Villa فيلا", "🏠 villa فيلا"},
         }) {
        CAPTURE(given);
        CHECK(folded(given) == expected);
    }
}

TEST_CASE("folding: appends behind what is there; bytes that are not UTF-8 are left out") {
    std::string out = "x ";
    append_folded("أبو ALI", out);
    CHECK(out == "x ابو ali");
    CHECK(folded("a\xff" "B\xd9") == "ab");
    CHECK(folded("\xf0\x9f") == "");
}

TEST_CASE("folding: long runs and every alignment of ASCII fold as single letters do") {
    for (std::size_t offset = 0; offset < 9; ++offset) {
        std::string given(offset, 'Z'), expected(offset, 'z');
        for (int c = 1; c < 0x80; ++c) {
            given += static_cast<char>(c);
            expected += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
        }
        CHECK(folded(given) == expected);
        CHECK(folded("م" + given + "م") == "م" + expected + "م");
    }
}

TEST_CASE("folding: twice is as once, for every character, and none folds to more room than is reserved") {
    for (UChar32 c = 1; c <= 0x10ffff; ++c) {
        if (U_IS_SURROGATE(c)) continue;
        char bytes[U8_MAX_LENGTH];
        int size = 0;
        U8_APPEND_UNSAFE(bytes, size, c);
        const std::string once = folded({bytes, static_cast<std::size_t>(size)});
        if (folded(once) != once) FAIL("code point ", c);
        if (once.size() > static_cast<std::size_t>(size) + static_cast<std::size_t>(size) / 2) FAIL("code point ", c);
    }
}

TEST_CASE("digits: Arabic-Indic and Persian ones become ASCII, all else stays") {
    CHECK(with_ascii_digits("٠٥٥١٢٣٤٥٦٧") == "0551234567");
    CHECK(with_ascii_digits("۰۵۵-۱۲") == "055-12");
    CHECK(with_ascii_digits("هاتف ٥ و5 A") == "هاتف 5 و5 A");
    CHECK(with_ascii_digits("\xd9") == "\xd9");
    CHECK(with_ascii_digits("ـ٪٫ۺ") == "ـ٪٫ۺ");
}

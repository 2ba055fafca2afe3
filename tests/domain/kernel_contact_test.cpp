#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "domain/kernel/contact.h"

using namespace nova;

namespace {
struct Sample {
    const char *typed, *expected;
};
}  // namespace

TEST_CASE("phone: the Saudi forms are one number and keep their text") {
    for (const char* typed :
         {"0551234567", "551234567", "966551234567", "+966551234567", "00966551234567", "055 123 4567",
          "+966 55 123 4567", "+966-55-123-4567", "(055) 123.4567", "055\u00a0123\u00a04567", "٠٥٥١٢٣٤٥٦٧",
          "+٩٦٦٥٥١٢٣٤٥٦٧", "٠٠٩٦٦ ٥٥ ١٢٣ ٤٥٦٧", "۰۵۵۱۲۳۴۵۶۷", "٠55123٤567"}) {
        CAPTURE(typed);
        const auto phone = parse_phone(typed);
        REQUIRE(phone);
        CHECK(phone->e164 == "+966551234567");
        CHECK(phone->text == typed);
    }
    // By their pattern alone: no operator has to own the number.
    CHECK(parse_phone("0500000000")->e164 == "+966500000000");
    CHECK(parse_phone("0599999999")->e164 == "+966599999999");
    CHECK(parse_phone("  0551234567 ")->text == "0551234567");
}

TEST_CASE("phone: numbers of other countries in international form") {
    for (const auto& [typed, e164] : {
             Sample{"+14155552671", "+14155552671"},        // United States
             Sample{"0014155552671", "+14155552671"},
             Sample{"+1 (415) 555-2671", "+14155552671"},
             Sample{"+971501234567", "+971501234567"},      // Emirates
             Sample{"+٩٧١٥٠١٢٣٤٥٦٧", "+971501234567"},
             Sample{"+201001234567", "+201001234567"},      // Egypt
             Sample{"+442079460958", "+442079460958"},      // landlines: London
             Sample{"+44 (0)20 7946 0958", "+442079460958"},
             Sample{"+33142685300", "+33142685300"},        // Paris
             Sample{"+4930901820", "+4930901820"},          // Berlin
             Sample{"+390669812345", "+390669812345"},      // Rome, where the 0 is dialled
             Sample{"+97142345678", "+97142345678"},        // Dubai
             Sample{"+966112345678", "+966112345678"},      // Riyadh
         }) {
        CAPTURE(typed);
        const auto phone = parse_phone(typed);
        REQUIRE(phone);
        CHECK(phone->e164 == e164);
        CHECK(phone->text == typed);
    }
}

TEST_CASE("phone: what is no number of these forms is refused") {
    for (const char* typed : {"",
                              " ",
                              "123",
                              "+",
                              "+123",
                              "00",
                              "055123456",
                              "05512345678",
                              "0451234567",
                              "55123456",
                              "5512345678",
                              "96655123456",
                              "9665512345678",
                              "+96655123456",
                              "+9665512345678",
                              "0096655123456",
                              "966451234567",
                              "14155552671",
                              "971501234567",
                              "+999123456789",
                              "+1415555267",
                              "+1415FLOWERS",
                              "055123456a",
                              "0551234567 ext 5",
                              "0551234567x5",
                              "tel:+14155552671",
                              "05512+34567",
                              "++14155552671",
                              "0551234567;0551234568",
                              "0551234567\n",
                              "\u202a0551234567\u202c",
                              "phone",
                              "هاتف",
                              "+1234567890123456",
                              "0551234567\xff",
                              "<b>0551234567</b>"}) {
        CAPTURE(typed);
        CHECK_FALSE(parse_phone(typed));
    }
}

TEST_CASE("phone: read back from the log it keeps its text whatever it is") {
    CHECK(stored_phone("0551234567").e164 == "+966551234567");
    CHECK(stored_phone("+1 415 555 2671").e164 == "+14155552671");
    CHECK(stored_phone("+44 (0)20 7946 0958").e164 == parse_phone("+44 (0)20 7946 0958")->e164);
    CHECK(stored_phone("no number").text == "no number");
    CHECK(stored_phone("no number").e164.empty());
    CHECK(stored_phone("").e164.empty());
}

TEST_CASE("phone: part of a number, for search") {
    for (const auto& [typed, digits] : {
             Sample{"055 12", "9665512"},
             Sample{"٠٥٥ ١٢", "9665512"},
             Sample{"0551234567", "966551234567"},
             Sample{"551", "551"},
             Sample{"+966551234567", "966551234567"},
             Sample{"+96655", "96655"},
             Sample{"00966551", "966551"},
             Sample{"0096655", "96655"},
             Sample{"4567", "4567"},
             Sample{"+1 (415)", "1415"},
             Sample{"0114", "0114"},
             Sample{"0001", "0001"},
             Sample{"00 12", "0012"},
             Sample{"00 123", "123"},
             Sample{"055", "96655"},
             Sample{"05", ""},
             Sample{"12", ""},
             Sample{"+12", ""},
             Sample{"", ""},
             Sample{"محمد", ""},
             Sample{"055 ali", ""},
             Sample{"123456789012345678", ""},
         }) {
        CAPTURE(typed);
        CHECK(phone_search_digits(typed) == digits);
    }
}

TEST_CASE("phone: many threads may ask at once") {
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i)
                right += parse_phone("+14155552671") && !parse_phone("+123") && parse_phone("+971501234567");
        });
    for (auto& thread : threads) thread.join();
    CHECK(right == 200);
}

TEST_CASE("e-mail: one @, a domain with a dot, and nothing that could break a header") {
    const std::string local(241, 'a');
    for (const std::string& text :
         {std::string("test@nova.com"), std::string("Ahmad.Ali+crm@Mail.Example.co"), std::string("a@b.sa"),
          std::string("o'neil_%-#@x-y.example"), std::string("أحمد@مثال.السعودية"), std::string("1@1.1a"),
          local + "@example.com" + "m"}) {
        CAPTURE(text);
        const auto email = parse_email(text);
        REQUIRE(email);
        CHECK(email->text == text);
    }
    for (const std::string& text : {std::string(""),
                                    std::string("@"),
                                    std::string("a"),
                                    std::string("a@b"),
                                    std::string("@b.com"),
                                    std::string("a@"),
                                    std::string("a@@b.com"),
                                    std::string("a@b@c.com"),
                                    std::string("a b@c.com"),
                                    std::string("a@b .com"),
                                    std::string(" a@b.com"),
                                    std::string("a@b.com "),
                                    std::string("a@b.com\n"),
                                    std::string("a@b.com\r\nBcc: x@y.com"),
                                    std::string("a\t@b.com"),
                                    std::string("a@.com"),
                                    std::string("a@b."),
                                    std::string("a@b..com"),
                                    std::string("a@-b.com"),
                                    std::string("a@b-.com"),
                                    std::string("a@b_c.com"),
                                    std::string("a..b@c.com"),
                                    std::string(".a@c.com"),
                                    std::string("a.@c.com"),
                                    std::string("<a@b.com>"),
                                    std::string("A<a@b.com"),
                                    std::string("a,b@c.com"),
                                    std::string("a;b@c.com"),
                                    std::string("\"a b\"@c.com"),
                                    std::string("a\u00a0b@c.com"),
                                    std::string("a\u2028@c.com"),
                                    std::string("a\u202e@c.com"),
                                    std::string("a\u200b@c.com"),
                                    std::string("a\x7f@c.com"),
                                    std::string("a\u0085@c.com"),
                                    std::string("a\xff@c.com"),
                                    std::string("a@b.com\0", 8),
                                    std::string("a@[127.0.0.1]"),
                                    "a@" + std::string(64, 'b') + ".com",
                                    local + "@example.comms"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_email(text));
    }
}

TEST_CASE("e-mail: compared without case, kept as given") {
    CHECK(parse_email("Test@NOVA.com")->key() == "test@nova.com");
    CHECK(parse_email("Test@NOVA.com")->text == "Test@NOVA.com");
    CHECK(Email{"É@x.com"}.key() == Email{"é@X.com"}.key());
    CHECK(Email{"e\u0301@x.com"}.key() == Email{"É@x.com"}.key());
    CHECK(Email{"أحمد@مثال.السعودية"}.key() == "أحمد@مثال.السعودية");
}

#include "tests/bench/people.h"

#include <array>
#include <cstdio>
#include <string_view>

namespace nova::bench {
namespace {

constexpr std::array<std::string_view, 12> first_names{
    "محمد", "عبدالله", "سارة", "نورة", "فهد", "خالد", "ريم", "سلطان", "هند", "تركي", "لطيفة", "بدر"};
constexpr std::array<std::string_view, 10> family_names{
    "العتيبي", "القحطاني", "الدوسري", "الشمري", "الحربي", "المطيري", "الغامدي", "الزهراني", "السبيعي", "العنزي"};
constexpr std::array<std::string_view, 8> districts{
    "الملقا", "حطين", "الياسمين", "النرجس", "العارض", "الصحافة", "القيروان", "الربيع"};
constexpr std::array<std::string_view, 6> categories{"مشتري", "بائع", "مستأجر", "مؤجر", "مالك", "مستثمر"};
constexpr std::array<std::string_view, 3> interests{"ساخن", "دافئ", "بارد"};
constexpr std::array<std::string_view, 6> sources{"إحالة", "موقع", "إعلان", "زيارة", "اتصال", "تواصل اجتماعي"};

// Neighbouring numbers shall not be neighbouring people.
std::uint64_t scattered(std::uint64_t number) {
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9ULL;
    number = (number ^ (number >> 27)) * 0x94d049bb133111ebULL;
    return number ^ (number >> 31);
}

template <std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& from, std::uint64_t by) {
    return from[by % N];
}

void put(std::string& out, std::string_view name, std::string_view text) {
    out.append("\"").append(name).append("\":\"").append(text).append("\",");
}

}  // namespace

void put_customer(std::string& out, std::uint64_t number) {
    const std::uint64_t r = scattered(number);
    char digits[16];
    std::snprintf(digits, sizeof digits, "%08llu", static_cast<unsigned long long>(number % 100'000'000));
    const auto budget = 400'000 + r / 7 % 40 * 50'000;
    out += '{';
    out.append("\"name\":\"").append(pick(first_names, r)).append(" ").append(pick(family_names, r >> 8)).append("\",");
    put(out, "phone", std::string("+9665") + digits);
    put(out, "email", "customer" + std::to_string(number) + "@example.com");
    put(out, "type", "INDIVIDUAL");
    put(out, "category", pick(categories, r >> 16));
    put(out, "interestLevel", pick(interests, r >> 24));
    put(out, "source", pick(sources, r >> 32));
    out.append("\"budgetMin\":")
        .append(std::to_string(budget))
        .append(",\"budgetMax\":")
        .append(std::to_string(budget * 3 / 2));
    out.append(",\"preferredCities\":[\"الرياض\"],\"preferredDistricts\":[\"")
        .append(pick(districts, r >> 40))
        .append("\",\"");
    out.append(pick(districts, (r >> 40) + 1)).append("\"],\"tags\":[\"جاد\"],");
    out.append("\"notes\":\"يبحث عن فيلا دور أول قريبة من المدارس، الدفع نقداً أو بتمويل، يفضل التواصل مساءً.\"}");
}

void put_change(std::string& out, std::uint64_t number) {
    if (number % 2 == 0)
        out.append("{\"notes\":\"اتصلنا به، الموعد القادم رقم ").append(std::to_string(number)).append("\"}");
    else
        out.append("{\"budgetMin\":")
            .append(std::to_string(500'000 + number % 100'000))
            .append(",\"budgetMax\":9000000}");
}

std::string search_words(std::uint64_t number) {
    const std::uint64_t r = scattered(number);
    std::string words(pick(first_names, r));
    words.append(" ").append(pick(family_names, r >> 8));
    std::string encoded;
    for (const unsigned char c : words) {
        char hex[4];
        std::snprintf(hex, sizeof hex, "%%%02X", c);
        encoded += hex;
    }
    return encoded;
}

}  // namespace nova::bench

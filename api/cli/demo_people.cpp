#include "api/cli/demo_people.h"

#include <array>
#include <string_view>

namespace nova::cli {
namespace {

using namespace customers::customer;

constexpr std::array first_names{"محمد", "عبدالله", "فهد", "سعود", "خالد",  "تركي",   "بندر", "ماجد",
                                 "سارة", "نورة",    "ريم", "هند",  "لطيفة", "العنود", "أمل",  "منيرة"};
constexpr std::array family_names{"العتيبي", "القحطاني", "الدوسري", "الشمري",  "الحربي", "المطيري",
                                  "الغامدي", "الزهراني", "السبيعي", "التميمي", "العنزي", "الشهري"};
constexpr std::array categories{"مشتري", "بائع", "مستأجر", "مؤجر", "مالك", "مستثمر"};
constexpr std::array interest{"ساخن", "دافئ", "بارد"};
constexpr std::array sources{"إحالة", "موقع", "إعلان", "زيارة", "اتصال", "تواصل اجتماعي"};
constexpr std::array property_types{"فيلا", "شقة", "دوبلكس", "أرض", "عمارة", "مكتب"};
constexpr std::array tags{"جاد", "تمويل", "عاجل", "عائلة", "استثمار", "حديقة", "قريب من المدارس"};
constexpr std::array notes{"يفضل الواجهة الشمالية", "يريد مجلساً واسعاً وحديقة", "جاهز للشراء نقداً", "ينتظر موافقة البنك",
                           "زار ثلاث وحدات ولم يقرر"};

struct City {
    const char* name;
    std::array<const char*, 6> districts;
};
constexpr std::array<City, 4> cities{{
    {"الرياض", {"الملقا", "حطين", "النرجس", "الياسمين", "العليا", "السليمانية"}},
    {"جدة", {"الشاطئ", "الروضة", "السلامة", "النعيم", "أبحر الشمالية", "المرجان"}},
    {"الدمام", {"الفيصلية", "الشاطئ الغربي", "النزهة", "الريان", "المنار", "طيبة"}},
    {"الخبر", {"العقربية", "الحزام الذهبي", "اليرموك", "التحلية", "الراكة", "الثقبة"}},
}};

// A small fixed sequence: a demonstration that differs from one time to the next cannot be talked about.
class Dice {
public:
    std::size_t below(std::size_t n) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(state_ >> 33) % n;
    }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class Array>
    auto& of(Array& array) { return array[below(array.size())]; }

private:
    std::uint64_t state_ = 2026;
};

template <class Members>
void give(Patch<Members>& patch, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) patch.given |= nova::detail::bit_of<Members>(name);
}

Create person(Dice& dice, std::size_t number) {
    Create c;
    Profile& p = c.values;
    p.name = Text<3, 200>{std::string(dice.of(first_names)) + " " + dice.of(family_names)};
    const std::string local = "05" + std::to_string(50000000 + number * 7919 % 9999999);
    p.phone = parse_phone(local);
    if (dice.one_in(2)) p.email = parse_email("customer" + std::to_string(number) + "@example.com");
    p.type = dice.one_in(12) ? Type::COMPANY : Type::INDIVIDUAL;
    p.category = Word{dice.of(categories)};
    p.interest_level = Word{dice.of(interest)};
    p.source = Word{dice.of(sources)};
    const City& city = dice.one_in(3) ? dice.of(cities) : cities[0];
    p.preferred_cities.values = {Place{city.name}};
    p.preferred_districts.values = {Place{dice.of(city.districts)}};
    p.property_types.values = {Place{dice.of(property_types)}};
    const std::int64_t budget = 400'000 + static_cast<std::int64_t>(dice.below(40)) * 50'000;
    p.budget_min = Sar{budget};
    p.budget_max = Sar{budget + 250'000};
    p.financing_needed = dice.one_in(2);
    p.tags.values = {Tag{dice.of(tags)}};
    if (dice.one_in(3)) p.notes = Text<1, 10000>{dice.of(notes)};
    give(c, {"name", "phone", "email", "type", "category", "interest_level", "source", "preferred_cities",
             "preferred_districts", "property_types", "budget_min", "budget_max", "financing_needed", "tags", "notes"});
    return c;
}

std::vector<Update> story(Dice& dice, const Profile& person) {
    std::vector<Update> later;
    if (dice.one_in(2)) {
        Update warmer;
        warmer.values.interest_level = Word{dice.of(interest)};
        warmer.values.notes = Text<1, 10000>{dice.of(notes)};
        give(warmer, {"interest_level", "notes"});
        later.push_back(warmer);
    }
    if (dice.one_in(3)) {
        Update richer;
        richer.values.budget_max = Sar{person.budget_max->value + 100'000};
        give(richer, {"budget_max"});
        later.push_back(richer);
    }
    if (dice.one_in(6)) {
        Update vip;
        vip.values.is_vip = true;
        give(vip, {"is_vip"});
        later.push_back(vip);
    }
    if (dice.one_in(8)) {
        Update archived;
        archived.values.status = dice.one_in(2) ? Status::ARCHIVED : Status::INACTIVE;
        give(archived, {"status"});
        later.push_back(archived);
    }
    return later;
}

}  // namespace

std::vector<DemoCustomer> demo_customers(std::size_t count) {
    Dice dice;
    std::vector<DemoCustomer> out;
    for (std::size_t i = 0; i < count; ++i) {
        DemoCustomer customer{person(dice, i), {}};
        customer.later = story(dice, customer.create.values);
        out.push_back(std::move(customer));
    }
    return out;
}

}  // namespace nova::cli

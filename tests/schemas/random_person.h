// Persons at random, but the same ones in every run.
#pragma once
#include <random>

#include "sample.h"

namespace sample {

class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    std::uint64_t below(std::uint64_t bound) {
        return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(engine_);
    }
    bool flip() { return below(2) == 0; }

    std::string text(std::size_t longest) {
        static const char* const pieces[] = {"a", "Z",  "\"",     "\\", "/", "\n",   "\t",   " ", "é",
                                             "س", "😀", "\u2028", "{",  "]", "\x01", "\x7f", ":"};
        std::string out;
        for (std::size_t n = below(longest + 1); n > 0; --n) out += pieces[below(std::size(pieces))];
        return out;
    }
    template <std::size_t Min, std::size_t Max>
    void fill(Text<Min, Max>& out) { out.value = text(12); }
    template <std::int64_t Low, std::int64_t High>
    void fill(Whole<Low, High>& out) {
        out.value = flip() ? Low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(High - Low) + 1))
                           : (flip() ? Low : High);
    }
    void fill(Decimal<-90, 90>& out) {
        out.value = (static_cast<double>(below(1u << 30)) - (1 << 29)) / (flip() ? 6e6 : 1e13);
    }
    void fill(bool& out) { out = flip(); }
    void fill(Uuid& out) {
        for (auto& byte : out.bytes) byte = static_cast<std::uint8_t>(below(256));
    }
    template <class Tag>
    void fill(Id<Tag>& out) { fill(out.value); }
    void fill(Instant& out) { out.ms = static_cast<std::int64_t>(below(250000000000000)); }
    void fill(Date& out) { out.days = static_cast<std::int32_t>(below(2900000)); }
    void fill(Grade& out) { out = static_cast<Grade>(below(5)); }
    void fill(Phone& out) { out = stored_phone("05" + std::to_string(10000000 + below(89999999))); }
    void fill(Whatsapp& out) {
        out.same_as_phone = flip();
        if (!out.same_as_phone) fill(out.phone);
    }
    void fill(Email& out) { out.text = "user" + std::to_string(below(1000)) + "@example.sa"; }
    void fill(Line& out) { fill(out.product), fill(out.quantity); }
    void fill(Hours& out) { fill(out.days), fill(out.from), fill(out.to); }
    template <std::size_t Max>
    void fill(JsonObject<Max>& out) { out.text = flip() ? "{}" : R"({"a":[1,{"b":"}\"]"}],"z":null})"; }
    template <class T, std::size_t Max>
    void fill(List<T, Max>& out) {
        out.values.resize(below(Max + 1));
        for (T& value : out.values) fill(value);
    }
    template <class T>
    void fill(std::optional<T>& out) {
        out.reset();
        if (flip()) fill(out.emplace());
    }
    template <class T>
    void fill(std::vector<T>& out) {
        out.resize(below(4));
        for (T& value : out) fill(value);
    }
    Person person() {
        Person p;
        boost::mp11::mp_for_each<nova::detail::members_of<Person>>([&](auto d) { fill(p.*d.pointer); });
        return p;
    }

private:
    std::mt19937 engine_;
};

}  // namespace sample

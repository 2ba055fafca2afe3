// A small aggregate with every way of sealing, and keys that can be destroyed.
#pragma once
#include <set>
#include <stdexcept>

#include "sample.h"
#include "schemas/envelope.h"

namespace toy {

using namespace nova;

struct Created {
    static constexpr std::string_view type = "nova.toy.ToyCreated";
    Text<1, 50> name;
    std::optional<Text<0, 100>> notes;
    Whole<0, 100> price;
    Text<1, 50> zone;
    Text<1, 50> pin_hash;
    bool operator==(const Created&) const = default;
};
BOOST_DESCRIBE_STRUCT(Created, (), (name, notes, price, zone, pin_hash))

struct Lent {
    static constexpr std::string_view type = "nova.toy.ToyLent";
    std::optional<UserId> user_id;
    std::optional<Text<1, 50>> address;
    bool operator==(const Lent&) const = default;
};
BOOST_DESCRIBE_STRUCT(Lent, (), (user_id, address))

struct Broken {
    static constexpr std::string_view type = "nova.toy.ToyBroken";
    bool operator==(const Broken&) const = default;
};
BOOST_DESCRIBE_STRUCT(Broken, (), ())

inline schemas::AggregateContract contract() {
    schemas::AggregateContract contract("toys", "toy-");
    contract.event<Created>("{actor} made {name}", "صنع {actor} {name}").personal("name", "notes").secret("pinHash");
    contract.event<Lent>("{actor} lent it to {userId}", "أعار {actor} إلى {userId}")
        .personal("address")
        .of_user("userId");
    contract.event<Broken>("{actor} broke it", "كسره {actor}");
    return contract;
}

inline const schemas::Catalogue& catalogue() {
    static const schemas::Catalogue toys = [] {
        std::vector<schemas::AggregateContract> contracts;
        contracts.push_back(contract());
        return schemas::Catalogue(std::move(contracts));
    }();
    return toys;
}

// The port of the keys, kept in memory: a box is the hexadecimal text of its plain bytes, marked with subject and event.
class Keys final : public schemas::Sealer, public schemas::Opener {
public:
    std::set<std::string, std::less<>> destroyed, used;

    void seal(std::string_view subject, std::string_view plain, const Uuid& event_id, std::string& out) override {
        used.emplace(subject);
        const std::string marked = mark(subject, event_id) + std::string(plain);
        for (const char c : marked) {
            out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
            out += "0123456789abcdef"[c & 15];
        }
    }
    std::optional<std::string> open(std::string_view subject, std::string_view box, const Uuid& event_id) override {
        if (destroyed.contains(subject)) return std::nullopt;
        std::string plain;
        for (std::size_t i = 0; i + 1 < box.size(); i += 2)
            plain += static_cast<char>(std::stoi(std::string(box.substr(i, 2)), nullptr, 16));
        if (!plain.starts_with(mark(subject, event_id)))
            throw schemas::CorruptRecord("a box of another subject or event");
        return plain.substr(mark(subject, event_id).size());
    }

private:
    static std::string mark(std::string_view subject, const Uuid& id) {
        return std::string(subject) + "|" + to_text(id) + "|";
    }
};

template <class E>
schemas::AnyEvent any(E event) {
    return {&catalogue().of<E>(), std::make_shared<E>(std::move(event))};
}

inline schemas::Envelope envelope(std::string_view type) {
    schemas::Envelope e;
    e.id = *parse_uuid("0192f3a4-0000-7000-8000-000000000001");
    e.tenant = {*parse_uuid("0192f3a4-0000-7000-8000-0000000000ff")};
    e.type = type;
    e.stream = "toy-0192f3a4-0000-7000-8000-00000000000a";
    e.time = *parse_instant("2026-11-20T09:30:00.123Z");
    e.stream_version = 3;
    e.actor_type = ActorType::USER;
    e.actor_id = sample::user;
    return e;
}

}  // namespace toy

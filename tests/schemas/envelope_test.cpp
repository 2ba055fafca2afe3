#include <doctest/doctest.h>

#include "toy_contract.h"

using namespace nova;
using namespace nova::schemas;

namespace {

const toy::Created doll{{"Dolly \"D\""}, {}, {7}, {"north"}, {"$argon2id$x"}};

std::string encode(const Envelope& envelope, const AnyEvent& event, toy::Keys& keys) {
    std::string out;
    encode_event(envelope, event, keys, out);
    return out;
}

Envelope full_envelope(std::string_view type) {
    Envelope e = toy::envelope(type);
    e.on_behalf_of = "u2";
    e.session_id = "s1";
    e.command_id = "c1";
    e.command_name = "customers.create";
    e.correlation_id = "k \"1\"";
    e.causation_id = "e0";
    e.client_address = "10.0.0.1";
    e.user_agent = "curl \"8\"";
    e.idempotency_key = "key-1";
    e.request_digest = "abc";
    e.schema_version = 2;
    return e;
}

}  // namespace

TEST_CASE("envelope: the stored bytes are canonical, with every attribute in its place") {
    toy::Keys keys;
    const std::string bytes = encode(full_envelope(toy::Broken::type), toy::any(toy::Broken{}), keys);
    CHECK(bytes == canonical(bytes));
    const std::size_t box = bytes.find("\"sealedactor\":\"") + 15;
    std::string without_box = bytes;
    without_box.erase(box, bytes.find('"', box) - box);
    CHECK(without_box ==
          R"({"actorid":"0192f3a4-5b6c-7d8e-9f01-23456789abcd","actortype":"USER","causationid":"e0","commandid":"c1",)"
          R"("commandname":"customers.create","correlationid":"k \"1\"","data":{},"id":"0192f3a4-0000-7000-8000-000000000001",)"
          R"("idempotencykey":"key-1","onbehalfof":"u2","requestdigest":"abc","schemaversion":2,"sealedactor":"","sessionid":"s1",)"
          R"("source":"/tenants/0192f3a4-0000-7000-8000-0000000000ff","specversion":"1.0","streamversion":3,)"
          R"("subject":"toy-0192f3a4-0000-7000-8000-00000000000a","time":"2026-11-20T09:30:00.123Z","type":"nova.toy.ToyBroken"})");
}

TEST_CASE("envelope: attributes without a value are left out, and the directory is a source of its own") {
    toy::Keys keys;
    Envelope e = toy::envelope(toy::Broken::type);
    e.tenant = {};
    e.actor_type = ActorType::SYSTEM;
    e.actor_id = "system";
    e.client_address = "10.0.0.1";  // of no person, so it is not kept
    const std::string bytes = encode(e, toy::any(toy::Broken{}), keys);
    CHECK(bytes ==
          R"({"actorid":"system","actortype":"SYSTEM","data":{},"id":"0192f3a4-0000-7000-8000-000000000001","schemaversion":1,)"
          R"("source":"/directory","specversion":"1.0","streamversion":3,"subject":"toy-0192f3a4-0000-7000-8000-00000000000a",)"
          R"("time":"2026-11-20T09:30:00.123Z","type":"nova.toy.ToyBroken"})");
    CHECK(keys.used.empty());
    CHECK(decode_envelope(bytes).tenant.is_nil());
}

TEST_CASE("envelope: everything comes back") {
    toy::Keys keys;
    const Envelope sent = full_envelope(toy::Created::type);
    const std::string bytes = encode(sent, toy::any(doll), keys);
    CHECK(bytes == canonical(bytes));
    const DecodedEvent decoded = decode_event(bytes, toy::catalogue(), keys, true);
    const Envelope& got = decoded.envelope;
    CHECK(got.id == sent.id);
    CHECK(got.tenant == sent.tenant);
    CHECK(got.type == sent.type);
    CHECK(got.stream == sent.stream);
    CHECK(got.time == sent.time);
    CHECK(got.stream_version == 3);
    CHECK(got.schema_version == 2);
    CHECK(got.actor_type == ActorType::USER);
    CHECK(got.actor_id == sent.actor_id);
    CHECK(got.on_behalf_of == sent.on_behalf_of);
    CHECK(got.session_id == sent.session_id);
    CHECK(got.command_id == sent.command_id);
    CHECK(got.command_name == sent.command_name);
    CHECK(got.correlation_id == sent.correlation_id);
    CHECK(got.causation_id == sent.causation_id);
    CHECK(got.client_address == sent.client_address);
    CHECK(got.user_agent == sent.user_agent);
    CHECK(got.idempotency_key == sent.idempotency_key);
    CHECK(got.request_digest == sent.request_digest);
    REQUIRE(decoded.event.get_if<toy::Created>());
    CHECK(*decoded.event.get_if<toy::Created>() == doll);
    CHECK(decoded.event.get_if<toy::Broken>() == nullptr);
    CHECK(decode_event(bytes, toy::catalogue(), keys).envelope.client_address.empty());
    CHECK(decode_envelope(bytes).command_name == "customers.create");
}

TEST_CASE("sealing: personal and secret members are nowhere in the bytes, and are null when the key is gone") {
    toy::Keys keys;
    const std::string bytes = encode(toy::envelope(toy::Created::type), toy::any(doll), keys);
    CHECK(bytes.find("Dolly") == std::string::npos);
    CHECK(bytes.find("argon2id") == std::string::npos);
    CHECK(bytes.find(R"("data":{"price":7,"sealed":{"toy-0192f3a4-0000-7000-8000-00000000000a":")") != std::string::npos);
    CHECK(opened_data(bytes, toy::catalogue(), keys) ==
          R"({"name":"Dolly \"D\"","notes":null,"pinHash":"[sealed]","price":7,"zone":"north"})");

    keys.destroyed.insert("toy-0192f3a4-0000-7000-8000-00000000000a");
    const DecodedEvent decoded = decode_event(bytes, toy::catalogue(), keys);
    const toy::Created* const erased = decoded.event.get_if<toy::Created>();
    CHECK(erased->name.value.empty());
    CHECK(erased->pin_hash.value.empty());
    CHECK(erased->price.value == 7);
    CHECK(erased->zone.value == "north");
    CHECK(opened_data(bytes, toy::catalogue(), keys) == R"({"name":null,"notes":null,"pinHash":"[sealed]","price":7,"zone":"north"})");
}

TEST_CASE("sealing: the subject is the user that a member names, else the stream") {
    const auto subject_of = [](const toy::Lent& lent) {
        toy::Keys keys;
        const std::string bytes = encode(toy::envelope(toy::Lent::type), toy::any(lent), keys);
        CHECK(*decode_event(bytes, toy::catalogue(), keys).event.get_if<toy::Lent>() == lent);
        REQUIRE(keys.used.size() == 1);
        return *keys.used.begin();
    };
    const UserId user{*parse_uuid(sample::user)};
    CHECK(subject_of({user, {{"here"}}}) == std::string("user-") + sample::user);
    CHECK(subject_of({std::nullopt, {{"here"}}}) == "toy-0192f3a4-0000-7000-8000-00000000000a");
    CHECK(subject_of({UserId{}, std::nullopt}) == "toy-0192f3a4-0000-7000-8000-00000000000a");
}

TEST_CASE("sealing: where an actor called from is sealed under the actor's key and goes with it") {
    toy::Keys keys;
    const std::string bytes = encode(full_envelope(toy::Broken::type), toy::any(toy::Broken{}), keys);
    CHECK(bytes.find("10.0.0.1") == std::string::npos);
    CHECK(keys.used == decltype(keys.used){std::string("user-") + sample::user});
    keys.destroyed = keys.used;
    CHECK(decode_event(bytes, toy::catalogue(), keys, true).envelope.client_address.empty());
    LeaveSealed sealed;
    CHECK(decode_event(bytes, toy::catalogue(), sealed, true).envelope.user_agent.empty());
}

TEST_CASE("sealing: a box moved to another event is not opened") {
    toy::Keys keys;
    std::string bytes = encode(toy::envelope(toy::Created::type), toy::any(doll), keys);
    bytes.replace(bytes.find("000000000001\""), 12, "000000000002");
    CHECK_THROWS_AS(decode_event(bytes, toy::catalogue(), keys), CorruptRecord);
    CHECK_THROWS_AS(opened_data(bytes, toy::catalogue(), keys), CorruptRecord);
}

TEST_CASE("envelope: events of newer binaries are read as far as they are known") {
    toy::Keys keys;
    std::string bytes = encode(toy::envelope(toy::Created::type), toy::any(doll), keys);
    bytes.replace(bytes.find("\"price\""), 1, R"("colour":"red",")");
    bytes.insert(bytes.find("\"id\":"), R"("futureattribute":[1],)");
    CHECK(*decode_event(bytes, toy::catalogue(), keys).event.get_if<toy::Created>() == doll);
    bytes.replace(bytes.find("ToyCreated"), 10, "ToyFlown");
    const DecodedEvent unknown = decode_event(bytes, toy::catalogue(), keys);
    CHECK(unknown.event.type == nullptr);
    CHECK(unknown.envelope.type == "nova.toy.ToyFlown");
    CHECK(opened_data(bytes, toy::catalogue(), keys) == R"({"colour":"red","price":7,"zone":"north"})");
}

TEST_CASE("envelope: damage throws") {
    toy::Keys keys;
    const std::string good = encode(full_envelope(toy::Created::type), toy::any(doll), keys);
    for (std::size_t length = 0; length < good.size(); ++length) {
        const std::string cut = good.substr(0, length);
        CHECK_THROWS_AS(decode_event(cut, toy::catalogue(), keys), CorruptRecord);
        CHECK_THROWS_AS(decode_envelope(cut), CorruptRecord);
    }
    const auto changed = [&](std::string_view from, std::string_view to) {
        std::string bytes = good;
        return bytes.replace(bytes.find(from), from.size(), to);
    };
    for (const std::string& bytes :
         {changed("\"USER\"", "\"GOD\""), changed("/tenants/", "/tenant/"), changed("\"1.0\"", "\"2.0\""),
          changed("09:30", "9:30"), changed(":3,", ":x,"), changed("\"streamversion\":3,", ""),
          changed("\"id\":\"0", "\"id\":\"x"), changed("\"id\":\"", "\"id\":5,\"j\":\"")}) {
        CAPTURE(bytes);
        CHECK_THROWS_AS(decode_envelope(bytes), CorruptRecord);
    }
    Envelope wrong = toy::envelope(toy::Broken::type);
    CHECK_THROWS_AS(encode(wrong, toy::any(doll), keys), std::logic_error);
}

namespace {

template <class Change>
bool refused(Change change) {
    std::vector<AggregateContract> contracts;
    contracts.push_back(AggregateContract("toys", "toy-"));
    change(contracts[0]);
    try {
        const Catalogue catalogue(std::move(contracts));
        return false;
    } catch (const std::logic_error&) {
        return true;
    }
}

struct Odd {
    static constexpr std::string_view type = "nova.toy.ToyOdd";
    Text<1, 5> sealed;
};
BOOST_DESCRIBE_STRUCT(Odd, (), (sealed))
struct Stray {
    static constexpr std::string_view type = "nova.game.GameLost";
};
BOOST_DESCRIBE_STRUCT(Stray, (), ())

}  // namespace

TEST_CASE("catalogue: a contract that contradicts its structs is refused") {
    CHECK(!refused([](auto& c) {
        c.template event<toy::Created>("{actor} {name}", "{zone}").personal("name").secret("pinHash");
    }));
    CHECK(refused([](auto& c) { c.template event<toy::Created>("", "x"); }));
    CHECK(refused([](auto& c) { c.template event<toy::Created>("x", ""); }));
    CHECK(refused([](auto& c) { c.template event<toy::Created>("{nme}", "x"); }));
    CHECK(refused([](auto& c) { c.template event<toy::Created>("x", "{name"); }));
    CHECK(refused([](auto& c) { c.template event<toy::Created>("name}", "x"); }));
    CHECK(refused([](auto& c) { c.template event<toy::Created>("{pinHash}", "x").secret("pinHash"); }));
    CHECK(refused([](auto& c) { c.template event<toy::Created>("x", "x").personal("pin_hash"); }));
    CHECK(refused([](auto& c) { c.template event<toy::Created>("x", "x").personal("name").secret("name"); }));
    CHECK(refused([](auto& c) { c.template event<toy::Created>("x", "x").of_user("name"); }));
    CHECK(refused([](auto& c) { c.template event<toy::Lent>("x", "x").of_user("owner"); }));
    CHECK(refused([](auto& c) { c.template event<toy::Lent>("x", "x").of_user("userId").personal("userId"); }));
    CHECK(refused([](auto& c) { c.template event<toy::Created>("x", "x").version(0); }));
    CHECK(refused([](auto& c) { c.template event<toy::Broken>("x", "x"), c.template event<toy::Broken>("x", "x"); }));
    CHECK(refused([](auto& c) { c.template event<Odd>("x", "x"); }));
    CHECK(refused([](auto& c) { c.template event<Stray>("x", "x"); }));
}

TEST_CASE("catalogue: the events of this product are found by name, in order") {
    const Catalogue& all = catalogue();
    REQUIRE(!all.all().empty());
    for (std::size_t i = 0; i < all.all().size(); ++i) {
        CHECK(all.find(all.all()[i]->name) == all.all()[i]);
        if (i) CHECK(all.all()[i - 1]->name < all.all()[i]->name);
    }
    CHECK(all.find("nova.toy.ToyCreated") == nullptr);
}

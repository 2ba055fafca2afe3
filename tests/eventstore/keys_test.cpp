#include <doctest/doctest.h>

#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "eventstore/keys.h"

using namespace nova;
using namespace nova::eventstore;

namespace {

struct Table final : KeyTable {
    std::mutex mutex;
    std::map<std::string, std::string, std::less<>> rows;
    int asked = 0;
    std::optional<std::string> wrapped_key(std::string_view subject) override {
        const std::lock_guard lock(mutex);
        ++asked;
        const auto found = rows.find(subject);
        return found == rows.end() ? std::nullopt : std::optional(found->second);
    }
    void keep(const std::vector<WrappedKey>& keys) {
        const std::lock_guard lock(mutex);
        for (const auto& key : keys) CHECK(rows.emplace(key.subject, key.wrapped).second);
    }
};

MasterKey key_of(std::uint8_t byte) {
    MasterKey key;
    key.fill(byte);
    return key;
}
const Uuid one = *parse_uuid("0192f0c1-0000-7000-8000-000000000001"),
           two = *parse_uuid("0192f0c1-0000-7000-8000-000000000002");

}  // namespace

TEST_CASE("keys: MASTER_KEY is 32 bytes in Base64 and nothing else") {
    const std::string made = random_base64(32);
    CHECK(made.size() == 44);
    CHECK(parse_master_key(made));
    CHECK(parse_master_key(made + "\n"));
    CHECK(parse_master_key(made.substr(0, 43)));
    CHECK(made != random_base64(32));
    CHECK(!parse_master_key(random_base64(31)));
    CHECK(!parse_master_key(random_base64(33)));
    CHECK(!parse_master_key(""));
    CHECK(!parse_master_key("not a key"));
    CHECK(!parse_master_key("!" + made.substr(1)));
    CHECK(parse_master_key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=") == key_of(0));
}

TEST_CASE("keys: what is sealed opens with the same key, subject and event only") {
    Table table;
    KeyRing ring(key_of(7), table);
    std::string box = "what was there is replaced", same;
    ring.seal("customer-1", "سارة", one, box);
    ring.seal("customer-1", "سارة", one, same);
    CHECK(box != same);  // another nonce each time
    CHECK(box.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          std::string::npos);
    CHECK(ring.open("customer-1", box, one) == "سارة");
    CHECK_THROWS_AS(ring.open("customer-1", box, two), Damaged);
    CHECK(!ring.open("customer-2", box, one));
    std::string other;
    ring.seal("customer-2", "", one, other);
    CHECK(ring.open("customer-2", other, one) == "");
    CHECK_THROWS_AS(ring.open("customer-2", box, one), Damaged);
    for (std::string bad : {std::string(), std::string("A"), std::string("!!"), box.substr(1), box + "A", box + "=",
                            std::string(200, 'A')})
        CHECK_THROWS_AS(ring.open("customer-1", bad, one), Damaged);
    for (std::size_t i = 0; i < box.size(); ++i) {
        std::string flipped = box;
        flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
        CHECK_THROWS_AS(ring.open("customer-1", flipped, one), Damaged);
    }
}

TEST_CASE("keys: each person's key is made once, travels with an append, and counts from then on") {
    Table table;
    KeyRing ring(key_of(7), table);
    std::string box;
    for (const char* subject : {"customer-1", "customer-2", "customer-1"}) ring.seal(subject, "x", one, box);
    const auto made = ring.take_new_keys();
    CHECK(made.size() == 2);
    CHECK(ring.take_new_keys().empty());
    table.keep(made);
    KeyRing later(key_of(7), table);
    CHECK(later.open("customer-1", box, one) == "x");
    later.seal("customer-1", "y", two, box);
    CHECK(later.take_new_keys().empty());
    CHECK(ring.open("customer-1", box, two) == "y");
}

TEST_CASE("keys: keys of an append that was not done never were") {
    Table table;
    KeyRing ring(key_of(7), table);
    std::string lost, kept;
    ring.seal("customer-1", "x", one, lost);
    ring.forget_new(ring.take_new_keys());
    CHECK(!ring.open("customer-1", lost, one));
    ring.seal("customer-1", "x", one, kept);
    const auto made = ring.take_new_keys();
    CHECK(made.size() == 1);
    CHECK(ring.open("customer-1", kept, one) == "x");
    CHECK_THROWS_AS(ring.open("customer-1", lost, one), Damaged);
}

TEST_CASE("keys: a key that is not durable yet survives a small cache; a destroyed one does not") {
    Table table;
    KeyRing ring(key_of(7), table, 4);
    std::map<std::string, std::string> boxes;
    for (int i = 0; i < 300; ++i)
        ring.seal("customer-" + std::to_string(i), "x", one, boxes["customer-" + std::to_string(i)]);
    const auto in_flight = ring.take_new_keys();
    CHECK(in_flight.size() == 300);
    std::string box;
    ring.seal("customer-0", "y", one, box);
    CHECK(ring.take_new_keys().empty());
    table.keep(in_flight);
    for (int i = 0; i < 100; ++i) {
        ring.seal("later-" + std::to_string(i), "x", one, box);
        table.keep(ring.take_new_keys());
    }
    for (const auto& [subject, sealed] : boxes) CHECK(ring.open(subject, sealed, one) == "x");
    table.rows.erase("customer-5");
    ring.drop_cached("customer-5");
    CHECK(!ring.open("customer-5", boxes["customer-5"], one));
}

TEST_CASE("keys: the cache spares the table") {
    Table table;
    KeyRing first(key_of(7), table);
    std::string box;
    first.seal("customer-1", "x", one, box);
    table.keep(first.take_new_keys());
    KeyRing ring(key_of(7), table);
    table.asked = 0;
    for (int i = 0; i < 10; ++i) CHECK(ring.open("customer-1", box, one) == "x");
    CHECK(table.asked == 1);
}

TEST_CASE("keys: another MASTER_KEY is found out") {
    CHECK(fits(key_of(1), master_check(key_of(1))));
    CHECK(!fits(key_of(2), master_check(key_of(1))));
    CHECK(!fits(key_of(1), ""));
    Table table;
    KeyRing ring(key_of(1), table);
    std::string box;
    ring.seal("customer-1", "x", one, box);
    table.keep(ring.take_new_keys());
    CHECK(unwraps(key_of(1), "customer-1", table.rows["customer-1"]));
    CHECK(!unwraps(key_of(1), "customer-2", table.rows["customer-1"]));
    CHECK(!unwraps(key_of(2), "customer-1", table.rows["customer-1"]));
    KeyRing wrong(key_of(2), table);
    CHECK_THROWS_AS(wrong.open("customer-1", box, one), Damaged);
    CHECK_THROWS_AS(wrong.seal("customer-1", "x", one, box), Damaged);
}

TEST_CASE("keys: several threads seal and open at once, and one key is made for each person") {
    Table table;
    KeyRing ring(key_of(7), table, 8);
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::set<std::string> taken;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i) {
                const std::string subject = "customer-" + std::to_string((i * 7 + t) % 40);
                std::string box;
                ring.seal(subject, subject, one, box);
                if (ring.open(subject, box, one) != subject) ++wrong;
                if (t != 0) continue;
                for (const auto& key : ring.take_new_keys()) {
                    const std::lock_guard lock(mutex);
                    if (!taken.insert(key.subject).second) ++wrong;
                    table.keep({key});
                }
            }
        });
    for (auto& thread : threads) thread.join();
    for (const auto& key : ring.take_new_keys())
        if (!taken.insert(key.subject).second) ++wrong;
    CHECK(wrong == 0);
    CHECK(taken.size() == 40);
}

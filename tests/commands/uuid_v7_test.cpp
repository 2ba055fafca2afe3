#include <doctest/doctest.h>

#include <unordered_set>

#include "commands/uuid_v7.h"

using namespace nova;
using commands::UuidV7;

namespace {

std::int64_t ms_of(const Uuid& id) {
    std::int64_t ms = 0;
    for (int i = 0; i < 6; ++i) ms = ms << 8 | id.bytes[static_cast<std::size_t>(i)];
    return ms;
}

}  // namespace

TEST_CASE("uuid v7: time in front, version and variant in their places") {
    const Instant now = *parse_instant("2026-11-20T09:30:00.123Z");
    UuidV7 ids([&] { return now; });
    for (int i = 0; i < 100; ++i) {
        const Uuid id = ids.next();
        CHECK(ms_of(id) == now.ms);
        CHECK((id.bytes[6] >> 4) == 7);
        CHECK((id.bytes[8] >> 6) == 0b10);
        CHECK(parse_uuid(to_text(id)) == id);
    }
}

TEST_CASE("uuid v7: each is greater than all before, whatever the clock does") {
    Instant now{1'795'167'000'000};
    UuidV7 ids([&] { return now; });
    Uuid last{};
    std::unordered_set<Uuid> seen;
    for (int i = 0; i < 200'000; ++i) {
        if (i % 20'000 == 0) now.ms -= 5'000;  // set back
        if (i % 7 == 0 && i > 100'000) ++now.ms;
        const Uuid id = ids.next();
        if (!(last < id)) FAIL("id ", i);
        seen.insert(id);
        last = id;
    }
    CHECK(seen.size() == 200'000);
}

TEST_CASE(
    "uuid v7: more ids in a millisecond than the counter holds borrow from the time to come, and no more than needed") {
    UuidV7 ids([] { return Instant{1'000}; });
    Uuid id;
    for (int i = 0; i < 2'048; ++i) id = ids.next();
    CHECK(ms_of(id) == 1'000);
    for (int i = 0; i < 100'000; ++i) id = ids.next();
    CHECK(ms_of(id) > 1'000);
    CHECK(ms_of(id) < 1'000 + 102'048 / 2'048 + 1);
}

TEST_CASE("uuid v7: time in the id follows the clock when the clock has moved on") {
    Instant now{1'000};
    UuidV7 ids([&] { return now; });
    ids.next();
    now.ms = 2'000;
    CHECK(ms_of(ids.next()) == 2'000);
}

TEST_CASE("uuid v7: two sources at the same moment do not meet") {
    UuidV7 one([] { return Instant{1'000}; }), other([] { return Instant{1'000}; });
    std::unordered_set<Uuid> seen;
    for (int i = 0; i < 2'000; ++i) {
        seen.insert(one.next());
        seen.insert(other.next());
    }
    CHECK(seen.size() == 4'000);
}

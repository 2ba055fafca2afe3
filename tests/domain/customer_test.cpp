#include <doctest/doctest.h>

#include "domain/customers/customer.h"
#include "tests/domain/given.h"

using namespace nova;
using namespace nova::customers;
using namespace nova::customers::customer;
using namespace nova::testing;

namespace {

Create sara() {
    return patch<Profile>(
        [](Profile& p) { p.name = Text<3, 200>{"Sara Al-Qahtani"}, p.phone = Phone{"0551234567", "+966551234567"}; },
        "name", "phone");
}

Created created() {
    Created event;
    event.name = Text<3, 200>{"Sara Al-Qahtani"};
    event.phone = Phone{"0551234567", "+966551234567"};
    event.user_id = nth<UserId>(1);
    event.assigned_to = nth<UserId>(1);
    return event;
}

Update status(Status to) {
    return patch<Changes>([&](Changes& c) { c.status = to; }, "status");
}

Update notes(const char* text) {
    return patch<Changes>([&](Changes& c) { c.notes = Text<1, 10000>{text}; }, "notes");
}

// User 1, who asks, is an active member of the tenant.
template <class Command, class... E>
Outcome<Customer> ask(const Command& command, const E&... happened) {
    Scene scene;
    scene.directory.members = {nth<UserId>(1)};
    return given<Customer>(happened...).when(command, scene.context());
}

}  // namespace

TEST_CASE("customer: creating yields one event with the whole profile, assigned to its creator") {
    ask(sara()).then(created());
}

TEST_CASE("customer: a short name and a missing phone are told together") {
    Violations wrong;
    Create create;
    wrong.add("name", "too_short", "as the reader has found");
    validate(create, TenantFacts{}, wrong);
    REQUIRE(wrong.all().size() == 2);
    CHECK(wrong.all()[0].code == "too_short");
    CHECK(wrong.all()[1] == Violation{"phone", "required", "A phone number is required."});
}

TEST_CASE("customer: without requirePhone an e-mail is enough, but one of the two it must be") {
    TenantFacts relaxed;
    relaxed.require_phone = false;
    Create create;
    create.values.name = Text<3, 200>{"Sara"};
    Violations wrong;
    validate(create, relaxed, wrong);
    CHECK(wrong.mentions("phone"));
    create.values.email = Email{"sara@example.com"};
    Violations none;
    validate(create, relaxed, none);
    CHECK(none.empty());
}

TEST_CASE("customer: ranges and coordinates are checked on what would be, not only on what is given") {
    Created rich = created();
    rich.budget_max = Sar{500};
    rich.location_lat = Decimal<-90, 90>{24.7};
    rich.location_lng = Decimal<-180, 180>{46.7};
    Update update;
    update.values.budget_min = Sar{900};
    update.given |= nova::detail::bit_of<Changes>("budget_min");
    ask(update, rich).then_refused("min_above_max");
    Update half;
    half.given |= nova::detail::bit_of<Changes>("location_lat");   // null: taken away
    ask(half, rich).then_refused("coordinates_incomplete");
}

TEST_CASE("customer: a change that changes nothing is no event, so a repeated request is safe") {
    Created with_notes = created();
    with_notes.notes = Text<1, 10000>{"likes gardens"};
    ask(notes("likes gardens"), with_notes).then_nothing();
}

TEST_CASE("customer: a change of several groups yields their events in the order of the groups") {
    Update update = notes("likes gardens");
    update.values.is_vip = true;
    update.values.name = Text<3, 200>{"Sara"};
    update.given |= nova::detail::bit_of<Changes>("is_vip") | nova::detail::bit_of<Changes>("name");
    Renamed renamed;
    renamed.name = Text<3, 200>{"Sara"};
    NotesChanged noted;
    noted.notes = Text<1, 10000>{"likes gardens"};
    ask(update, created()).then(renamed, MarkedVip{}, noted);
}

TEST_CASE("customer: first and last name make the name; a name alone stands without them") {
    Update parts;
    parts.values.first_name = Text<1, 100>{"Noura"};
    parts.values.last_name = Text<1, 100>{"Al-Harbi"};
    parts.given |= nova::detail::bit_of<Changes>("first_name") | nova::detail::bit_of<Changes>("last_name");
    Renamed both;
    both.name = Text<3, 200>{"Noura Al-Harbi"}, both.first_name = Text<1, 100>{"Noura"},
    both.last_name = Text<1, 100>{"Al-Harbi"};
    ask(parts, created()).then(both);
    Update alone;
    alone.values.name = Text<3, 200>{"Noura"};
    alone.given |= nova::detail::bit_of<Changes>("name");
    Renamed single;
    single.name = Text<3, 200>{"Noura"};
    ask(alone, created(), both).then(single);
}

TEST_CASE("customer: tags are compared folded, the first spelling stays, and the event says what came and went") {
    Created tagged = created();
    tagged.tags.values = {Tag{"جاد"}, Tag{"VIP"}};
    Update update;
    update.values.tags.values = {Tag{"vip"}, Tag{"مستثمر"}, Tag{"مستثمر"}};
    update.given |= nova::detail::bit_of<Changes>("tags");
    TagsChanged expected;
    expected.tags.values = {Tag{"VIP"}, Tag{"مستثمر"}};
    expected.added = {Tag{"مستثمر"}};
    expected.removed = {Tag{"جاد"}};
    ask(update, tagged).then(expected);
}

TEST_CASE("customer: whatsapp `same` becomes the phone") {
    Create create = sara();
    create.values.whatsapp = Whatsapp{{}, true};
    create.given |= nova::detail::bit_of<Profile>("whatsapp");
    Created expected = created();
    expected.whatsapp = Whatsapp{*expected.phone, false};
    ask(create).then(expected);
}

TEST_CASE("customer: the status machine") {
    ask(status(Status::INACTIVE), created()).then(Deactivated{{}, Status::ACTIVE});
    ask(status(Status::ARCHIVED), created()).then(Archived{{}, Status::ACTIVE});
    ask(status(Status::ACTIVE), created(), Archived{{}, Status::ACTIVE}).then(Reactivated{{}, Status::ARCHIVED});
    ask(status(Status::INACTIVE), created(), Archived{{}, Status::ACTIVE}).then_refused("wrong_state");
    ask(status(Status::ACTIVE), created()).then_nothing();
}

TEST_CASE("customer: an archived customer changes in nothing but its status") {
    ask(notes("new"), created(), Archived{{}, Status::ACTIVE}).then_refused("customer_archived");
    Update both = notes("new");
    both.values.status = Status::ACTIVE;
    both.given |= nova::detail::bit_of<Changes>("status");
    ask(both, created(), Archived{{}, Status::ACTIVE}).then_refused("customer_archived");
}

TEST_CASE("customer: a deleted customer is not there") {
    const Deleted deleted{{}, {}};
    ask(notes("new"), created(), deleted).then_refused("not_found");
    ask(Delete{}, created(), deleted).then_refused("not_found");
    ask(Delete{}).then_refused("not_found");
}

TEST_CASE("customer: only active members are assigned, and teams that do not exist are named") {
    Update update;
    update.values.assigned_to = nth<UserId>(99);
    update.given |= nova::detail::bit_of<Changes>("assigned_to");
    ask(update, created()).then_refused("assignee_not_member");
    Update team;
    team.values.team_id = TeamId{nth<UserId>(99).value};
    team.given |= nova::detail::bit_of<Changes>("team_id");
    ask(team, created()).then_refused("reference_not_found");
}

TEST_CASE("customer: a preferred time reads HH:MM and begins before it ends") {
    Create create = sara();
    create.values.preferred_contact_time = PreferredTime{{}, Text<5, 5>{"24:00"}, Text<5, 5>{"09:61"}, {}};
    Violations wrong;
    validate(create, TenantFacts{}, wrong);
    CHECK(wrong.mentions("preferredContactTime.from"));
    CHECK(wrong.mentions("preferredContactTime.to"));
    create.values.preferred_contact_time = PreferredTime{{}, Text<5, 5>{"18:00"}, Text<5, 5>{"09:00"}, {}};
    Violations order;
    validate(create, TenantFacts{}, order);
    REQUIRE(order.all().size() == 1);
    CHECK(order.all()[0].code == "from_after_to");
}

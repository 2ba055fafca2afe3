#include <doctest/doctest.h>

#include <map>

#include "projections/fold_batch.h"
#include "projections/identity/collections.h"
#include "tests/domain/given.h"
#include "tests/projections/folder.h"

using namespace nova;
using namespace nova::testing;
using namespace nova::projections;
using namespace nova::identity;

namespace {

const Instant start = *parse_instant("2026-11-20T09:30:00.000Z");
const UserId sara = nth<UserId>(11), fahad = nth<UserId>(12);
const TenantId first = nth<TenantId>(21), second = nth<TenantId>(22);

// A log in memory: events of streams, in the order in which they are told.
class Story {
public:
    template <class Aggregate, class E>
    Story& tell(const Uuid& id, E event) {
        schemas::DecodedEvent told;
        told.event = {&schemas::catalogue().of<E>(), std::make_shared<const E>(std::move(event))};
        told.envelope.type = E::type;
        told.envelope.stream = std::string(Aggregate::prefix) + to_text(id);
        told.envelope.stream_version = ++versions_[told.envelope.stream];
        told.envelope.time = start + static_cast<std::int64_t>(events.size()) * second_ms;
        events.push_back(std::move(told));
        return *this;
    }
    std::vector<schemas::DecodedEvent> events;

private:
    std::map<std::string, std::int64_t> versions_;
};

user::Registered person(const std::string& name, const std::string& email, const std::string& phone) {
    return {{{name}, {}, {}}, *parse_email(email), *parse_phone(phone), "hash", {"ar"}, {"Asia/Riyadh"}};
}
session::Started session_of(const UserId& user, const TenantId& tenant) {
    return {{user, tenant}, "hash", {}, "test", "192.0.2.1", {"pwd"}, start, start + 7 * day_ms};
}

// Two people, one of them in two tenants; renamed, suspended here and there, one deleted; sessions begun and ended.
Story story() {
    Story s;
    s.tell<User>(sara.value, person("Sara", "Sara@x.sa", "0551234567"));
    s.tell<User>(sara.value, user::LocationChanged{{identity::Place{"Riyadh"}, {}, {"ar"}, {"Asia/Riyadh"}}});
    s.tell<Tenant>(first.value, tenant::Created{{"First"}, {"first"}, {}, sara, {}});
    s.tell<Access>(nth<AccessId>(31).value,
                   access::Granted{{sara, first}, Role::BROKER, {}, access::Source::REGISTRATION});
    s.tell<Session>(nth<SessionId>(41).value, session_of(sara, first));
    s.tell<User>(fahad.value, person("Fahad", "fahad@x.sa", "0551234568"));
    s.tell<Access>(nth<AccessId>(32).value,
                   access::Granted{{fahad, first}, Role::MANAGER, sara, access::Source::MANAGER});
    s.tell<Session>(nth<SessionId>(42).value, session_of(fahad, first));
    s.tell<User>(sara.value, user::Renamed{{{"Sara Ali"}, {}, {}}});
    s.tell<Tenant>(second.value, tenant::Created{{"Second"}, {"second"}, {}, fahad, {}});
    s.tell<Access>(nth<AccessId>(33).value,
                   access::Granted{{sara, second}, Role::AGENT, fahad, access::Source::INVITATION});
    s.tell<Access>(nth<AccessId>(33).value, access::Suspended{{sara, second}, {}});
    s.tell<User>(sara.value, user::PositionChanged{{identity::Place{"Boss"}, {}}});
    s.tell<Session>(nth<SessionId>(41).value, session::Ended{{sara, first}, session::EndReason::LOGOUT});
    s.tell<Session>(nth<SessionId>(43).value, session_of(sara, first));
    s.tell<User>(sara.value, user::SignInFailed{start, user::FailureReason::PASSWORD, "192.0.2.7"});
    s.tell<User>(fahad.value, user::Suspended{});
    s.tell<User>(fahad.value, user::Deleted{{}, user::DeletionCause::BY_ADMIN, *parse_email("fahad@x.sa"), {}});
    s.tell<Session>(nth<SessionId>(42).value,
                    session::Revoked{{fahad, first}, session::RevokeReason::USER_DELETED, {}});
    return s;
}

using Rows = std::map<std::string, std::string>;

struct Side {
    Folder folder;
    Directory directory;
    IdentityCollections collections{directory};
    std::unique_ptr<ViewStore> views = open_sqlite_views({(folder.path() / "views.db").string(), collections.all()});

    void fold(const Story& story, std::size_t from, std::size_t to) {
        FoldBatch batch(*views, collections.all(), 1000);
        for (std::size_t i = from; i < to; ++i) batch.take(story.events[i], {0, i});
        batch.flush({0, to, {}});
    }
    Rows rows() const {
        Rows out;
        for (const CollectionInfo* info : collections.all())
            views->each(*info, [&](const RowKey& key, std::string_view document) {
                out[info->name + " " + to_text(key.tenant) + " " + key.id] = document;
            });
        return out;
    }
};

void check_end(const Directory& directory) {
    const Instant now = start + hour_ms;
    CHECK(directory.user_by_email("sara@x.sa") == sara);
    CHECK(directory.user_by_phone("+966551234567") == sara);
    CHECK_FALSE(directory.user_by_email("fahad@x.sa"));
    CHECK(directory.person(fahad)->name.value == "Fahad");
    CHECK(directory.is_active_member(first, sara));
    CHECK_FALSE(directory.is_active_member(second, sara));   // suspended there
    CHECK_FALSE(directory.is_active_member(first, fahad));
    const Standing standing = directory.standing(nth<SessionId>(43), now);
    CHECK(standing.answer == Standing::Answer::good);
    CHECK(standing.user == sara);
    CHECK(standing.owns_tenant);
    CHECK(directory.standing(nth<SessionId>(43), start + 7 * day_ms).answer == Standing::Answer::over);
    CHECK(directory.standing(nth<SessionId>(99), now).answer == Standing::Answer::unknown);
    for (const int ended : {41, 42})
        CHECK(directory.standing(nth<SessionId>(ended), now).answer != Standing::Answer::good);
    CHECK(directory.sessions(sara, now).size() == 1);
    int failures = 0;
    directory.each_failure(start + -1, [&](const PersonView& person, const SignInFailure& failure) {
        ++failures;
        CHECK(person.id == sara);
        CHECK(failure.address == "192.0.2.7");
    });
    CHECK(failures == 1);
}

}  // namespace

TEST_CASE("identity: rows are the same whether the directory goes with them or ahead of them") {
    const Story all = story();
    Side together;
    together.fold(all, 0, all.events.size());
    check_end(together.directory);
    const Rows rows = together.rows();
    CHECK(rows.size() == 2 + 3 + 2 + 1 + 2);   // people, accesses, tenants, the live session, Sara in two tenants
    CHECK(rows.at("users " + to_text(first) + " " + to_text(sara)).find(R"("title":"Boss")") != std::string::npos);
    CHECK(rows.at("users " + to_text(second) + " " + to_text(sara)).find(R"("city":"Riyadh")") != std::string::npos);
    CHECK(rows.at("users " + to_text(second) + " " + to_text(sara)).find(R"("status":"SUSPENDED")") != std::string::npos);
    CHECK(rows.at("users " + to_text(first) + " " + to_text(sara)).find(R"("status":"ACTIVE")") != std::string::npos);

    Side ahead;
    for (std::size_t i = 0; i < all.events.size(); ++i) ahead.directory.see(all.events[i], {0, i});
    ahead.fold(all, 0, all.events.size());
    check_end(ahead.directory);
    Rows late = ahead.rows();
    for (auto& [key, document] : late) {
        INFO(key);
        CHECK(document == rows.at(key));
    }
    CHECK(late.size() == rows.size());
}

TEST_CASE("identity: loaded from the rows at any point, the directory ends where it would have") {
    const Story all = story();
    for (std::size_t cut = 0; cut <= all.events.size(); ++cut) {
        INFO("stopped after " << cut << " events");
        Side side;
        if (cut) side.fold(all, 0, cut);
        Directory again;
        IdentityCollections collections(again);
        again.load(*side.views, collections, start);
        FoldBatch batch(*side.views, collections.all(), 1000);
        for (std::size_t i = cut; i < all.events.size(); ++i) batch.take(all.events[i], {0, i});
        batch.flush({0, all.events.size(), {}});
        check_end(again);
    }
}

TEST_CASE("identity: events seen twice change nothing") {
    const Story all = story();
    Directory directory;
    for (int times = 0; times < 2; ++times)
        for (std::size_t i = 0; i < all.events.size(); ++i) directory.see(all.events[i], {0, i});
    check_end(directory);
}

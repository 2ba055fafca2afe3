#include <doctest/doctest.h>

#include <random>
#include <thread>

#include "commands/batch.h"
#include "tests/commands/commands_world.h"

using namespace nova;
using namespace nova::testing;
using namespace nova::commands;
using customers::Customer;
using namespace customers::customer;

namespace {

Create person(const std::string& phone, const std::string& name = "Sara Al-Qahtani") {
    return patch<Profile>([&](Profile& p) { p.name = Text<3, 200>{name}, p.phone = parse_phone(phone); }, "name",
                          "phone");
}
Update with_notes(const std::string& text) {
    return patch<Changes>([&](Changes& c) { c.notes = Text<1, 10000>{text}; }, "notes");
}
CustomerId id_of(const Completed& c) { return {*parse_uuid(c.result.stream.substr(c.result.stream.size() - 36))}; }

CustomerId create(CommandsWorld& world, const std::string& phone) {
    const Completed done = world.ask("CreateCustomer", create_customer(person(phone)));
    REQUIRE(done.how == Completion::accepted);
    return id_of(done);
}

std::vector<std::string> types_of(CommandsWorld& world, const std::string& stream) {
    std::vector<std::string> types;
    for (const auto& record : world.stored().read_stream(stream))
        types.push_back(schemas::decode_envelope(record.bytes).type);
    return types;
}

}  // namespace

TEST_CASE("writer: an accepted command is in the log, with who, what and why") {
    Folder folder;
    CommandsWorld world(folder.path());
    const Completed done = world.ask("CreateCustomer", create_customer(person("0551234567")));
    REQUIRE(done.how == Completion::accepted);
    CHECK(done.version == 1);
    const auto records = world.stored().read_stream(done.result.stream);
    REQUIRE(records.size() == 1);
    CHECK(done.position == records[0].position);
    const schemas::Envelope e = schemas::decode_envelope(records[0].bytes);
    CHECK(e.tenant == nth<TenantId>(1));
    CHECK(e.actor_id == to_text(nth<UserId>(1)));
    CHECK(e.command_name == "CreateCustomer");
    CHECK(e.correlation_id == "test");
    CHECK(e.stream_version == 1);
    CHECK(records[0].bytes.find("Sara") == std::string::npos);        // personal: sealed
    CHECK(records[0].bytes.find("192.0.2.1") == std::string::npos);   // of the actor: sealed
}

TEST_CASE("writer: a refused command leaves nothing, and its batch goes on") {
    Folder folder;
    CommandsWorld world(folder.path());
    const Completed done = world.ask("UpdateCustomer", update_customer(nth<CustomerId>(77), with_notes("x")));
    CHECK(done.how == Completion::refused);
    REQUIRE(done.refusal);
    CHECK(done.refusal->code == "not_found");
    CHECK(world.log->tail(0).next == 0);
}

TEST_CASE("writer: commands of one batch see each other") {
    Folder folder;
    CommandsWorld world(folder.path());
    const CustomerId id = create(world, "0551234567");
    std::vector<std::future<Completed>> waiting;
    for (int i = 0; i < 100; ++i)
        waiting.push_back(
            world.send(world.command("UpdateCustomer", update_customer(id, with_notes("note " + std::to_string(i))))));
    std::uint64_t version = 1;
    for (auto& w : waiting) {
        const Completed done = w.get();
        REQUIRE(done.how == Completion::accepted);
        CHECK(done.version == ++version);
    }
}

TEST_CASE("writer: the same phone twice in one tenant is a warning, in another tenant nothing") {
    Folder folder;
    CommandsWorld world(folder.path());
    const CustomerId first = create(world, "0551234567");
    const Completed twice = world.ask("CreateCustomer", create_customer(person("+966551234567")));
    CHECK(twice.how == Completion::accepted);
    CHECK(twice.result.warnings.find("duplicate_phone") != std::string::npos);
    CHECK(twice.result.warnings.find(to_text(first)) != std::string::npos);
    Command other = world.command("CreateCustomer", create_customer(person("0551234567")));
    other.boundary = other.tenant = nth<TenantId>(2);
    const Completed elsewhere = world.ask(std::move(other));
    CHECK(elsewhere.how == Completion::accepted);
    CHECK(elsewhere.result.warnings == "[]");
}

TEST_CASE("writer: under the policy REFUSE a duplicate is refused, also by two commands of one batch") {
    Folder folder;
    CommandsWorld world(folder.path());
    world.facts.facts.duplicate_policy = DuplicatePolicy::REFUSE;
    std::vector<std::future<Completed>> waiting;
    for (int i = 0; i < 20; ++i)
        waiting.push_back(world.send(world.command("CreateCustomer", create_customer(person("0551234567")))));
    int accepted = 0;
    for (auto& w : waiting) {
        const Completed done = w.get();
        accepted += done.how == Completion::accepted;
        if (done.how != Completion::accepted) CHECK(done.refusal->code == "duplicate_customer");
    }
    CHECK(accepted == 1);
}

TEST_CASE("writer: another tenant's item is not there") {
    Folder folder;
    CommandsWorld world(folder.path());
    const CustomerId id = create(world, "0551234567");
    Command other = world.command("UpdateCustomer", update_customer(id, with_notes("mine now")));
    other.boundary = other.tenant = nth<TenantId>(2);
    const Completed done = world.ask(std::move(other));
    REQUIRE(done.refusal);
    CHECK(done.refusal->code == "not_found");
}

TEST_CASE("writer: an idempotency key does nothing twice, in one batch, later, and after a restart") {
    Folder folder;
    std::string stream;
    const auto keyed = [](CommandsWorld& world, std::string key, std::string digest) {
        Command c = world.command("CreateCustomer", create_customer(person("0551234567")));
        c.idempotency_key = std::move(key), c.request_digest = std::move(digest);
        return c;
    };
    {
        CommandsWorld world(folder.path());
        auto a = world.send(keyed(world, "k1", "d1"));
        auto b = world.send(keyed(world, "k1", "d1"));
        const Completed first = a.get(), second = b.get();
        REQUIRE(first.how == Completion::accepted);
        REQUIRE(second.how == Completion::repeated);
        stream = first.result.stream;
        CHECK(second.first->stream == stream);
        CHECK(second.first->version == 1);
        const Completed other = world.ask(keyed(world, "k1", "d2"));
        REQUIRE(other.refusal);
        CHECK(other.refusal->code == "idempotency_key_reused");
    }
    std::filesystem::remove(folder.path() / "index.db");   // derived: found again from the log
    CommandsWorld again(folder.path());
    const Completed repeated = again.ask(keyed(again, "k1", "d1"));
    REQUIRE(repeated.how == Completion::repeated);
    CHECK(repeated.first->stream == stream);
    CHECK(again.log->tail(0).next == 1);
}

TEST_CASE("writer: If-Match is checked at the command's turn") {
    Folder folder;
    CommandsWorld world(folder.path());
    const CustomerId id = create(world, "0551234567");
    const auto change = [&](std::uint64_t version, const char* notes) {
        Command c = world.command("UpdateCustomer", update_customer(id, with_notes(notes)));
        c.if_match = version, c.target = "customer-" + to_text(id);
        return world.ask(std::move(c));
    };
    CHECK(change(1, "first").how == Completion::accepted);
    const Completed late = change(1, "second");
    REQUIRE(late.refusal);
    CHECK(late.refusal->code == "version_mismatch");
    CHECK(types_of(world, "customer-" + to_text(id)).size() == 2);
}

TEST_CASE("writer: a full queue is said at once") {
    Folder folder;
    WriterOptions options;
    options.queue_max = 4;
    CommandsWorld world(folder.path(), std::move(options));
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    auto blocker = world.send(world.command("Block", [opened](UnitOfWork&, const Context&) {
        opened.wait();
        return Result{};
    }));
    while (world.writer->waiting() > 0) std::this_thread::yield();   // the writer is at the blocker now
    int taken = 0;
    std::vector<std::future<Completed>> waiting;
    for (int i = 0; i < 20; ++i) {
        Command c = world.command("CreateCustomer", create_customer(person("0551234567")));
        auto promise = std::make_shared<std::promise<Completed>>();
        auto future = promise->get_future();
        c.done = [promise](Completed done) { promise->set_value(std::move(done)); };
        if (world.writer->submit(std::move(c))) ++taken, waiting.push_back(std::move(future));
    }
    CHECK(taken == 4);
    gate.set_value();
    for (auto& w : waiting) CHECK(w.get().how == Completion::accepted);
    blocker.get();
}

TEST_CASE("writer: a handler that throws fails alone and changes nothing") {
    Folder folder;
    CommandsWorld world(folder.path());
    const CustomerId id = create(world, "0551234567");
    auto bad = world.send(world.command("Broken", [&](UnitOfWork& work, const Context&) -> Result {
        work.record<Customer>(id.value, {MarkedVip{}});
        throw std::runtime_error("a bug");
    }));
    auto good = world.send(world.command("UpdateCustomer", update_customer(id, with_notes("after"))));
    CHECK(bad.get().how == Completion::failed);
    CHECK(good.get().version == 2);
    CHECK(types_of(world, "customer-" + to_text(id)) ==
          std::vector<std::string>{"nova.customer.CustomerCreated", "nova.customer.CustomerNotesChanged"});
}

TEST_CASE("writer: a long stream is read again from its snapshot, and comes out the same") {
    Folder folder;
    CommandsWorld world(folder.path(), [] { WriterOptions o; o.states_max = 1; return o; }());
    const CustomerId id = create(world, "0551234567");
    for (int i = 0; i < 150; ++i) {
        REQUIRE(world.ask("UpdateCustomer", update_customer(id, with_notes("note " + std::to_string(i)))).how ==
                Completion::accepted);
        if (i % 40 == 39)
            create(world, "05512345" + std::to_string(10 + i / 40));  // pushes the long one out of the cache
    }
    const std::string stream = "customer-" + to_text(id);
    const auto snapshot = world.log->index().snapshot(stream);
    REQUIRE(snapshot);
    CHECK(snapshot->version >= 64);
    CHECK(snapshot->state.find("note") == std::string::npos);   // sealed
    // The last notes again: nothing changes, so the state was right.
    create(world, "0551999999");
    const Completed same = world.ask("UpdateCustomer", update_customer(id, with_notes("note 149")));
    CHECK(same.how == Completion::accepted);
    CHECK(same.version == 151);
}

TEST_CASE("writer: random commands, then a replay from zero gives the same states as the live ones") {
    Folder folder;
    CommandsWorld world(folder.path(), [] {
        WriterOptions o;
        o.states_max = 5;
        return o;
    }());  // few: most states are read again
    std::mt19937 random(42);
    std::vector<CustomerId> ids;
    std::map<std::string, std::uint64_t> versions;
    for (int i = 0; i < 400; ++i) {
        const int kind = ids.empty() ? 0 : static_cast<int>(random() % 6);
        Completed done;
        const CustomerId id = ids.empty() ? CustomerId{} : ids[random() % ids.size()];
        if (kind == 0) done = world.ask("CreateCustomer", create_customer(person("05512" + std::to_string(10000 + i))));
        else if (kind == 5) done = world.ask("DeleteCustomer", delete_customer(id, {}));
        else if (kind == 4)
            done = world.ask(
                "UpdateCustomer",
                update_customer(
                    id, patch<Changes>([&](Changes& c) { c.status = static_cast<Status>(random() % 3); }, "status")));
        else
            done = world.ask("UpdateCustomer", update_customer(id, with_notes("note " + std::to_string(random() % 3))));
        if (kind == 0) ids.push_back(id_of(done));
        if (done.how == Completion::accepted) versions[done.result.stream] = done.version;
    }
    RingSealer opener(*world.ring);
    for (const auto& [stream, version] : versions) {
        Customer::State state;
        std::uint64_t count = 0;
        for (const auto& record : world.stored().read_stream(stream)) {
            const auto event = schemas::decode_event(record.bytes, schemas::catalogue(), opener);
            aggregate_type<Customer>().evolve(&state, event.event);
            CHECK(event.envelope.stream_version == static_cast<std::int64_t>(++count));
        }
        CHECK(count == version);
        CHECK(state.stage != State::Stage::absent);
    }
    // What the writer told its followers is what the log holds, in order.
    std::uint64_t told = 0;
    for (const auto& batch : world.committed) told += batch->size();
    CHECK(told == world.log->tail(0).next);
}

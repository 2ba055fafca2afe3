// The events that were released, as the committed files hold them, against the binary of today.
#include <doctest/doctest.h>

#include <unistd.h>

#include "schemas/contract_directory.h"
#include "schemas/json_schema.h"
#include "toy_contract.h"

using namespace nova;
using namespace nova::schemas;

namespace {

Files committed_files() { return read_contracts(NOVA_SOURCE_DIR "/schemas/json"); }

std::map<std::string, std::string> members(const std::string& json) {
    std::map<std::string, std::string> found;
    for_each_member(json, [&](std::string_view name, std::string_view raw) { found.emplace(name, raw); });
    return found;
}

}  // namespace

TEST_CASE("contract: no released event is broken") {
    for (const std::string& broken : broken_promises(catalogue(), committed_files())) {
        MESSAGE(broken);
        FAIL_CHECK(
            "a released event would be broken: make the new member optional, give the event a new version or add a new "
            "event");
    }
}

TEST_CASE("contract: the committed files are those of today") {
    const Files committed = committed_files();
    for (const auto& [name, content] : contract_files(catalogue(), committed)) {
        const bool same = committed.contains(name) && committed.at(name) == content;
        CHECK_MESSAGE(same, "schemas/json/", name, " is behind the code: run `nova schema --write` and commit it");
    }
}

TEST_CASE("contract: every event that was ever released is read, member by member") {
    for (const Sample& sample : golden_samples(committed_files())) {
        CAPTURE(sample.type);
        CAPTURE(sample.version);
        toy::Keys keys;
        const std::string bytes = R"({"actorid":"system","actortype":"SYSTEM","data":)" + sample.data +
                                  R"(,"id":"0192f3a4-0000-7000-8000-000000000001","schemaversion":)" + sample.version +
                                  R"(,"source":"/directory","specversion":"1.0","streamversion":1,"subject":"x-1",)"
                                  R"("time":"2026-11-20T09:30:00.000Z","type":")" + sample.type + "\"}";
        DecodedEvent decoded;
        REQUIRE_NOTHROW(decoded = decode_event(bytes, catalogue(), keys));
        REQUIRE(decoded.event.type != nullptr);
        std::string written;
        write_json(*decoded.event.type->data, decoded.event.value.get(), written);
        const auto today = members(written);
        for (const auto& [name, raw] : members(sample.data)) {
            CAPTURE(name);
            REQUIRE(today.contains(name));
            CHECK(today.at(name) == raw);
        }
    }
}

namespace {

struct CreatedOnce {  // an earlier ToyCreated
    static constexpr std::string_view type = toy::Created::type;
    Text<1, 50> name;
    std::optional<Text<1, 5>> colour;
};
BOOST_DESCRIBE_STRUCT(CreatedOnce, (), (name, colour))

Catalogue only(AggregateContract contract) {
    std::vector<AggregateContract> contracts;
    contracts.push_back(std::move(contract));
    return Catalogue(std::move(contracts));
}
Catalogue earlier(int version) {
    AggregateContract contract("toys", "toy-");
    contract.event<CreatedOnce>("x", "x").version(version);
    return only(std::move(contract));
}

}  // namespace

TEST_CASE("contract files: written twice they are the same, and they are JSON") {
    const Files files = contract_files(toy::catalogue(), {});
    REQUIRE(files.size() == 1);
    CHECK(files.begin()->first == "toys.toy.json");
    CHECK_NOTHROW(canonical(files.begin()->second));
    CHECK(contract_files(toy::catalogue(), files) == files);
    CHECK(broken_promises(toy::catalogue(), files).empty());
    CHECK(golden_samples(files).size() == 3);
}

TEST_CASE("contract files: a version that was released stays, a type too") {
    const Files released = contract_files(earlier(1), {});
    AggregateContract next = toy::contract();
    for (auto& type : next.events()) type->version = 2;
    const Catalogue today = only(std::move(next));
    const Files files = contract_files(today, released);
    CHECK(broken_promises(today, released).empty());
    CHECK(golden_samples(files).size() == 4);
    CHECK(contract_files(today, files) == files);
    // Its own first version still reads as it was written.
    CHECK(contract_files(earlier(1), released) == released);

    CHECK(broken_promises(toy::catalogue(), released).size() >= 2);          // same version, other members
    CHECK(broken_promises(earlier(1), files).size() >= 1);                   // back to an older version
    CHECK(broken_promises(only(AggregateContract("toys", "toy-")), released) ==
          std::vector<std::string>{"nova.toy.ToyCreated: the type is gone, but its events are stored for ever"});
    CHECK(contract_files(only(AggregateContract("toys", "toy-")), released) == released);
}

TEST_CASE("contract files: only what differs is written") {
    const auto directory = std::filesystem::temp_directory_path() / ("nova-contracts-" + std::to_string(::getpid()));
    const Files files = contract_files(toy::catalogue(), {});
    CHECK(read_contracts(directory).empty());
    CHECK(write_contracts(directory, files) == std::vector<std::string>{"toys.toy.json"});
    CHECK(read_contracts(directory) == files);
    CHECK(write_contracts(directory, files).empty());
    std::filesystem::remove_all(directory);
}

// A real log with sealed events of the sample aggregate, written here directly, without commands.
#pragma once
#include <future>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "eventstore/keys.h"
#include "eventstore/sqlite/sqlite_log.h"
#include "projections/decoded_log.h"
#include "tests/projections/offers_model.h"

namespace sample {

class Ring final : public schemas::Sealer, public schemas::Opener {
public:
    explicit Ring(eventstore::KeyRing& ring) : ring_(ring) {}
    void seal(std::string_view subject, std::string_view plain, const Uuid& event, std::string& out) override {
        std::string box;
        ring_.seal(subject, plain, event, box);
        out += box;
    }
    std::optional<std::string> open(std::string_view subject, std::string_view box, const Uuid& event) override {
        return ring_.open(subject, box, event);
    }

private:
    eventstore::KeyRing& ring_;
};

class LogWorld {
public:
    explicit LogWorld(const std::filesystem::path& folder) {
        eventstore::MasterKey key{};
        key.fill(7);
        log = eventstore::SqliteLog::open(
            {.folder = folder,
             .claims_of = [](auto&&...) { return std::vector<eventstore::ClaimSet>(); },
             .repeat_of = [](auto&&...) { return std::optional<eventstore::RepeatKey>(); }});
        keys = std::make_unique<eventstore::KeyRing>(key, *log);
        ring = std::make_unique<Ring>(*keys);
        time_ = static_cast<std::int64_t>(log->tail(0).next) + 1000;
    }

    template <class E>
    LogWorld& add(int tenant, const std::string& stream, E event) {
        schemas::Envelope envelope;
        envelope.id.bytes[0] = 9;
        const std::int64_t number = ++time_;
        __builtin_memcpy(envelope.id.bytes.data() + 8, &number, sizeof number);
        envelope.tenant = model::tenant(tenant);
        envelope.type = E::type;
        envelope.stream = stream;
        envelope.time = {time_};
        envelope.actor_id = "system", envelope.command_id = "c", envelope.command_name = "Test",
        envelope.correlation_id = "t";
        std::uint64_t& version = versions_[stream];
        if (!version) version = log->index().version(stream);
        envelope.stream_version = static_cast<std::int64_t>(++version);
        eventstore::PendingEvent pending;
        pending.begin = append_.block.size();
        schemas::encode_event(envelope, {&catalogue().of<E>(), std::make_shared<const E>(std::move(event))}, *ring,
                              append_.block);
        pending.length = append_.block.size() - pending.begin;
        append_.block += '\n';
        pending.stream = stream, pending.version = version, pending.boundary = envelope.tenant;
        pending.command = static_cast<std::uint32_t>(append_.events.size());
        append_.events.push_back(std::move(pending));
        return *this;
    }
    projections::DecodedCommit commit() {
        append_.time = {time_};
        append_.new_keys = keys->take_new_keys();
        std::promise<eventstore::AppendResult> promise;
        log->append(std::exchange(append_, {}),
                    [&](eventstore::AppendResult result) { promise.set_value(std::move(result)); });
        eventstore::AppendResult result = promise.get_future().get();
        if (!result.commit) throw std::runtime_error("the append failed: " + result.why);
        return {result.commit, projections::decode(*result.commit, catalogue(), *ring)};
    }

    std::unique_ptr<eventstore::SqliteLog> log;
    std::unique_ptr<eventstore::KeyRing> keys;
    std::unique_ptr<Ring> ring;

private:
    eventstore::Append append_;
    std::map<std::string, std::uint64_t> versions_;
    std::int64_t time_;
};

inline std::string offer_stream(int number) { return "offer-" + model::offer_id(number); }
inline Opened opened(const std::string& title, std::int64_t price = 1) {
    Opened event;
    event.title = title, event.notes = "note of " + title, event.city = "الرياض", event.price.value = price,
    event.owner = model::user(1);
    return event;
}

}  // namespace sample

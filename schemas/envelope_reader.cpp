#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

#include "schemas/envelope.h"
#include "schemas/envelope_names.h"
#include "schemas/json.h"
#include "schemas/json_cursor.h"
#include "schemas/json_stored.h"

namespace nova::schemas {
namespace {

using Set = void (*)(Envelope&, std::string_view raw);

template <std::string Envelope::*Member>
void set_text(Envelope& envelope, std::string_view raw) { envelope.*Member = unescaped(raw); }

template <std::int64_t Envelope::*Member>
void set_number(Envelope& envelope, std::string_view raw) {
    if (std::from_chars(raw.data(), raw.data() + raw.size(), envelope.*Member).ptr != raw.data() + raw.size())
        throw CorruptRecord("an envelope's number is none");
}

Uuid uuid_of(std::string_view text) {
    const auto id = parse_uuid(text);
    if (!id) throw CorruptRecord("an envelope's id is none");
    return *id;
}

std::string_view unquoted(std::string_view raw) {
    if (raw.size() < 2 || raw.front() != '"') throw CorruptRecord("an envelope's text is none");
    return raw.substr(1, raw.size() - 2);
}

void set_id(Envelope& envelope, std::string_view raw) { envelope.id = uuid_of(unquoted(raw)); }

void set_time(Envelope& envelope, std::string_view raw) {
    const auto time = parse_instant(unquoted(raw));
    if (!time) throw CorruptRecord("an envelope's time is none");
    envelope.time = *time;
}

void set_source(Envelope& envelope, std::string_view raw) {
    const std::string_view source = unquoted(raw);
    if (source == directory_source) {
        envelope.tenant = {};
    } else if (source.starts_with(tenant_source)) {
        envelope.tenant = {uuid_of(source.substr(tenant_source.size()))};
    } else {
        throw CorruptRecord("an envelope's source is neither a tenant nor the directory");
    }
}

void set_actor_type(Envelope& envelope, std::string_view raw) {
    for (int i = 0; i < 3; ++i) {
        if (unquoted(raw) != actor_names[i]) continue;
        envelope.actor_type = static_cast<ActorType>(i);
        return;
    }
    throw CorruptRecord("an envelope's actor is of no known type");
}

void check_spec_version(Envelope&, std::string_view raw) {
    if (raw != "\"1.0\"") throw CorruptRecord("a CloudEvent of an unknown version");
}

struct Attribute {
    std::string_view name;
    Set set;
    bool required = false;
};
// In the order in which they are written, so that one step through the table meets each attribute of a record.
constexpr Attribute attributes[] = {
    {"actorid", set_text<&Envelope::actor_id>, true},
    {"actortype", set_actor_type, true},
    {"causationid", set_text<&Envelope::causation_id>},
    {"commandid", set_text<&Envelope::command_id>},
    {"commandname", set_text<&Envelope::command_name>},
    {"correlationid", set_text<&Envelope::correlation_id>},
    {"id", set_id, true},
    {"idempotencykey", set_text<&Envelope::idempotency_key>},
    {"onbehalfof", set_text<&Envelope::on_behalf_of>},
    {"requestdigest", set_text<&Envelope::request_digest>},
    {"schemaversion", set_number<&Envelope::schema_version>, true},
    {"sessionid", set_text<&Envelope::session_id>},
    {"source", set_source, true},
    {"specversion", check_spec_version, true},
    {"streamversion", set_number<&Envelope::stream_version>, true},
    {"subject", set_text<&Envelope::stream>, true},
    {"time", set_time, true},
    {"type", set_text<&Envelope::type>, true},
};
constexpr std::size_t attribute_count = std::size(attributes);

struct Record {
    Envelope envelope;
    std::string_view data, sealed_actor;  // raw
};

Record read_record(std::string_view bytes) {
    Record record;
    std::uint32_t met = 0;
    std::size_t next = 0;
    for_each_member(bytes, [&](std::string_view name, std::string_view raw) {
        if (name == "data") {
            record.data = raw;
        } else if (name == "sealedactor") {
            record.sealed_actor = raw;
        } else {
            while (next < attribute_count && attributes[next].name < name) ++next;
            if (next == attribute_count || attributes[next].name != name) return;  // of a newer version
            attributes[next].set(record.envelope, raw);
            met |= 1u << next;
        }
    });
    for (std::size_t i = 0; i < attribute_count; ++i)
        if (attributes[i].required && !(met >> i & 1))
            throw CorruptRecord("an envelope without " + std::string(attributes[i].name));
    if (record.data.empty()) throw CorruptRecord("an envelope without data");
    return record;
}

void open_actor_into(Envelope& envelope, std::string_view raw_box, Opener& opener) {
    const auto plain = opener.open(user_subject(envelope.actor_id), unquoted(raw_box), envelope.id);
    if (!plain) return;
    for_each_member(*plain, [&](std::string_view name, std::string_view raw) {
        if (name == "address") envelope.client_address = unescaped(raw);
        if (name == "userAgent") envelope.user_agent = unescaped(raw);
    });
}

// Calls `found` with the opened members of each box; a box whose key is gone is passed over.
template <class Found>
void open_boxes(std::string_view boxes, const Uuid& event_id, Opener& opener, Found found) {
    if (boxes.empty()) return;
    for_each_member(boxes, [&](std::string_view subject, std::string_view box) {
        if (const auto plain = opener.open(subject, unquoted(box), event_id)) found(*plain);
    });
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

DecodedEvent decode_event(std::string_view bytes, const Catalogue& catalogue, Opener& opener, bool open_actor) {
    Record record = read_record(bytes);
    DecodedEvent decoded{std::move(record.envelope), {}};
    if (open_actor && !record.sealed_actor.empty()) open_actor_into(decoded.envelope, record.sealed_actor, opener);
    const EventType* const type = catalogue.find(decoded.envelope.type);
    if (!type) return decoded;
    const std::shared_ptr<void> value = type->make();
    const Object object{type->data, value.get()};
    std::string_view boxes;
    read_stored_beside(record.data, object, sealed_name, boxes);
    open_boxes(boxes, decoded.envelope.id, opener, [&](std::string_view plain) { read_stored(plain, object); });
    decoded.event = {type, value};
    return decoded;
}

Envelope decode_envelope(std::string_view bytes) { return read_record(bytes).envelope; }

std::string opened_data(std::string_view bytes, const Catalogue& catalogue, Opener& opener) {
    const Record record = read_record(bytes);
    const EventType* const type = catalogue.find(record.envelope.type);
    std::map<std::string, std::string> members;  // the names are ASCII: their order is that of RFC 8785
    std::string_view boxes;
    for_each_member(record.data, [&](std::string_view name, std::string_view raw) {
        if (name == sealed_name) boxes = raw;
        else members.emplace(name, raw);
    });
    if (type && !boxes.empty()) {
        for (const std::string& name : type->personal) members.emplace(name, "null");
        for (const std::string& name : type->secret) members.emplace(name, secret_shown);
        open_boxes(boxes, record.envelope.id, opener, [&](std::string_view plain) {
            // Which of an unknown member is secret cannot be known, so only what is personal comes out.
            for_each_member(plain, [&](std::string_view name, std::string_view raw) {
                if (holds(type->personal, name)) members[std::string(name)] = raw;
            });
        });
    }
    std::string out = "{";
    for (const auto& [name, raw] : members) {
        if (out.size() > 1) out += ',';
        write_string(name, out);
        out.append(":").append(raw);
    }
    return out += '}';
}

}  // namespace nova::schemas

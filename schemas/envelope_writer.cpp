#include <stdexcept>

#include "schemas/envelope.h"
#include "schemas/envelope_names.h"
#include "schemas/json.h"

namespace nova::schemas {
namespace {

// A nil id means "nobody" and has no key.
std::string subject_of(const Envelope& envelope, const EventType& type, const void* value) {
    const MemberInfo* const member = type.subject_member.empty() ? nullptr : type.data->find(type.subject_member);
    if (!member) return envelope.stream;
    const TypeInfo* info = member->type;
    const void* id = member->at(const_cast<void*>(value));
    if (info->kind == Kind::optional) {
        id = info->inner_at(const_cast<void*>(id));
        info = info->inner;
    }
    if (!id || static_cast<const Uuid*>(id)->is_nil()) return envelope.stream;
    return user_subject(to_text(*static_cast<const Uuid*>(id)));
}

class MemberWriter {
public:
    explicit MemberWriter(std::string& out) : out_(out) { out_ += '{'; }
    void write(const MemberInfo& member, const void* object) {
        separate();
        out_ += member.quoted;
        write_json(*member.type, member.at(const_cast<void*>(object)), out_);
    }
    // The caller appends the value.
    void name(std::string_view quoted) {
        separate();
        out_ += quoted;
    }
    void end() { out_ += '}'; }

private:
    void separate() {
        if (!first_) out_ += ',';
        first_ = false;
    }
    std::string& out_;
    bool first_ = true;
};

void write_sealed(const Envelope& envelope, const AnyEvent& event, Sealer& sealer, MemberWriter& data,
                  std::string& out) {
    const EventType& type = *event.type;
    std::string plain;
    MemberWriter sealed(plain);
    for (const std::uint16_t i : type.data->sorted)
        if (type.sealed_members >> i & 1) sealed.write(type.data->members[i], event.value.get());
    sealed.end();
    const std::string subject = subject_of(envelope, type, event.value.get());
    data.name("\"sealed\":{");
    write_string(subject, out);
    out += ":\"";
    sealer.seal(subject, plain, envelope.id, out);
    out += "\"}";
}

void write_data(const Envelope& envelope, const AnyEvent& event, Sealer& sealer, std::string& out) {
    const EventType& type = *event.type;
    if (!type.seals()) return write_json(*type.data, event.value.get(), out);
    MemberWriter data(out);
    bool sealed = false;
    for (const std::uint16_t i : type.data->sorted) {
        if (type.sealed_members >> i & 1) continue;
        const MemberInfo& member = type.data->members[i];
        if (!sealed && sealed_name < member.name) {
            write_sealed(envelope, event, sealer, data, out);
            sealed = true;
        }
        data.write(member, event.value.get());
    }
    if (!sealed) write_sealed(envelope, event, sealer, data, out);
    data.end();
}

// Only a person has a key of their own; where a system or an API key called from is not kept.
void write_sealed_actor(const Envelope& envelope, Sealer& sealer, std::string& out) {
    if (envelope.actor_type != ActorType::USER || (envelope.client_address.empty() && envelope.user_agent.empty()))
        return;
    std::string plain = "{\"address\":";
    write_string(envelope.client_address, plain);
    plain += ",\"userAgent\":";
    write_string(envelope.user_agent, plain);
    plain += '}';
    out += ",\"sealedactor\":\"";
    sealer.seal(user_subject(envelope.actor_id), plain, envelope.id, out);
    out += '"';
}

void write_attribute(std::string_view quoted, std::string_view value, std::string& out) {
    if (value.empty()) return;
    out += quoted;
    write_string(value, out);
}

}  // namespace

void encode_event(const Envelope& envelope, const AnyEvent& event, Sealer& sealer, std::string& out) {
    if (!event.type || event.type->name != envelope.type)
        throw std::logic_error("an envelope of another type than its event");
    out += "{\"actorid\":";
    write_string(envelope.actor_id, out);
    out.append(",\"actortype\":\"").append(actor_names[static_cast<int>(envelope.actor_type)]).append("\"");
    write_attribute(",\"causationid\":", envelope.causation_id, out);
    write_attribute(",\"commandid\":", envelope.command_id, out);
    write_attribute(",\"commandname\":", envelope.command_name, out);
    write_attribute(",\"correlationid\":", envelope.correlation_id, out);
    out += ",\"data\":";
    write_data(envelope, event, sealer, out);
    out += ",\"id\":\"";
    append_text(envelope.id, out);
    out += '"';
    write_attribute(",\"idempotencykey\":", envelope.idempotency_key, out);
    write_attribute(",\"onbehalfof\":", envelope.on_behalf_of, out);
    write_attribute(",\"requestdigest\":", envelope.request_digest, out);
    out += ",\"schemaversion\":";
    write_number(envelope.schema_version, out);
    write_sealed_actor(envelope, sealer, out);
    write_attribute(",\"sessionid\":", envelope.session_id, out);
    out += ",\"source\":\"";
    if (envelope.tenant.is_nil()) {
        out += directory_source;
    } else {
        out += tenant_source;
        append_text(envelope.tenant.value, out);
    }
    out += "\",\"specversion\":\"1.0\",\"streamversion\":";
    write_number(envelope.stream_version, out);
    write_attribute(",\"subject\":", envelope.stream, out);
    out += ",\"time\":\"";
    append_text(envelope.time, out);
    out += '"';
    write_attribute(",\"type\":", envelope.type, out);
    out += '}';
}

}  // namespace nova::schemas

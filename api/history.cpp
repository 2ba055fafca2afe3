// What happened to one item: its events in words (English and Arabic) and in data, with what each changed.
#include <algorithm>
#include <deque>
#include <map>

#include "api/as_of.h"
#include "api/offload.h"
#include "api/sentence.h"
#include "domain/kernel/amount.h"

namespace nova::api {
namespace {

struct Wanted {
    std::vector<std::string> types;
    std::optional<Instant> from, to;
    std::string actor, member;
    bool descending = false;
    std::size_t limit = 200;
    std::uint64_t cursor = 0;   // the stream version behind which the page begins; 0: at the beginning (or the end)
};

std::optional<Instant> time_parameter(const Request& request, const char* name, Violations& wrong) {
    const auto given = request.parameter(name);
    if (!given) return {};
    const auto time = parse_instant(*given);
    if (!time) wrong.add(name, "invalid_time", "A time reads like 2026-11-20T09:30:00Z.");
    return time;
}

Wanted parse_wanted(const Request& request, Violations& wrong) {
    Wanted wanted;
    for (const auto& [name, value] : request.query)
        if (name == "types") {
            std::string_view rest = value;
            while (!rest.empty()) {
                const std::size_t comma = std::min(rest.find(','), rest.size());
                if (comma > 0) wanted.types.emplace_back(rest.substr(0, comma));
                rest.remove_prefix(std::min(comma + 1, rest.size()));
            }
        }
    wanted.from = time_parameter(request, "from", wrong);
    wanted.to = time_parameter(request, "to", wrong);
    if (wanted.from && wanted.to && *wanted.from > *wanted.to)
        wrong.add("from", "from_after_to", "`from` must not be after `to`.");
    wanted.actor = request.parameter("actorId").value_or("");
    wanted.member = request.parameter("member").value_or("");
    const std::string_view order = request.parameter("order").value_or("asc");
    if (order != "asc" && order != "desc") wrong.add("order", "unknown_value", "order is asc or desc.");
    wanted.descending = order == "desc";
    Whole<1, 1000> limit{200};
    Whole<1, schemas::max_exact> cursor;
    if (const auto given = request.parameter("limit");
        given && schemas::read_text_value(*given, schemas::type_of<Whole<1, 1000>>(), &limit, "limit", wrong))
        wanted.limit = static_cast<std::size_t>(limit.value);
    if (const auto given = request.parameter("cursor");
        given && schemas::read_text_value(*given, schemas::type_of<decltype(cursor)>(), &cursor, "cursor", wrong))
        wanted.cursor = static_cast<std::uint64_t>(cursor.value);
    return wanted;
}

using Members = std::map<std::string, std::string, std::less<>>;

Members members_of(const projections::CollectionInfo& info, const void* view) {
    std::string json;
    schemas::write_json(*info.view, view, json);
    Members members;
    schemas::for_each_member(json, [&](std::string_view name, std::string_view raw) { members.emplace(name, raw); });
    return members;
}

// Members that every event moves on say nothing of what it changed.
bool is_bookkeeping(std::string_view member) {
    return member == "version" || member == "updatedAt" || member == "id" || member == "createdAt";
}

struct Change {
    std::string member, from, to;
};

std::vector<Change> changes_between(const Members& before, const Members& after) {
    std::vector<Change> changes;
    for (const auto& [name, to] : after) {
        if (is_bookkeeping(name)) continue;
        const auto was = before.find(name);
        const std::string& from = was == before.end() ? "null" : was->second;
        if (from != to) changes.push_back({name, from, to});
    }
    return changes;
}

bool is_wanted(const Wanted& wanted, const schemas::Envelope& e, const std::vector<Change>& changes) {
    const std::string_view name = std::string_view(e.type).substr(e.type.rfind('.') + 1);
    const auto has = [&](std::string_view type) { return type == e.type || type == name; };
    if (!wanted.types.empty() && std::none_of(wanted.types.begin(), wanted.types.end(), has)) return false;
    if ((wanted.from && e.time < *wanted.from) || (wanted.to && e.time > *wanted.to)) return false;
    if (!wanted.actor.empty() && wanted.actor != e.actor_id) return false;
    return wanted.member.empty() ||
           std::any_of(changes.begin(), changes.end(), [&](const Change& c) { return c.member == wanted.member; });
}

void add_text(std::string& out, const char* name, std::string_view value) {
    out += ",\"";
    out += name;
    out += "\":";
    if (value.empty()) out += "null";
    else schemas::write_string(value, out);
}

std::string entry_of(const Services& services, const TenantId& tenant, bool shows_addresses,
                     const schemas::DecodedEvent& event, const eventstore::EventRecord& record,
                     const std::vector<Change>& changes) {
    const schemas::Envelope& e = event.envelope;
    const auto user = parse_uuid(e.actor_id);
    const auto name = user ? services.name_of(tenant, UserId{*user}) : std::optional<std::string>("Nova");
    std::string out = "{\"eventId\":\"" + to_text(e.id) + "\"";
    add_text(out, "type", e.type);
    add_text(out, "position", to_text(record.position));
    out += ",\"streamversion\":" + std::to_string(e.stream_version);
    add_text(out, "time", to_text(e.time));
    out += ",\"actor\":{\"type\":\"" + std::string(actor_type_text(e.actor_type)) + "\"";
    add_text(out, "id", e.actor_id);
    add_text(out, "name", name.value_or(""));
    out += '}';
    add_text(out, "onBehalfOf", e.on_behalf_of);
    add_text(out, "clientAddress", shows_addresses ? std::string_view(e.client_address) : std::string_view());
    add_text(out, "correlationId", e.correlation_id);
    add_text(out, "commandName", e.command_name);
    const std::string data = schemas::opened_data(record.bytes, schemas::catalogue(), services.opener);
    add_text(out, "sentence", sentence(event.event.type->sentence, data, name.value_or("someone")));
    add_text(out, "sentenceAr", sentence(event.event.type->sentence_ar, data, name.value_or("شخص")));
    out += ",\"changes\":[";
    for (const Change& change : changes) {
        if (out.back() == '}') out += ',';
        out += "{\"member\":\"" + change.member + "\",\"from\":" + change.from + ",\"to\":" + change.to + '}';
    }
    return out + "]}";
}

struct Happened {
    schemas::DecodedEvent event;
    const eventstore::EventRecord* record;
    std::vector<Change> changes;
};

// The page asked for: what is wanted behind the cursor, in the order asked for, and one more if there is more.
std::deque<Happened> page_of(const Services& services, const projections::CollectionInfo& info,
                             const std::vector<eventstore::EventRecord>& records, bool shows_addresses,
                             const Wanted& wanted) {
    std::deque<Happened> page;
    const std::shared_ptr<void> view = info.make();
    Members before;
    for (const eventstore::EventRecord& record : records) {
        if (wanted.descending && wanted.cursor && record.version >= wanted.cursor) break;
        schemas::DecodedEvent event =
            schemas::decode_event(record.bytes, schemas::catalogue(), services.opener, shows_addresses);
        projections::fold(info, view.get(), event, record.position);
        Members after = members_of(info, view.get());
        std::vector<Change> changes = changes_between(before, after);
        before = std::move(after);
        if ((!wanted.descending && record.version <= wanted.cursor) || !is_wanted(wanted, event.envelope, changes))
            continue;
        page.push_back({std::move(event), &record, std::move(changes)});
        if (page.size() <= wanted.limit) continue;
        if (!wanted.descending) break;
        if (page.size() > wanted.limit + 1) page.pop_front();
    }
    if (wanted.descending) std::reverse(page.begin(), page.end());
    return page;
}

std::string history_of(const Services& services, const projections::CollectionInfo& info, const std::string& stream,
                       const Identity& who, const Wanted& wanted) {
    const bool shows_addresses = extent(who.actor, commands::Right::log_read) == commands::Extent::tenant;
    const std::vector<eventstore::EventRecord> records = services.log.read_stream(stream);
    std::deque<Happened> page = page_of(services, info, records, shows_addresses, wanted);
    const bool more = page.size() > wanted.limit;
    if (more) page.pop_back();
    std::string out = "{\"history\":[";
    for (const Happened& happened : page) {
        if (out.back() == '}') out += ',';
        out += entry_of(services, who.tenant, shows_addresses, happened.event, *happened.record, happened.changes);
    }
    out += "],\"nextCursor\":";
    return out + (more ? "\"" + std::to_string(page.back().record->version) + "\"" : "null") + "}";
}

}  // namespace

Handler history_handler(const Services& services, const projections::CollectionInfo& info, commands::Right right,
                        std::string stream_prefix) {
    return [&services, &info, right, prefix = std::move(stream_prefix)](const RequestPtr& request,
                                                                        const ReplyPtr& reply) {
        after_own_writes(services, request, reply, [&services, &info, right, prefix, request, reply] {
            const auto id = path_id(*request, reply);
            if (!id) return;
            Violations wrong;
            const Wanted wanted = parse_wanted(*request, wrong);
            if (!wrong.empty()) return reply->send(invalid(*request, std::move(wrong)));
            const Identity& who = *request->identity;
            const bool administers = extent(who.actor, commands::Right::log_read) == commands::Extent::tenant;
            if (!administers && !services.views.get(info, {who.tenant, to_text(*id)}, reach_of(who, right)))
                return reply->send(problem(*request, Rejection::not_found()));
            run_on(services.pool, request, reply,
                   [&services, &info, request, reply, wanted, stream = prefix + to_text(*id)] {
                       const Identity& asker = *request->identity;
                       if (!belongs_to(services, info, stream, asker.tenant))
                           return reply->send(problem(*request, Rejection::not_found()));
                       reply->send(Response{200, history_of(services, info, stream, asker, wanted)});
                   });
        });
    };
}

std::vector<Parameter> history_parameters() {
    return {{"types", R"({"type":"string"})", "names of event types, comma-separated", true},
            {"from", R"({"type":"string","format":"date-time"})", "events at or after this time"},
            {"to", R"({"type":"string","format":"date-time"})", "events at or before this time"},
            {"actorId", R"({"type":"string"})", "events of this actor"},
            {"member", R"({"type":"string"})", "events that changed this member"},
            {"order", R"({"type":"string","enum":["asc","desc"]})", "oldest (asc) or newest first"},
            {"limit", R"({"type":"integer","minimum":1,"maximum":1000})", "entries of a page; 200 if left out"},
            {"cursor", R"({"type":"integer","minimum":1,"maximum":9007199254740991})", "nextCursor of the page before"}};
}

std::string history_schema() {
    const std::string text = R"({"type":["string","null"]})";
    return R"({"type":"object","required":["history","nextCursor"],"properties":{"nextCursor":{"type":["string","null"]},"history":{"type":"array","items":{"type":"object",)"
           R"("required":["eventId","type","position","streamversion","time","actor","sentence","sentenceAr","changes"],"properties":{)"
           R"("eventId":{"type":"string","format":"uuid"},"type":{"type":"string"},"position":{"type":"string"},"streamversion":{"type":"integer"},)"
           R"("time":{"type":"string","format":"date-time"},"actor":{"type":"object"},"onBehalfOf":)" + text + R"(,"clientAddress":)" + text +
           R"(,"correlationId":)" + text + R"(,"commandName":)" + text + R"(,"sentence":)" + text + R"(,"sentenceAr":)" + text +
           R"(,"changes":{"type":"array","items":{"type":"object","required":["member","from","to"],"properties":{"member":{"type":"string"}}}}}}}}})";
}

}  // namespace nova::api

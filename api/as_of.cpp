#include "api/as_of.h"

#include "api/http/item.h"
#include "api/offload.h"

namespace nova::api {
namespace {

// The moment asked for: a time or a position, inclusive.
struct Moment {
    std::optional<Instant> time;
    std::optional<eventstore::Position> position;
    bool holds(const schemas::Envelope& event, eventstore::Position at) const {
        return time ? event.time <= *time : at.partition == position->partition && at.offset <= position->offset;
    }
};

std::optional<Moment> parse_moment(std::string_view text, Instant now, Violations& wrong) {
    Moment moment{parse_instant(text), eventstore::parse_position(text)};
    if (!moment.time && !moment.position)
        wrong.add("asOf", "invalid_time", "asOf is an RFC 3339 time such as 2026-11-20T09:30:00Z, or a position.");
    else if (moment.time && *moment.time > now) wrong.add("asOf", "in_the_future", "asOf lies in the future.");
    return wrong.empty() ? std::optional(moment) : std::nullopt;
}

struct Past {
    bool began = false, there = false;
    std::optional<Instant> deleted_at;
    std::string item;
    std::int64_t version = 0;
};

Past item_then(const Services& services, const projections::CollectionInfo& info, const TenantId& tenant,
               const std::string& stream, const Moment& moment) {
    Past past;
    std::shared_ptr<void> view = info.make();
    for (const eventstore::EventRecord& record : services.log.read_stream(stream)) {
        const schemas::DecodedEvent event = schemas::decode_event(record.bytes, schemas::catalogue(), services.opener);
        if (event.envelope.tenant != tenant && !event.envelope.tenant.is_nil()) return {};
        if (!moment.holds(event.envelope, record.position)) break;
        past.began = true;
        past.there = projections::fold(info, view.get(), event, record.position);
        if (!past.there) past.deleted_at = event.envelope.time;
        past.version = event.envelope.stream_version;
    }
    if (past.began) schemas::write_json(*info.view, view.get(), past.item);
    return past;
}

Response answer(const Request& request, const projections::CollectionInfo& info, const Past& past,
                bool may_see_deleted) {
    if (!past.began)
        return problem(request, Problem{404, "not_yet", "Not yet", "The item did not exist at that time.", {}});
    if (past.there || may_see_deleted)
        return item_response(request, info.item_name, past.item, static_cast<std::uint64_t>(past.version));
    Problem gone{404, "not_found", "Not found", "The item had been deleted by then.", {}};
    gone.more = ",\"deletedAt\":\"" + to_text(*past.deleted_at) + "\"";
    return problem(request, std::move(gone));
}

}  // namespace

void answer_as_of(const Services& services, const projections::CollectionInfo& info, commands::Right right,
                  std::string stream, const RequestPtr& request, const ReplyPtr& reply) {
    Violations wrong;
    const auto moment = parse_moment(*request->parameter("asOf"), services.clock(), wrong);
    if (!moment) return reply->send(invalid(*request, std::move(wrong)));
    const Identity& who = *request->identity;
    // Who may read the item now may read its past; what is deleted now, only auditors and the tenant's administration.
    const bool administers = extent(who.actor, commands::Right::log_read) == commands::Extent::tenant;
    const std::string id = stream.substr(stream.size() - 36);
    if (!administers && !services.views.get(info, {who.tenant, id}, reach_of(who, right)))
        return reply->send(problem(*request, Rejection::not_found()));
    run_on(services.pool, request, reply,
           [&services, &info, request, reply, stream = std::move(stream), moment = *moment, administers] {
               const TenantId tenant = request->identity->tenant;
               if (!belongs_to(services, info, stream, tenant))
                   return reply->send(problem(*request, Rejection::not_found()));
               reply->send(answer(*request, info, item_then(services, info, tenant, stream, moment), administers));
           });
}

bool belongs_to(const Services& services, const projections::CollectionInfo& info, const std::string& stream,
                const TenantId& tenant) {
    const auto first = services.log.read_stream(stream, 1, 1);
    if (first.empty()) return false;
    const TenantId boundary = schemas::decode_envelope(first.front().bytes).tenant;
    if (!boundary.is_nil()) return boundary == tenant;
    // Items of the directory (users) belong to the tenants that have a row of them.
    projections::Reach whole;
    whole.whole_tenant = true;
    return services.views.get(info, {tenant, stream.substr(stream.size() - 36)}, whole).has_value();
}

}  // namespace nova::api

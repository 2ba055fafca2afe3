// Questions on the wire: lists, single items now and as of a time; each waits for the asker's own last command.
#include <cstdlib>

#include "api/as_of.h"
#include "api/http/item.h"
#include "api/http/list_query.h"
#include "api/offload.h"
#include "api/resource.h"
#include "schemas/json_schema.h"

namespace nova::api {
namespace {

constexpr std::chrono::milliseconds own_writes_wait{2000};

// Nova-Position may name several partitions; the furthest of ours counts.
std::optional<std::uint64_t> awaited_next(const Services& services, const Request& request, const ReplyPtr& reply) {
    std::uint64_t next = request.identity ? services.own_writes.next_of(request.identity->actor.user) : 0;
    std::string_view given = request.header("nova-position");
    while (!given.empty()) {
        const std::size_t comma = std::min(given.find(','), given.size());
        const auto position = eventstore::parse_position(given.substr(0, comma));
        if (!position) {
            Violations wrong;
            wrong.add("Nova-Position", "invalid_position",
                      "Nova-Position is <partition>:<offset>, as an answer gave it.");
            reply->send(invalid(request, std::move(wrong)));
            return {};
        }
        // A position beyond the log's end was never given out: there is nothing to wait for.
        if (position->offset < services.log.tail(position->partition).next) next = std::max(next, position->offset + 1);
        given.remove_prefix(std::min(comma + 1, given.size()));
    }
    return next;
}

// `version` is the last of its name in a canonical document: free objects sort before it.
std::uint64_t version_in(std::string_view document) {
    constexpr std::string_view name = "\"version\":";
    const std::size_t at = document.rfind(name);
    return at == std::string_view::npos ? 0 : std::strtoull(document.data() + at + name.size(), nullptr, 10);
}

void send_list(const Services& services, const Request& request, const ReplyPtr& reply,
               const projections::CollectionInfo& info, const ListQuery& query) {
    try {
        reply->send(list_response(request, info, query, services.views.list(info, query.query)));
    } catch (const projections::BadCursor&) {
        Violations wrong;
        wrong.add("cursor", "invalid_cursor", "The cursor is not one that this list gave; begin again without it.");
        reply->send(invalid(request, std::move(wrong)));
    }
}

}  // namespace

projections::Reach reach_of(const Identity& who, commands::Right right) {
    projections::Reach reach;
    reach.whole_tenant = extent(who.actor, right) == commands::Extent::tenant;
    reach.user = to_text(who.actor.user);
    return reach;
}

void after_own_writes(const Services& services, const RequestPtr& request, const ReplyPtr& reply,
                      std::function<void()> query) {
    const auto next = awaited_next(services, *request, reply);
    if (!next) return;
    if (services.runner.applied_next() >= *next) return query();
    // After two seconds the query is answered with what there is: a view that is late is still better than none.
    services.runner.when_applied(*next, own_writes_wait,
                                 [&services, query = std::move(query)](bool) { services.post(query); });
}

Handler item_handler(const Services& services, const projections::CollectionInfo& info, commands::Right right,
                     std::string stream_prefix) {
    return [&services, &info, right, prefix = std::move(stream_prefix)](const RequestPtr& request,
                                                                        const ReplyPtr& reply) {
        after_own_writes(services, request, reply, [&services, &info, right, prefix, request, reply] {
            const auto id = path_id(*request, reply);
            if (!id) return;
            if (request->parameter("asOf"))
                return answer_as_of(services, info, right, prefix + to_text(*id), request, reply);
            const auto document = services.views.get(info, {request->identity->tenant, to_text(*id)},
                                                     reach_of(*request->identity, right));
            if (!document) return reply->send(problem(*request, Rejection::not_found()));
            reply->send(item_response(*request, info.item_name, *document, version_in(*document)));
        });
    };
}

Handler list_handler(const Services& services, const projections::CollectionInfo& info, commands::Right right,
                     Adjust adjust, std::vector<std::string> own_parameters) {
    return [&services, &info, right, adjust = std::move(adjust), own = std::move(own_parameters)](
               const RequestPtr& request, const ReplyPtr& reply) {
        after_own_writes(services, request, reply, [&services, &info, right, adjust, own, request, reply] {
            Violations wrong;
            ListQuery query = parse_list_query(*request, info, request->identity->tenant,
                                               reach_of(*request->identity, right), own, wrong);
            if (adjust) adjust(*request, query.query, wrong);
            if (!wrong.empty()) return reply->send(invalid(*request, std::move(wrong)));
            // Searches and filters may scan the whole tenant: off the I/O thread. A plain page is one indexed look-up.
            if (query.query.search.empty() && query.query.filters.empty())
                return send_list(services, *request, reply, info, query);
            run_on(services.pool, request, reply, [&services, &info, request, reply, query = std::move(query)] {
                send_list(services, *request, reply, info, query);
            });
        });
    };
}

std::string item_schema(const projections::CollectionInfo& info) {
    return "{\"type\":\"object\",\"required\":[\"" + info.item_name + "\"],\"properties\":{\"" + info.item_name +
           "\":" + schemas::answer_schema(*info.view) + "}}";
}

std::string list_schema(const projections::CollectionInfo& info) {
    return "{\"type\":\"object\",\"required\":[\"" + info.name +
           "\",\"total\",\"page\",\"pages\",\"limit\",\"nextCursor\"],\"properties\":{\"" + info.name +
           "\":{\"type\":\"array\",\"items\":" + schemas::partial_schema(*info.view) +
           "},\"total\":{\"type\":\"integer\",\"minimum\":0},\"page\":{\"type\":[\"integer\",\"null\"]},\"pages\":{"
           "\"type\":\"integer\",\"minimum\":0},"
           "\"limit\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":200},\"nextCursor\":{\"type\":[\"string\","
           "\"null\"]}}}";
}

void add_queries(Router& router, const Services& services, const projections::CollectionInfo& info,
                 commands::Right right, std::string path, std::string stream_prefix, std::string tag,
                 std::vector<Parameter> list_parameters, Adjust adjust) {
    std::vector<std::string> own;
    for (const Parameter& parameter : list_parameters) own.push_back(parameter.name);
    std::vector<Parameter> parameters = list_parameters_of(info);
    parameters.insert(parameters.end(), list_parameters.begin(), list_parameters.end());
    router.add({.method = Method::GET,
                .pattern = path,
                .summary = "Lists " + info.name + ", filtered, searched, sorted and in pages.",
                .tag = tag,
                .handle = list_handler(services, info, right, std::move(adjust), std::move(own)),
                .right = right,
                .parameters = std::move(parameters),
                .answers = {{200, list_schema(info)}}});
    router.add(
        {.method = Method::GET,
         .pattern = path + "/{id}",
         .summary = "Shows one " + info.item_name + ", as it is or was.",
         .tag = tag,
         .handle = item_handler(services, info, right, stream_prefix),
         .right = right,
         .parameters = {{"asOf", R"({"type":"string"})", "a time (RFC 3339) or position at which the item is wanted"}},
         .answers = {{200, item_schema(info)}},
         .refusals = {{404, "not_yet"}}});
    router.add({.method = Method::GET,
                .pattern = path + "/{id}/history",
                .summary = "Lists what happened to one " + info.item_name + ", in words and in data.",
                .tag = tag,
                .handle = history_handler(services, info, right, std::move(stream_prefix)),
                .right = right,
                .parameters = history_parameters(),
                .answers = {{200, history_schema()}}});
}

}  // namespace nova::api

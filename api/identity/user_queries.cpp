// GET /api/users and /api/users/{id}: people of the tenant, as the asker may see them.
#include "api/as_of.h"
#include "api/http/item.h"
#include "api/http/list_query.h"
#include "api/identity/people.h"
#include "api/identity/identity_services.h"
#include "api/resource.h"
#include "schemas/json_schema.h"

namespace nova::api {
namespace {

using commands::Right;

struct Rows {
    std::vector<projections::MemberView> rows;
};
BOOST_DESCRIBE_STRUCT(Rows, (), (rows))

void show_as_seen(const IdentityServices& services, const Identity& asker, projections::Page& page) {
    Rows read;
    schemas::read_stored("{\"rows\":[" + page.items + "]}", schemas::object(read));
    std::string items;
    items.reserve(page.items.size());
    for (const projections::MemberView& row : read.rows) {
        if (!items.empty()) items += ',';
        items += shown_user(services.directory, row, asker.tenant, sight_of(asker, row.id), row.id == asker.actor.user);
    }
    page.items = std::move(items);
}

void send_list(const IdentityServices& services, const RequestPtr& request, const ReplyPtr& reply,
               const ListQuery& query) {
    try {
        projections::Page page = services.common.views.list(services.collections.users, query.query);
        show_as_seen(services, *request->identity, page);
        reply->send(list_response(*request, services.collections.users, query, page));
    } catch (const projections::BadCursor&) {
        Violations wrong;
        wrong.add("cursor", "invalid_cursor", "The cursor is not one that this list gave; begin again without it.");
        reply->send(invalid(*request, std::move(wrong)));
    } catch (const std::exception& e) {
        reply->send(failure(*request, e.what()));
    }
}

Handler list(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        after_own_writes(services.common, request, reply, [&services, request, reply] {
            Violations wrong;
            ListQuery query = parse_list_query(*request, services.collections.users, request->identity->tenant,
                                               reach_of(*request->identity, Right::users_read), {}, wrong);
            if (!wrong.empty()) return reply->send(invalid(*request, std::move(wrong)));
            if (query.query.search.empty()) return send_list(services, request, reply, query);
            const bool queued = services.common.pool.submit(
                [&services, request, reply, query = std::move(query)] { send_list(services, request, reply, query); });
            if (!queued) reply->send(unavailable(*request, "Too many searches are waiting."));
        });
    };
}

void send_item(const IdentityServices& services, const RequestPtr& request, const ReplyPtr& reply, const UserId& id) {
    const Identity& who = *request->identity;
    const auto document = services.common.views.get(services.collections.users, {who.tenant, to_text(id)},
                                                    reach_of(who, Right::users_read));
    if (!document) return reply->send(problem(*request, Rejection::not_found()));
    projections::MemberView row;
    schemas::read_stored(*document, schemas::object(row));
    const std::string shown = shown_user(services.directory, row, who.tenant, sight_of(who, id), id == who.actor.user);
    reply->send(item_response(*request, "user", shown, static_cast<std::uint64_t>(row.version)));
}

// The past is shown with all its members, so only to those who may see all of the present.
bool sees_past(const Identity& who, const UserId& id) { return sight_of(who, id) == Sight::whole; }

Handler item(const IdentityServices& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        after_own_writes(services.common, request, reply, [&services, request, reply] {
            const auto id = path_id(*request, reply);
            if (!id) return;
            if (!request->parameter("asOf")) return send_item(services, request, reply, UserId{*id});
            if (!sees_past(*request->identity, UserId{*id}))
                return reply->send(problem(*request, Rejection::forbidden()));
            answer_as_of(services.common, services.collections.users, Right::users_read,
                         std::string(identity::User::prefix) + to_text(*id), request, reply);
        });
    };
}

Handler history(const IdentityServices& services) {
    return
        [all = history_handler(services.common, services.collections.users, Right::users_read,
                               std::string(identity::User::prefix))](const RequestPtr& request, const ReplyPtr& reply) {
            const auto id = path_id(*request, reply);
            if (!id) return;
            if (!sees_past(*request->identity, UserId{*id}))
                return reply->send(problem(*request, Rejection::forbidden()));
            all(request, reply);
        };
}

}  // namespace

void add_user_queries(Router& router, const IdentityServices& services) {
    const std::string tag = "Users", path = "/api/users",
                      answer = schemas::answer_schema(schemas::type_of<UserAnswer>());
    router.add({.method = Method::GET,
                .pattern = path,
                .summary = "Lists the people of the company; brokers see of others what colleagues need.",
                .tag = tag,
                .handle = list(services),
                .right = Right::users_read,
                .parameters = list_parameters_of(services.collections.users),
                .answers = {{200, list_schema(services.collections.users)}}});
    router.add({.method = Method::GET,
                .pattern = path + "/{id}",
                .summary = "Shows one person of the company, as they are or were.",
                .tag = tag,
                .handle = item(services),
                .right = Right::users_read,
                .parameters = {{"asOf", R"({"type":"string"})", "a time (RFC 3339) or position at which the item is wanted"}},
                .answers = {{200, R"({"type":"object","required":["user"],"properties":{"user":)" + answer + "}}"}},
                .refusals = {{404, "not_yet"}}});
    router.add({.method = Method::GET,
                .pattern = path + "/{id}/history",
                .summary = "Lists what happened to one person, in words and in data.",
                .tag = tag,
                .handle = history(services),
                .right = Right::users_read,
                .parameters = history_parameters(),
                .answers = {{200, history_schema()}}});
}

}  // namespace nova::api

// What every kind of item has in common on the wire: reading a body into a command, submitting it and answering with the
// item; one item, now or as of a time; its history; lists.
#pragma once
#include <memory>
#include <string>

#include "api/http/problem.h"
#include "api/http/router.h"
#include "api/services.h"
#include "schemas/json.h"

namespace nova::api {

// ---- Commands ----

// How the answer of an accepted command looks.
struct Answer {
    unsigned status = 200;                                     // 201 adds Location, 204 sends no body
    const projections::CollectionInfo* item = nullptr;
    std::string location;                                      // "/api/customers/", the id follows
    bool warnings = false;                                     // a member `warnings` beside the item
};

// Submits `handle` as the command `name` of the signed-in user, with the request's Idempotency-Key and If-Match, and answers.
// `stream` is the item's that If-Match speaks of; empty for creations.
void submit(const Services&, const RequestPtr&, const ReplyPtr&, std::string name, std::string stream,
            commands::Handler handle, Answer);

// The body as a `T`, with everything that is wrong added to the violations.
template <class T>
T read_body(const Request& request, Violations& wrong) {
    T body{};
    schemas::read_request(request.body, schemas::object(body), wrong);
    return body;
}

// The UUID in the path; an id that is none names nothing: answers 404 and returns none.
std::optional<Uuid> path_id(const Request&, const ReplyPtr&, std::size_t index = 0);

// ---- Queries ----

// Whose items the actor may read by `right`, as the views understand it.
projections::Reach reach_of(const Identity&, commands::Right);

// Calls `query` on the I/O thread when the views hold the user's last command and the request's Nova-Position.
void after_own_writes(const Services&, const RequestPtr&, const ReplyPtr&, std::function<void()> query);

Handler item_handler(const Services&, const projections::CollectionInfo&, commands::Right, std::string stream_prefix);
Handler history_handler(const Services&, const projections::CollectionInfo&, commands::Right,
                        std::string stream_prefix);
// `adjust` turns parameters that are no columns into filters; it may be empty.
using Adjust = std::function<void(const Request&, projections::Query&, Violations&)>;
Handler list_handler(const Services&, const projections::CollectionInfo&, commands::Right, Adjust adjust = {},
                     std::vector<std::string> own_parameters = {});

// The three routes of a collection: list, item (with asOf), history.
void add_queries(Router&, const Services&, const projections::CollectionInfo&, commands::Right, std::string path,
                 std::string stream_prefix, std::string tag, std::vector<Parameter> list_parameters = {},
                 Adjust adjust = {});

// The JSON Schemas of answers: {"customer": {…}} and the list.
std::string item_schema(const projections::CollectionInfo&);
std::string list_schema(const projections::CollectionInfo&);

}  // namespace nova::api

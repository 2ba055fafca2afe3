#include "api/customers/customers.h"

#include "api/resource.h"
#include "commands/customers/customer.h"
#include "projections/customers/customers.h"
#include "schemas/json_schema.h"

namespace nova::api {
namespace customer = nova::customers::customer;
namespace {

using commands::Right;
constexpr const char* example =
    R"({"name":"سارة القحطاني","phone":"0551234567","email":"sara@example.com","category":"مشتري","budgetMin":800000,"budgetMax":1200000,)"
    R"("preferredCities":["الرياض"],"preferredDistricts":["الملقا","حطين"],"tags":["جاد"]})";

std::string stream_of(const CustomerId& id) { return std::string(customers::Customer::prefix) + to_text(id); }

Handler create(const Services& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        Violations wrong;
        auto body = read_body<customer::Create>(*request, wrong);
        if (!wrong.mentions("")) validate(body, services.directory.tenant(request->identity->tenant), wrong);
        if (!wrong.empty()) return reply->send(invalid(*request, std::move(wrong)));
        submit(services, request, reply, "CreateCustomer", {}, commands::create_customer(std::move(body)),
               {.status = 201, .item = &projections::customers(), .location = "/api/customers/", .warnings = true});
    };
}

Handler update(const Services& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        const auto id = path_id(*request, reply);
        if (!id) return;
        Violations wrong;
        auto body = read_body<customer::Update>(*request, wrong);
        if (!wrong.mentions("")) validate(body, services.directory.tenant(request->identity->tenant), wrong);
        if (!wrong.empty()) return reply->send(invalid(*request, std::move(wrong)));
        submit(services, request, reply, "UpdateCustomer", stream_of({*id}),
               commands::update_customer({*id}, std::move(body)),
               {.item = &projections::customers(), .warnings = true});
    };
}

Handler remove(const Services& services) {
    return [&services](const RequestPtr& request, const ReplyPtr& reply) {
        const auto id = path_id(*request, reply);
        if (!id) return;
        Violations wrong;
        customer::Delete command;
        if (const auto reason = request->parameter("reason"))
            schemas::read_text_value(*reason, schemas::type_of<customer::Reason>(), &command.reason.emplace(), "reason",
                                     wrong);
        if (!wrong.empty()) return reply->send(invalid(*request, std::move(wrong)));
        submit(services, request, reply, "DeleteCustomer", stream_of({*id}),
               commands::delete_customer({*id}, std::move(command)), {.status = 204});
    };
}

std::optional<projections::Value> whole(const Request& request, const char* name, Violations& wrong) {
    const auto given = request.parameter(name);
    if (!given) return {};
    Sar amount;
    if (!schemas::read_text_value(*given, schemas::type_of<Sar>(), &amount, name, wrong)) return {};
    return amount.value;
}

// Filters that are more than a column: budgets that overlap, customers nobody has spoken to for a while, all of some tags.
void adjust(const Request& request, projections::Query& query, Violations& wrong) {
    using projections::Filter;
    using projections::Match;
    if (const auto min = whole(request, "budgetMin", wrong))
        query.filters.push_back({"budgetHigh", Match::range, {}, *min, {}});
    if (const auto max = whole(request, "budgetMax", wrong))
        query.filters.push_back({"budgetLow", Match::range, {}, {}, *max});
    if (const auto since = request.parameter("noContactSince")) {
        const auto time = parse_instant(*since);
        if (time) query.filters.push_back({"lastContact", Match::range, {}, {}, projections::Value(time->ms)});
        else wrong.add("noContactSince", "invalid_time", "A time reads like 2026-11-20T09:30:00Z.");
    }
    for (const auto& [name, value] : request.query)
        if (name == "tagsAll")
            query.filters.push_back({"tags", Match::all_of, {projections::Value(folded(value))}, {}, {}});
}

}  // namespace

void add_customer_routes(Router& router, const Services& services) {
    const std::string tag = "Customers", path = "/api/customers";
    const std::string answer = "{\"type\":\"object\",\"required\":[\"customer\"],\"properties\":{\"customer\":" +
                               schemas::answer_schema(*projections::customers().view) +
                               ",\"warnings\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
                               "\"code\",\"customerId\",\"name\"]}}}}";
    const std::vector<std::pair<unsigned, std::string>> refusals{
        {409, "duplicate_customer, assignee_not_member, customer_archived, wrong_state"}};
    router.add({.method = Method::POST,
                .pattern = path,
                .summary = "Creates a customer; the same phone or e-mail twice is a warning.",
                .tag = tag,
                .handle = create(services),
                .right = Right::customers_write,
                .body = &schemas::type_of<customer::Create>(),
                .body_example = example,
                .answers = {{201, answer}},
                .refusals = refusals,
                .takes_idempotency_key = true});
    router.add({.method = Method::PATCH,
                .pattern = path + "/{id}",
                .summary = "Changes what is given; what is missing stays.",
                .tag = tag,
                .handle = update(services),
                .right = Right::customers_write,
                .body = &schemas::type_of<customer::Update>(),
                .body_example = R"({"budgetMax":1500000,"interestLevel":"ساخن"})",
                .answers = {{200, answer}},
                .refusals = refusals,
                .takes_idempotency_key = true,
                .takes_if_match = true});
    router.add({.method = Method::DELETE,
                .pattern = path + "/{id}",
                .summary = "Deletes a customer; its history stays.",
                .tag = tag,
                .handle = remove(services),
                .right = Right::customers_delete,
                .parameters = {{"reason", R"({"type":"string","minLength":1,"maxLength":1000})", "why"}},
                .answers = {{204, ""}},
                .takes_idempotency_key = true,
                .takes_if_match = true});
    const std::string amount = R"({"type":"integer","minimum":0,"maximum":9007199254740991})";
    add_queries(router, services, projections::customers(), Right::customers_read, path,
                std::string(customers::Customer::prefix), tag,
                {{"budgetMin", amount, "budgets that reach at least this"},
                 {"budgetMax", amount, "budgets that begin at most here"},
                 {"noContactSince", R"({"type":"string","format":"date-time"})", "last contact at or before this time"},
                 {"tagsAll", R"({"type":"string"})", "customers with all of these tags", true}},
                adjust);
}

}  // namespace nova::api

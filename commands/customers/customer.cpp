#include "commands/customers/customer.h"

#include <algorithm>

#include "commands/policy.h"
#include "schemas/json.h"

namespace nova::commands {
namespace customer = nova::customers::customer;
using customers::Customer;

namespace {

constexpr std::size_t warnings_max = 5;
constexpr std::string_view phone_space = "customer.phone", email_space = "customer.email";

std::string in_tenant(const TenantId& tenant, std::string_view key) { return to_text(tenant) + ' ' + std::string(key); }

struct Duplicate {
    std::string code, stream;
};

// Customers of the tenant that share a phone or e-mail with `contact`, oldest first within each.
std::vector<Duplicate> duplicates(UnitOfWork& work, const Context& context, const customer::Contact& contact,
                                  const std::string& but) {
    std::vector<Duplicate> found;
    const auto look = [&](std::string_view space, const std::string& key, const char* code) {
        if (key.empty()) return;
        for (std::string& stream : work.holders(space, in_tenant(context.tenant, key), warnings_max + 1)) {
            const bool known =
                std::any_of(found.begin(), found.end(), [&](const Duplicate& d) { return d.stream == stream; });
            if (stream != but && !known && found.size() < warnings_max) found.push_back({code, std::move(stream)});
        }
    };
    if (contact.phone) look(phone_space, contact.phone->e164, "duplicate_phone");
    if (contact.whatsapp) look(phone_space, contact.whatsapp->phone.e164, "duplicate_phone");
    if (contact.email) look(email_space, contact.email->key(), "duplicate_email");
    return found;
}

// [{"code":"duplicate_phone","customerId":…,"name":…}]; id and name only of customers that the actor may read.
std::string warnings_of(UnitOfWork& work, const Context& context, const std::vector<Duplicate>& found) {
    std::string out = "[";
    for (const Duplicate& duplicate : found) {
        const auto id = parse_uuid(std::string_view(duplicate.stream).substr(Customer::prefix.size()));
        const customer::State& other = work.state<Customer>(*id);
        const bool readable = !refuse_unless(context.actor, Right::customers_read, Right::customers_read, other.user_id,
                                             other.assigned_to);
        if (out.size() > 1) out += ',';
        out += "{\"code\":\"" + duplicate.code + "\",\"customerId\":";
        if (readable) schemas::write_string(to_text(*id), out);
        else out += "null";
        out += ",\"name\":";
        if (readable && other.name) schemas::write_string(other.name->value, out);
        else out += "null";
        out += '}';
    }
    return out + "]";
}

// What the tenant's policy says of duplicates: silence, warnings, or a refusal.
std::optional<Rejection> check_duplicates(UnitOfWork& work, const Context& context, const customer::Contact& contact,
                                          const std::string& but, Result& result) {
    const DuplicatePolicy policy = context.directory.tenant(context.tenant).duplicate_policy;
    if (policy == DuplicatePolicy::ALLOW) return {};
    const std::vector<Duplicate> found = duplicates(work, context, contact, but);
    if (found.empty()) return {};
    if (policy == DuplicatePolicy::REFUSE)
        return Rejection::rule("duplicate_customer", "Another customer has the same phone or e-mail.");
    result.warnings = warnings_of(work, context, found);
    return {};
}

const customer::Contact* contact_of(const std::vector<customer::Event>& events) {
    for (const customer::Event& event : events) {
        if (const auto* created = std::get_if<customer::Created>(&event)) return created;
        if (const auto* changed = std::get_if<customer::ContactChanged>(&event)) return changed;
    }
    return nullptr;
}

Result finish(UnitOfWork& work, const Context& context, const CustomerId& id, Decision<customer::Event> decision) {
    Result result;
    result.stream = std::string(Customer::prefix) + to_text(id);
    if (decision.refusal) {
        result.refusal = std::move(decision.refusal);
        return result;
    }
    if (const customer::Contact* contact = contact_of(decision.events))
        if (auto refused = check_duplicates(work, context, *contact, result.stream, result)) {
            result.refusal = std::move(refused);
            return result;
        }
    work.record<Customer>(id.value, std::move(decision.events));
    return result;
}

bool needs_assign_right(const customer::Update& change, const customer::State& now) {
    return patched<customer::Assignment>(now, change) != static_cast<const customer::Assignment&>(now) ||
           patched<customer::CreditLimit>(now, change) != static_cast<const customer::CreditLimit&>(now);
}

}  // namespace

Handler create_customer(customer::Create create) {
    return [create = std::move(create)](UnitOfWork& work, const Context& context) {
        if (extent(context.actor, Right::customers_write) == Extent::none)
            return Result::refused(Rejection::forbidden());
        const CustomerId id{context.ids.next()};
        return finish(work, context, id, decide(work.state<Customer>(id.value), create, context));
    };
}

Handler update_customer(CustomerId id, customer::Update change) {
    return [id, change = std::move(change)](UnitOfWork& work, const Context& context) {
        const customer::State& now = work.state<Customer>(id.value);
        if (!now.present()) return Result::refused(Rejection::not_found());
        if (auto no = refuse_unless(context.actor, Right::customers_read, Right::customers_write, now.user_id,
                                    now.assigned_to))
            return Result::refused(*no);
        if (needs_assign_right(change, now) && extent(context.actor, Right::customers_assign) == Extent::none)
            return Result::refused(
                Rejection::forbidden("forbidden", "Assigning customers and setting credit limits needs a manager."));
        return finish(work, context, id, decide(now, change, context));
    };
}

Handler delete_customer(CustomerId id, customer::Delete command) {
    return [id, command = std::move(command)](UnitOfWork& work, const Context& context) {
        const customer::State& now = work.state<Customer>(id.value);
        if (!now.present()) return Result::refused(Rejection::not_found());
        if (auto no = refuse_unless(context.actor, Right::customers_read, Right::customers_delete, now.user_id,
                                    now.assigned_to))
            return Result::refused(*no);
        return finish(work, context, id, decide(now, command, context));
    };
}

std::vector<eventstore::ClaimSet> customer_claims(const schemas::AnyEvent& event, const TenantId& tenant) {
    if (event.get_if<customer::Deleted>())
        return {{std::string(phone_space), {}, {}}, {std::string(email_space), {}, {}}};
    const customer::Contact* contact = event.get_if<customer::Created>();
    if (!contact) contact = event.get_if<customer::ContactChanged>();
    if (!contact) return {};
    eventstore::ClaimSet phones{std::string(phone_space), {}, {}}, emails{std::string(email_space), {}, {}};
    if (contact->phone && !contact->phone->e164.empty()) phones.keys.push_back(in_tenant(tenant, contact->phone->e164));
    if (contact->whatsapp && !contact->whatsapp->phone.e164.empty() &&
        (!contact->phone || contact->phone->e164 != contact->whatsapp->phone.e164))
        phones.keys.push_back(in_tenant(tenant, contact->whatsapp->phone.e164));
    if (contact->email) emails.keys.push_back(in_tenant(tenant, contact->email->key()));
    return {std::move(phones), std::move(emails)};
}

}  // namespace nova::commands

#include "projections/identity/collections.h"

namespace nova::projections {

namespace access = identity::access;
namespace session = identity::session;
namespace tenant = identity::tenant;
namespace user = identity::user;

namespace {

using Rows = std::function<std::vector<RowKey>(const schemas::AnyEvent&, const Meta&)>;
using Apply = std::function<bool(void*, const schemas::AnyEvent&, const Meta&)>;

// The same subscription to every event of an aggregate. Events pass through the directory on their way to the rows.
template <class Aggregate>
void subscribe(CollectionInfo& info, Directory& directory, const Rows& rows, const Apply& apply) {
    const Rows seen = [&directory, rows](const schemas::AnyEvent& event, const Meta& meta) {
        directory.see(event, meta);
        return rows(event, meta);
    };
    [&]<class... E>(std::variant<E...>*) {
        ((info.subscriptions[std::string(E::type)] = Subscription{seen, apply}), ...);
    }(static_cast<typename Aggregate::Event*>(nullptr));
}

std::vector<RowKey> own_row(const schemas::AnyEvent&, const Meta& meta) {
    return {{TenantId{}, to_text(id_of_stream(meta))}};
}
std::vector<RowKey> row_in_itself(const schemas::AnyEvent&, const Meta& meta) {
    return {{TenantId{id_of_stream(meta)}, to_text(id_of_stream(meta))}};
}

template <class View, bool (*fold)(View&, const schemas::AnyEvent&, const Meta&)>
bool apply_to(void* view, const schemas::AnyEvent& event, const Meta& meta) {
    return fold(*static_cast<View*>(view), event, meta);
}

template <class View, class Aggregate, bool (*fold)(View&, const schemas::AnyEvent&, const Meta&)>
CollectionInfo directory_rows(const char* name, const char* item, Directory& directory, const Rows& rows) {
    CollectionInfo info = Collection<View>(name, item, 1).build();
    info.default_sort.clear();
    subscribe<Aggregate>(info, directory, rows, apply_to<View, fold>);
    return info;
}

const access::Pair* pair_of(const schemas::AnyEvent& event) {
    if (const auto* e = event.get_if<access::Granted>()) return e;
    if (const auto* e = event.get_if<access::RoleChanged>()) return e;
    if (const auto* e = event.get_if<access::Suspended>()) return e;
    if (const auto* e = event.get_if<access::Restored>()) return e;
    return event.get_if<access::Revoked>();
}

void search_text(const MemberView& view, std::string& out) {
    out += view.name.value, out += ' ', out += view.email.text, out += ' ';
    if (view.phone) out += view.phone->e164, out += ' ', out += view.phone->text;
}

CollectionInfo users_of(Directory& directory) {
    using V = MemberView;
    Collection<V> c("users", "user", 1);
    c.column("role", &V::role, {.filter = true});
    c.column("status", &V::status, {.filter = true});
    c.column("city", [](const V& v) { return v.city; }, {.filter = true, .folded = true});
    c.column("createdAt", &V::created_at, {.range = true, .sort = true, .index = true});
    c.column("lastLogin", &V::last_login, {.range = true, .sort = true});
    c.column("name", [](const V& v) { return v.name; }, {.sort = true, .index = true, .folded = true});
    c.search(search_text);
    CollectionInfo info = c.build();
    const Rows of_user = [&directory](const schemas::AnyEvent&, const Meta& meta) {
        std::vector<RowKey> rows;
        const UserId id{id_of_stream(meta)};
        for (const TenantId& tenant : directory.tenants_of(id)) rows.push_back({tenant, to_text(id)});
        return rows;
    };
    subscribe<identity::User>(info, directory, of_user, apply_to<V, fold_member>);
    const Rows of_access = [](const schemas::AnyEvent& event, const Meta&) -> std::vector<RowKey> {
        const access::Pair* pair = pair_of(event);
        return {{pair->tenant_id, to_text(pair->user_id)}};
    };
    subscribe<identity::Access>(info, directory, of_access,
                                [&directory](void* row, const schemas::AnyEvent& event, const Meta& meta) {
                                    V& view = *static_cast<V*>(row);
                                    // A new member's row begins with what is known of the person; later events of
                                    // theirs bring it up to date.
                                    if (view.id.is_nil())
                                        if (const auto person = directory.person(pair_of(event)->user_id)) {
                                            if (person->status == user::Status::DELETED) return false;
                                            static_cast<UserView&>(view) = *person;
                                            view.user_suspended = person->status == user::Status::SUSPENDED;
                                        }
                                    return fold_member(view, event, meta);
                                });
    return info;
}

}  // namespace

IdentityCollections::IdentityCollections(Directory& directory)
    : users(users_of(directory)),
      people(directory_rows<PersonView, identity::User, fold_person>("people", "person", directory, own_row)),
      sessions(directory_rows<SessionView, identity::Session, fold_session>("sessions", "session", directory, own_row)),
      tenants(directory_rows<TenantView, identity::Tenant, fold_tenant>("tenants", "tenant", directory, row_in_itself)),
      accesses(directory_rows<AccessView, identity::Access, fold_access>("accesses", "access", directory, own_row)) {}

}  // namespace nova::projections

#include "projections/identity/views.h"

namespace nova::projections {

namespace access = identity::access;
namespace session = identity::session;
namespace tenant = identity::tenant;
namespace user = identity::user;

namespace {

// Calls `with` the event as the struct it is; false if it is of another aggregate.
template <class Event, class F>
bool visit_as(const schemas::AnyEvent& event, F&& with) {
    return [&]<class... E>(std::variant<E...>*) {
        return (
            (event.type && event.type->name == E::type && (with(*static_cast<const E*>(event.value.get())), true)) ||
            ...);
    }(static_cast<Event*>(nullptr));
}

void become(UserView& view, user::Status status) {
    view.status = status;
    view.is_active = status == user::Status::ACTIVE;
}

template <class First>
void begin(UserView& view, const First& event, const Meta& meta) {
    static_cast<identity::Names&>(view) = event;
    view.id = UserId{id_of_stream(meta)};
    view.email = event.email, view.phone = event.phone;
    view.locale = event.locale, view.timezone = event.timezone;
    view.created_at = meta.time();
}
void take(UserView& view, const user::Registered& event, const Meta& meta) { begin(view, event, meta); }
void take(UserView& view, const user::Created& event, const Meta& meta) { begin(view, event, meta); }
void take(UserView&, const user::PasswordChanged&, const Meta&) {}
void take(UserView& view, const user::LockedOut& event, const Meta&) { view.locked_until = event.until; }
void take(UserView& view, const user::Suspended&, const Meta&) { become(view, user::Status::SUSPENDED); }
void take(UserView& view, const user::Reactivated&, const Meta&) { become(view, user::Status::ACTIVE); }
void take(UserView& view, const user::Deleted&, const Meta&) { become(view, user::Status::DELETED); }
void take(UserView& view, const user::SignedIn& event, const Meta&) {
    view.last_login = event.at;
    view.locked_until.reset();
}
void take(UserView&, const user::SignInFailed&, const Meta&) {}
template <class GroupChanged>
void take(UserView& view, const GroupChanged& event, const Meta&) { replace_group(view, event); }

// Signing in is no change of the person: updatedAt stays, so that lists by it show who was edited.
bool is_change(const schemas::AnyEvent& event) {
    return !event.get_if<user::SignedIn>() && !event.get_if<user::SignInFailed>();
}

void settle_status(MemberView& view) {
    become(view, view.user_suspended || view.access_suspended ? user::Status::SUSPENDED : user::Status::ACTIVE);
}

}  // namespace

Uuid id_of_stream(const Meta& meta) {
    const std::string& stream = meta.envelope.stream;
    return stream.size() < 36 ? Uuid{}
                              : parse_uuid(std::string_view(stream).substr(stream.size() - 36)).value_or(Uuid{});
}

bool fold_user(UserView& view, const schemas::AnyEvent& event, const Meta& meta) {
    if (!visit_as<user::Event>(event, [&](const auto& e) { take(view, e, meta); })) return true;
    if (is_change(event)) view.updated_at = meta.time();
    view.version = meta.version();
    return view.status != user::Status::DELETED;
}

bool fold_person(PersonView& view, const schemas::AnyEvent& event, const Meta& meta) {
    fold_user(view, event, meta);
    if (const auto* failed = event.get_if<user::SignInFailed>()) {
        view.recent_failures.push_back({failed->at, failed->address});
        if (view.recent_failures.size() > user::failures_recorded)
            view.recent_failures.erase(view.recent_failures.begin());
    } else if (event.get_if<user::SignedIn>()) {
        view.recent_failures.clear();
    }
    return true;
}

bool fold_member(MemberView& view, const schemas::AnyEvent& event, const Meta& meta) {
    if (!fold_user(view, event, meta)) return false;
    if (event.get_if<access::Revoked>()) return false;
    if (event.get_if<user::Suspended>()) view.user_suspended = true;
    else if (event.get_if<user::Reactivated>()) view.user_suspended = false;
    else if (event.get_if<access::Suspended>()) view.access_suspended = true;
    else if (event.get_if<access::Restored>()) view.access_suspended = false;
    else if (const auto* granted = event.get_if<access::Granted>()) view.role = granted->role;
    else if (const auto* changed = event.get_if<access::RoleChanged>()) view.role = changed->role;
    else return true;
    settle_status(view);
    view.updated_at = meta.time();
    return true;
}

bool fold_session(SessionView& view, const schemas::AnyEvent& event, const Meta& meta) {
    if (const auto* started = event.get_if<session::Started>()) {
        static_cast<session::Whose&>(view) = *started;
        view.id = SessionId{id_of_stream(meta)};
        view.device_name = started->device_name;
        view.user_agent = started->user_agent, view.address = started->address;
        view.amr = started->amr;
        view.started_at = view.last_seen_at = started->at;
        view.expires_at = started->expires_at;
    } else if (const auto* refreshed = event.get_if<session::Refreshed>()) {
        view.last_seen_at = refreshed->at;
        view.expires_at = refreshed->expires_at;
    }
    return !event.get_if<session::Ended>() && !event.get_if<session::Revoked>();
}

bool fold_tenant(TenantView& view, const schemas::AnyEvent& event, const Meta& meta) {
    if (const auto* created = event.get_if<tenant::Created>()) {
        view.id = TenantId{id_of_stream(meta)};
        view.name = created->name, view.slug = created->slug;
        view.kind = created->kind, view.owner_id = created->owner_id, view.settings = created->settings;
        view.created_at = meta.time();
    } else if (const auto* renamed = event.get_if<tenant::Renamed>()) {
        static_cast<tenant::TenantNames&>(view) = *renamed;
    } else if (const auto* legal = event.get_if<tenant::LegalDetailsChanged>()) {
        static_cast<tenant::LegalDetails&>(view) = *legal;
    } else if (const auto* settings = event.get_if<tenant::SettingsChanged>()) {
        view.settings = settings->settings;
    }
    view.updated_at = meta.time();
    view.version = meta.version();
    return true;
}

bool fold_access(AccessView& view, const schemas::AnyEvent& event, const Meta& meta) {
    if (const auto* granted = event.get_if<access::Granted>()) {
        static_cast<access::Pair&>(view) = *granted;
        view.id = AccessId{id_of_stream(meta)};
        view.role = granted->role;
        view.granted_at = meta.time();
    } else if (const auto* changed = event.get_if<access::RoleChanged>()) {
        view.role = changed->role;
    } else if (event.get_if<access::Suspended>()) {
        view.status = access::Status::SUSPENDED;
    } else if (event.get_if<access::Restored>()) {
        view.status = access::Status::ACTIVE;
    } else if (event.get_if<access::Revoked>()) {
        view.status = access::Status::REVOKED;
    }
    return true;
}

}  // namespace nova::projections

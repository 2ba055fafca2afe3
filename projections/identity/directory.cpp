#include "projections/identity/directory.h"

#include <algorithm>
#include <mutex>

#include "projections/identity/collections.h"
#include "schemas/json.h"

namespace nova::projections {

namespace access = identity::access;
namespace user = identity::user;

namespace {
constexpr std::size_t sessions_swept_over = 32;

template <class View>
View read(std::string_view document) {
    View view;
    schemas::read_stored(document, schemas::object(view));
    return view;
}
}  // namespace

void Directory::load(const ViewStore& store, const IdentityCollections& from, Instant now) {
    const std::unique_lock lock(mutex_);
    const auto each = [&](Kind kind, const CollectionInfo& collection, auto&& row) {
        const auto checkpoint = store.checkpoint(collection);
        if (!checkpoint) return;
        store.each(collection, [&](const RowKey&, std::string_view document) { row(document); });
        next_[kind] = checkpoint->next;
    };
    each(people, from.people, [&](std::string_view document) {
        put_person(std::make_shared<const PersonView>(read<PersonView>(document)));
    });
    each(accesses_kind, from.accesses, [&](std::string_view document) { put_access(read<AccessView>(document)); });
    each(tenants, from.tenants, [&](std::string_view document) {
        auto view = std::make_shared<const TenantView>(read<TenantView>(document));
        tenants_[view->id] = std::move(view);
    });
    each(sessions_kind, from.sessions, [&](std::string_view document) {
        SessionView view = read<SessionView>(document);
        if (view.expires_at > now) put_session(std::move(view), false);
    });
}

void Directory::see(const schemas::DecodedEvent& event, eventstore::Position position) {
    see(event.event, Meta{event.envelope, position});
}

void Directory::see(const schemas::AnyEvent& event, const Meta& meta) {
    if (!event.type || event.type->context != "identity") return;
    const std::string& prefix = event.type->stream_prefix;
    const std::unique_lock lock(mutex_);
    if (prefix == identity::User::prefix && is_news(people, meta.position)) {
        see_user(event, meta);
    } else if (prefix == identity::Session::prefix && is_news(sessions_kind, meta.position)) {
        see_session(event, meta);
    } else if (prefix == identity::Access::prefix && is_news(accesses_kind, meta.position)) {
        AccessView view;
        if (const auto known = accesses_.find(AccessId{id_of_stream(meta)}); known != accesses_.end())
            view = known->second;
        fold_access(view, event, meta);
        put_access(std::move(view));
    } else if (prefix == identity::Tenant::prefix && is_news(tenants, meta.position)) {
        auto& slot = tenants_[TenantId{id_of_stream(meta)}];
        auto view = slot ? std::make_shared<TenantView>(*slot) : std::make_shared<TenantView>();
        fold_tenant(*view, event, meta);
        slot = std::move(view);
    }
}

bool Directory::is_news(Kind kind, eventstore::Position position) {
    if (position.offset < next_[kind]) return false;
    next_[kind] = position.offset + 1;
    return true;
}

void Directory::see_user(const schemas::AnyEvent& event, const Meta& meta) {
    const UserId id{id_of_stream(meta)};
    const auto known = people_.find(id);
    auto view = known != people_.end() && known->second.view ? std::make_shared<PersonView>(*known->second.view)
                                                             : std::make_shared<PersonView>();
    fold_person(*view, event, meta);
    put_person(std::move(view));
}

void Directory::see_session(const schemas::AnyEvent& event, const Meta& meta) {
    const auto known = sessions_.find(SessionId{id_of_stream(meta)});
    SessionView view;
    if (known != sessions_.end()) view = known->second.view;
    const bool live = fold_session(view, event, meta);
    if (view.id.is_nil()) return;   // it ended long ago and was not loaded
    put_session(std::move(view), !live);
    sweep(people_[sessions_[SessionId{id_of_stream(meta)}].view.user_id], meta.time());
}

void Directory::put_person(std::shared_ptr<const PersonView> view) {
    Person& person = people_[view->id];
    if (person.view) {
        if (const auto held = by_email_.find(person.view->email.key());
            held != by_email_.end() && held->second == view->id)
            by_email_.erase(held);
        if (person.view->phone)
            if (const auto held = by_phone_.find(person.view->phone->e164);
                held != by_phone_.end() && held->second == view->id)
                by_phone_.erase(held);
    }
    if (view->status != user::Status::DELETED) {
        if (!view->email.text.empty()) by_email_[view->email.key()] = view->id;
        if (view->phone && !view->phone->e164.empty()) by_phone_[view->phone->e164] = view->id;
    }
    person.view = std::move(view);
}

void Directory::put_access(AccessView view) {
    std::vector<AccessId>& of_user = people_[view.user_id].accesses;
    if (std::find(of_user.begin(), of_user.end(), view.id) == of_user.end()) of_user.push_back(view.id);
    accesses_[view.id] = std::move(view);
}

void Directory::put_session(SessionView view, bool over) {
    std::vector<SessionId>& of_user = people_[view.user_id].sessions;
    if (!sessions_.contains(view.id)) of_user.push_back(view.id);
    const SessionId id = view.id;
    sessions_[id] = {std::move(view), over};
}

void Directory::sweep(Person& person, Instant now) {
    if (person.sessions.size() <= sessions_swept_over) return;
    std::erase_if(person.sessions, [&](const SessionId& id) {
        const auto found = sessions_.find(id);
        if (found != sessions_.end() && !found->second.over && found->second.view.expires_at > now) return false;
        if (found != sessions_.end()) sessions_.erase(found);
        return true;
    });
}

bool Directory::is_active(const UserId& id) const {
    const auto found = people_.find(id);
    return found != people_.end() && found->second.view && found->second.view->status == user::Status::ACTIVE;
}

const AccessView* Directory::find_access(const TenantId& tenant, const UserId& id) const {
    const auto found = people_.find(id);
    if (found == people_.end()) return nullptr;
    for (const AccessId& access_id : found->second.accesses) {
        const auto entry = accesses_.find(access_id);
        if (entry != accesses_.end() && entry->second.tenant_id == tenant &&
            entry->second.status != access::Status::REVOKED)
            return &entry->second;
    }
    return nullptr;
}

Standing Directory::standing(const SessionId& id, Instant now) const {
    const std::shared_lock lock(mutex_);
    Standing standing;
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return standing;
    const SessionView& session = found->second.view;
    standing.answer = Standing::Answer::over;
    if (found->second.over || session.expires_at <= now || !is_active(session.user_id)) return standing;
    const AccessView* access = find_access(session.tenant_id, session.user_id);
    if (!access || access->status != access::Status::ACTIVE) return standing;
    const auto tenant = tenants_.find(session.tenant_id);
    standing.answer = Standing::Answer::good;
    standing.user = session.user_id, standing.tenant = session.tenant_id;
    standing.role = access->role;
    standing.owns_tenant = tenant != tenants_.end() && tenant->second->owner_id == session.user_id;
    return standing;
}

TenantFacts Directory::tenant(const TenantId& id) const {
    const std::shared_lock lock(mutex_);
    const auto found = tenants_.find(id);
    if (found == tenants_.end()) return {};
    return {found->second->settings.duplicate_policy, found->second->settings.require_phone};
}

bool Directory::is_active_member(const TenantId& tenant, const UserId& id) const {
    const std::shared_lock lock(mutex_);
    const AccessView* access = find_access(tenant, id);
    return access && access->status == access::Status::ACTIVE && is_active(id);
}

std::optional<UserId> Directory::user_by_email(std::string_view key) const {
    const std::shared_lock lock(mutex_);
    const auto found = by_email_.find(std::string(key));
    return found == by_email_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<UserId> Directory::user_by_phone(std::string_view e164) const {
    const std::shared_lock lock(mutex_);
    const auto found = by_phone_.find(std::string(e164));
    return found == by_phone_.end() ? std::nullopt : std::optional(found->second);
}

std::shared_ptr<const PersonView> Directory::person(const UserId& id) const {
    const std::shared_lock lock(mutex_);
    const auto found = people_.find(id);
    return found == people_.end() ? nullptr : found->second.view;
}

std::shared_ptr<const TenantView> Directory::tenant_view(const TenantId& id) const {
    const std::shared_lock lock(mutex_);
    const auto found = tenants_.find(id);
    return found == tenants_.end() ? nullptr : found->second;
}

std::optional<AccessView> Directory::access(const TenantId& tenant, const UserId& id) const {
    const std::shared_lock lock(mutex_);
    const AccessView* found = find_access(tenant, id);
    return found ? std::optional(*found) : std::nullopt;
}

std::vector<AccessView> Directory::accesses(const UserId& id) const {
    const std::shared_lock lock(mutex_);
    std::vector<AccessView> found;
    const auto person = people_.find(id);
    if (person == people_.end()) return found;
    for (const AccessId& access_id : person->second.accesses)
        if (const auto& access = accesses_.at(access_id); access.status != access::Status::REVOKED)
            found.push_back(access);
    std::sort(found.begin(), found.end(), [](const AccessView& a, const AccessView& b) {
        return std::tie(a.granted_at, a.id) < std::tie(b.granted_at, b.id);
    });
    return found;
}

std::vector<TenantId> Directory::tenants_of(const UserId& id) const {
    std::vector<TenantId> found;
    for (const AccessView& access : accesses(id)) found.push_back(access.tenant_id);
    return found;
}

std::optional<SessionView> Directory::session(const SessionId& id) const {
    const std::shared_lock lock(mutex_);
    const auto found = sessions_.find(id);
    if (found == sessions_.end() || found->second.over) return {};
    return found->second.view;
}

std::vector<SessionView> Directory::sessions(const UserId& id, Instant now) const {
    const std::shared_lock lock(mutex_);
    std::vector<SessionView> found;
    const auto person = people_.find(id);
    if (person == people_.end()) return found;
    for (const SessionId& session_id : person->second.sessions) {
        const auto entry = sessions_.find(session_id);
        if (entry != sessions_.end() && !entry->second.over && entry->second.view.expires_at > now)
            found.push_back(entry->second.view);
    }
    std::sort(found.begin(), found.end(), [](const SessionView& a, const SessionView& b) {
        return std::tie(b.started_at, b.id) < std::tie(a.started_at, a.id);
    });
    return found;
}

void Directory::each_failure(Instant since,
                             const std::function<void(const PersonView&, const SignInFailure&)>& visit) const {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, person] : people_) {
        if (!person.view) continue;
        for (const SignInFailure& failure : person.view->recent_failures)
            if (failure.at > since) visit(*person.view, failure);
    }
}

}  // namespace nova::projections

// The directory in memory: who exists, which sessions live, who may enter which tenant. It answers the guard and the
// facts of decisions within a microsecond, and is fed with every event of identity at once after its commit.
//
// It is loaded from the collections at start and brought up to date by the runner as it catches up. Events that it has
// seen are recognised by their position, so feeding them again (a rebuild does) changes nothing.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/kernel/context.h"
#include "projections/identity/views.h"
#include "projections/runner.h"
#include "projections/view_store.h"

namespace nova::projections {

struct IdentityCollections;

// What the guard needs to know of a session.
struct Standing {
    enum class Answer {
        good,
        unknown,
        over
    } answer = Answer::unknown;  // over: ended, or its user or access no longer stands
    UserId user{};
    TenantId tenant{};
    Role role = Role::BROKER;
    bool owns_tenant = false;
};

class Directory final : public DirectoryFacts, public Follower {
public:
    // From the rows of the collections that hold something; `now` leaves out what has long run out. Before the runner starts.
    void load(const ViewStore&, const IdentityCollections&, Instant now);
    // Events of identity in the order of the log; others are ignored. Any thread.
    void see(const schemas::DecodedEvent&, eventstore::Position) override;
    void see(const schemas::AnyEvent&, const Meta&);

    Standing standing(const SessionId&, Instant now) const;

    TenantFacts tenant(const TenantId&) const override;
    bool is_active_member(const TenantId&, const UserId&) const override;

    // Present people only: a deleted one is not found by their addresses any more.
    std::optional<UserId> user_by_email(std::string_view key) const;
    std::optional<UserId> user_by_phone(std::string_view e164) const;

    std::shared_ptr<const PersonView> person(const UserId&) const;     // nullptr: unknown. Deleted ones too
    std::shared_ptr<const TenantView> tenant_view(const TenantId&) const;
    std::optional<AccessView> access(const TenantId&, const UserId&) const;   // not revoked
    std::vector<AccessView> accesses(const UserId&) const;                    // not revoked, oldest first
    std::vector<TenantId> tenants_of(const UserId&) const;
    std::optional<SessionView> session(const SessionId&) const;
    std::vector<SessionView> sessions(const UserId&, Instant now) const;      // live, newest first
    // Visits people whose last failed sign-ins are later than `since`.
    void each_failure(Instant since, const std::function<void(const PersonView&, const SignInFailure&)>&) const;

private:
    struct Person {
        std::shared_ptr<const PersonView> view;
        std::vector<AccessId> accesses;
        std::vector<SessionId> sessions;   // ended ones are swept out when there are many
    };
    struct LiveSession {
        SessionView view;
        bool over = false;                 // stays a while, so that a late look finds it ended and not unknown
    };
    enum Kind : std::size_t { people, sessions_kind, tenants, accesses_kind, kinds };

    bool is_news(Kind, eventstore::Position);
    void see_user(const schemas::AnyEvent&, const Meta&);
    void see_session(const schemas::AnyEvent&, const Meta&);
    void put_person(std::shared_ptr<const PersonView>);
    void put_access(AccessView);
    void put_session(SessionView, bool over);
    void sweep(Person&, Instant now);
    bool is_active(const UserId&) const;
    const AccessView* find_access(const TenantId&, const UserId&) const;

    mutable std::shared_mutex mutex_;
    std::array<std::uint64_t, kinds> next_{};   // offset of the first event of the kind not seen
    std::unordered_map<UserId, Person> people_;
    std::unordered_map<AccessId, AccessView> accesses_;
    std::unordered_map<SessionId, LiveSession> sessions_;
    std::unordered_map<TenantId, std::shared_ptr<const TenantView>> tenants_;
    std::unordered_map<std::string, UserId> by_email_, by_phone_;
};

}  // namespace nova::projections

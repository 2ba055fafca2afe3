#include "domain/identity/access.h"

namespace nova::identity::access {

Decision<Event> decide(const State& access, const Grant& command, const Context& context) {
    if (access.stage != State::Stage::absent) return Rejection::rule("wrong_state", "The access was granted already.");
    std::optional<UserId> by;
    if (context.actor.type == ActorType::USER) by = context.actor.user;
    return Granted{{command.user, command.tenant}, command.role, by, command.source};
}

Decision<Event> decide(const State& access, const ChangeRole& command, const Context&) {
    if (!access.exists()) return Rejection::not_found();
    if (access.role == command.role) return {};
    return RoleChanged{access, command.role, access.role};
}

Decision<Event> decide(const State& access, const Suspend& command, const Context&) {
    if (!access.exists()) return Rejection::not_found();
    if (access.stage == State::Stage::suspended)
        return Rejection::rule("wrong_state", "The access is suspended already.");
    return Suspended{access, command.reason};
}

Decision<Event> decide(const State& access, const Restore&, const Context&) {
    if (!access.exists()) return Rejection::not_found();
    if (access.stage == State::Stage::active) return Rejection::rule("wrong_state", "The access is not suspended.");
    return Restored{access};
}

Decision<Event> decide(const State& access, const Revoke& command, const Context&) {
    if (!access.exists()) return Rejection::not_found();
    return Revoked{access, command.reason};
}

void evolve(State& access, const Granted& event) {
    static_cast<Pair&>(access) = event;
    access.role = event.role;
    access.stage = State::Stage::active;
}
void evolve(State& access, const RoleChanged& event) { access.role = event.role; }
void evolve(State& access, const Suspended&) { access.stage = State::Stage::suspended; }
void evolve(State& access, const Restored&) { access.stage = State::Stage::active; }
void evolve(State& access, const Revoked&) { access.stage = State::Stage::revoked; }

}  // namespace nova::identity::access

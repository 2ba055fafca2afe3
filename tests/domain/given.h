// Rules stated as `given(what happened).when(what is asked).then(what happens)`: the state is made by the aggregate's own
// evolve, the command is decided once, and what it yields is compared member by member.
#pragma once
#include <boost/describe.hpp>
#include <doctest/doctest.h>
#include <boost/mp11.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "domain/kernel/context.h"
#include "domain/kernel/decision.h"
#include "domain/kernel/patch.h"

namespace nova::testing {

// Ids 00000000-0000-7000-8000-000000000001, …2, …: the same in every run.
class CountedIds final : public IdSource {
public:
    Uuid next() override { return nth(++last_); }
    static Uuid nth(std::uint64_t n) {
        Uuid id;
        id.bytes[6] = 0x70, id.bytes[8] = 0x80;
        for (int i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(n >> (8 * i));
        return id;
    }

private:
    std::uint64_t last_ = 0;
};

template <class SomeId>
SomeId nth(std::uint64_t n) { return SomeId{CountedIds::nth(n)}; }

// Facts as the test sets them.
class FixedFacts final : public DirectoryFacts {
public:
    TenantFacts facts;
    std::vector<UserId> members;
    TenantFacts tenant(const TenantId&) const override { return facts; }
    bool is_active_member(const TenantId&, const UserId& user) const override {
        for (const UserId& member : members)
            if (member == user) return true;
        return false;
    }
};

// A context with a fixed clock, an actor who is user 1 of tenant 1, counted ids and fixed facts.
struct Scene {
    CountedIds ids;
    FixedFacts directory;
    Instant now = *parse_instant("2026-11-20T09:30:00.000Z");
    TenantId tenant = nth<TenantId>(1);
    Actor actor{.type = ActorType::USER,
                .user = nth<UserId>(1),
                .session = nth<SessionId>(1),
                .role = Role::BROKER,
                .address = "192.0.2.1",
                .user_agent = "test"};
    Context context() { return Context{now, tenant, actor, ids, directory}; }
};

namespace detail {

template <class T> constexpr bool is_vector = false;
template <class T> constexpr bool is_vector<std::vector<T>> = true;
template <class T> constexpr bool is_optional = false;
template <class T> constexpr bool is_optional<std::optional<T>> = true;

// Described structs member by member, so that events need no operator== of their own.
template <class T>
bool same(const T& a, const T& b) {
    if constexpr (is_vector<T>) {
        if (a.size() != b.size()) return false;
        for (std::size_t i = 0; i < a.size(); ++i)
            if (!same(a[i], b[i])) return false;
        return true;
    } else if constexpr (is_optional<T>) {
        return a.has_value() == b.has_value() && (!a || same(*a, *b));
    } else if constexpr (boost::describe::has_describe_members<T>::value && std::is_class_v<T>) {
        bool equal = true;
        boost::mp11::mp_for_each<nova::detail::members_of<T>>(
            [&](auto d) { equal = equal && same(a.*d.pointer, b.*d.pointer); });
        return equal;
    } else {
        return a == b;
    }
}

template <class Event>
bool same_event(const Event& a, const Event& b) {
    return a.index() == b.index() &&
           std::visit([&](const auto& x) { return same(x, std::get<std::remove_cvref_t<decltype(x)>>(b)); }, a);
}

template <class Event>
std::string names(const std::vector<Event>& events) {
    std::string out;
    for (const Event& event : events)
        std::visit([&](const auto& e) { out += (out.empty() ? "" : ", ") + std::string(e.type); }, event);
    return out.empty() ? "nothing" : out;
}

}  // namespace detail

template <class Aggregate>
class Outcome {
public:
    using Event = typename Aggregate::Event;
    using State = typename Aggregate::State;
    Outcome(State state, Decision<Event> decision) : state_(std::move(state)), decision_(std::move(decision)) {}

    // Exactly these events, in this order, and no refusal.
    template <class... E>
    const Outcome& then(const E&... expected) const {
        INFO("refused: " << code());
        CHECK_FALSE(decision_.refusal.has_value());
        return recorded(expected...);
    }
    // Events of these types, whatever their members are.
    template <class... E>
    const Outcome& then_types() const {
        INFO("refused: " << code() << "; happened: " << detail::names(decision_.events));
        CHECK_FALSE(decision_.refusal.has_value());
        std::string expected;
        ((expected += (expected.empty() ? "" : ", ") + std::string(E::type)), ...);
        CHECK(detail::names(decision_.events) == (expected.empty() ? "nothing" : expected));
        return *this;
    }
    const Outcome& then_nothing() const { return then(); }
    const Outcome& then_refused(const std::string& expected_code) const {
        INFO("happened: " << detail::names(decision_.events));
        CHECK(code() == expected_code);
        return *this;
    }
    // What a refusal blames: `path code` of each broken rule, in order.
    const Outcome& blaming(const std::vector<std::string>& expected) const {
        std::vector<std::string> blamed;
        if (decision_.refusal)
            for (const Violation& v : decision_.refusal->details.all()) blamed.push_back(v.path + " " + v.code);
        CHECK(blamed == expected);
        return *this;
    }
    // What a refusal records.
    template <class... E>
    const Outcome& recorded(const E&... expected) const {
        const std::vector<Event> wanted{Event(expected)...};
        INFO("happened: " << detail::names(decision_.events) << "; expected: " << detail::names(wanted));
        bool equal = wanted.size() == decision_.events.size();
        for (std::size_t i = 0; equal && i < wanted.size(); ++i)
            equal = detail::same_event(wanted[i], decision_.events[i]);
        CHECK(equal);
        return *this;
    }

    const std::vector<Event>& events() const { return decision_.events; }
    const std::optional<Rejection>& refusal() const { return decision_.refusal; }
    // The state after what happened.
    State state() const {
        State next = state_;
        for (const Event& event : decision_.events) std::visit([&](const auto& e) { evolve(next, e); }, event);
        return next;
    }
    template <class E>
    const E& only() const {
        REQUIRE(decision_.events.size() == 1);
        REQUIRE(std::holds_alternative<E>(decision_.events[0]));
        return std::get<E>(decision_.events[0]);
    }

private:
    std::string code() const { return decision_.refusal ? decision_.refusal->code : "accepted"; }
    State state_;
    Decision<Event> decision_;
};

template <class Aggregate>
class Given {
public:
    explicit Given(typename Aggregate::State state) : state_(std::move(state)) {}
    template <class Command>
    Outcome<Aggregate> when(const Command& command, const Context& context) const {
        return {state_, decide(state_, command, context)};
    }
    // Where the decision asks nothing special of the context.
    template <class Command>
    Outcome<Aggregate> when(const Command& command) const {
        Scene scene;
        return when(command, scene.context());
    }
    const typename Aggregate::State& state() const { return state_; }

private:
    typename Aggregate::State state_;
};

template <class Aggregate, class... E>
Given<Aggregate> given(const E&... events) {
    typename Aggregate::State state;
    (evolve(state, events), ...);
    return Given<Aggregate>(std::move(state));
}

// A patch in which only the named members are given: patch<Profile>([](auto& p) { p.city = …; }, "city").
template <class Members, class Fill, class... NamesGiven>
Patch<Members> patch(Fill fill, NamesGiven... given) {
    Patch<Members> out;
    fill(out.values);
    ((out.given |= nova::detail::bit_of<Members>(given)), ...);
    return out;
}

}  // namespace nova::testing

// A partial change of a group of members: the values given, and which of them were given at all, so that
// `"notes": null` (make it empty) and no `notes` (leave it) are two things.
#pragma once
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <cstdint>
#include <string_view>

namespace nova {

template <class Members>
struct Patch {
    Members values{};
    std::uint64_t given = 0;  // bit i: the i-th described member of Members, inherited ones first
};

namespace detail {
template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

// A member's bit in Patch<Members>::given; compared by name, since a group is a base of many structs.
template <class Members>
constexpr std::uint64_t bit_of(std::string_view name) {
    static_assert(boost::mp11::mp_size<members_of<Members>>::value <= 64);
    std::uint64_t bit = 1, found = 0;
    boost::mp11::mp_for_each<members_of<Members>>([&](auto d) {
        if (name == d.name) found = bit;
        bit <<= 1;
    });
    return found;
}

template <class Group, class Members>
constexpr std::uint64_t bits_of() {
    std::uint64_t bits = 0;
    boost::mp11::mp_for_each<members_of<Group>>([&](auto d) { bits |= bit_of<Members>(d.name); });
    return bits;
}
}  // namespace detail

template <class Members>
bool is_given(const Patch<Members>& patch, std::string_view member) {
    return (patch.given & detail::bit_of<Members>(member)) != 0;
}

// Is any member of the group given?
template <class Group, class Members>
bool touches(const Patch<Members>& patch) {
    constexpr std::uint64_t bits = detail::bits_of<Group, Members>();
    return (patch.given & bits) != 0;
}

// The group as it would be: what is given from the patch, the rest as it is now.
template <class Group, class Members>
Group patched(const Group& now, const Patch<Members>& patch) {
    Group next = now;
    boost::mp11::mp_for_each<detail::members_of<Group>>([&](auto d) {
        constexpr std::uint64_t bit = detail::bit_of<Members>(decltype(d)::name);
        if (patch.given & bit) next.*d.pointer = static_cast<const Group&>(patch.values).*d.pointer;
    });
    return next;
}

}  // namespace nova

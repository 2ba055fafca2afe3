// The description of a C++ type as data: what JSON it is, which rules it has, how to reach its members. One reader,
// one writer and one schema generator work from it, so no type brings code of its own into them.
//
// A described struct (BOOST_DESCRIBE_STRUCT) is an object whose members are its own and its bases'; `first_name` is
// `firstName` in JSON. std::optional is "may be missing or null", Patch<T> a partial T that remembers what was given.
#pragma once
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "domain/kernel/contact.h"
#include "domain/kernel/instant.h"
#include "domain/kernel/patch.h"
#include "domain/kernel/text.h"
#include "domain/kernel/uuid.h"

namespace nova::schemas {

enum class Kind : std::uint8_t {
    boolean,
    integer,
    number,
    text,
    enumeration,
    scalar,
    json_object,
    optional,
    list,
    object,
    patch
};

struct TypeInfo;

struct MemberInfo {
    std::string name;              // as in JSON
    const TypeInfo* type;
    void* (*at)(void* object);     // the member's address
    std::string quoted{};          // `"name":`, as the writer puts it; filled by finish_object
};

// A value whose JSON is a text of some form: an id, a time, a phone number.
struct ScalarInfo {
    std::string_view format;      // JSON Schema `format` ("uuid", "date-time") or a name of ours ("phone")
    std::string_view code;        // of the violation: "invalid_phone"
    std::string_view expectation; // "a phone number such as 0551234567 or +14155552671"
    std::string_view example;
    bool (*parse)(std::string_view, void*);         // a person's input, by the rules
    void (*restore)(std::string_view, void*);       // what Nova stored, without rules
    void (*print)(const void*, std::string& out);   // unescaped
    std::size_t max_length;
    bool typed = false;           // people type it (a phone number), so it is cleaned as a text before it is parsed
};

struct TypeInfo {
    Kind kind{};
    std::string name;                         // object, enumeration: the C++ name's last part
    std::size_t min = 0, max = 0;  // text: characters; list: entries; json_object: max bytes. max 0: no bound
    std::int64_t lowest = 0, highest = 0;     // integer
    double lowest_number = 0, highest_number = 0;

    std::vector<std::string> enumerators;     // in UPPER_SNAKE, in order of declaration
    std::vector<std::int64_t> enumerator_values;
    std::int64_t (*get_enum)(const void*) = nullptr;
    void (*set_enum)(void*, std::int64_t) = nullptr;

    const ScalarInfo* scalar = nullptr;

    const TypeInfo* inner = nullptr;          // optional, list, patch
    void* (*inner_at)(void*) = nullptr;       // optional: its value or nullptr; patch: its values
    void* (*emplace)(void*) = nullptr;        // optional: make a value; list: append one
    void (*reset)(void*) = nullptr;           // optional: none; list: empty
    std::size_t (*size)(const void*) = nullptr;
    const void* (*element)(const void*, std::size_t) = nullptr;
    std::string* (*text_at)(void*) = nullptr; // text, json_object: the string inside
    std::uint64_t* (*given_at)(void*) = nullptr;  // patch

    std::vector<MemberInfo> members;          // object: in order of declaration, inherited first
    std::vector<std::uint16_t> sorted;        // indexes of members in the order of RFC 8785
    const MemberInfo* find(std::string_view member_name) const;

    bool nullable() const { return kind == Kind::optional; }
};

template <class T>
const TypeInfo& type_of();

// An integer with bounds of its own: `Whole<0, 5000> geofence_meters`. Plain std::int64_t is bounded by ±(2^53−1).
constexpr std::int64_t max_exact = 9007199254740991;

std::string camel_case(std::string_view snake);
std::string upper_snake(std::string_view enumerator);
const ScalarInfo& scalar_of(const Uuid*);
const ScalarInfo& scalar_of(const Instant*);
const ScalarInfo& scalar_of(const Date*);
const ScalarInfo& scalar_of(const Phone*);
const ScalarInfo& scalar_of(const Whatsapp*);
const ScalarInfo& scalar_of(const Email*);
template <class Tag>
const ScalarInfo& scalar_of(const Id<Tag>*) {
    static_assert(sizeof(Id<Tag>) == sizeof(Uuid));
    return scalar_of(static_cast<const Uuid*>(nullptr));
}

namespace detail {
template <class T> constexpr bool is_optional = false;
template <class T> constexpr bool is_optional<std::optional<T>> = true;
template <class T> constexpr bool is_list = false;
template <class T, std::size_t N> constexpr bool is_list<List<T, N>> = true;
template <class T> constexpr bool is_vector = false;
template <class T> constexpr bool is_vector<std::vector<T>> = true;
template <class T> constexpr bool is_text = false;
template <std::size_t A, std::size_t B> constexpr bool is_text<Text<A, B>> = true;
template <class T> constexpr bool is_json = false;
template <std::size_t N> constexpr bool is_json<JsonObject<N>> = true;
template <class T> constexpr bool is_patch = false;
template <class T> constexpr bool is_patch<Patch<T>> = true;
template <class T> concept scalar = requires(const T* t) { scalar_of(t); };

template <class T> auto& entries_of(T& list) {
    if constexpr (is_vector<std::remove_const_t<T>>) return list;
    else return list.values;
}

void finish_object(TypeInfo&);  // fills `sorted`; throws std::logic_error if two members have one name
std::string last_part(std::string_view qualified);
std::string type_name(const char* pretty_function);
template <class T> std::string name_of() { return type_name(__PRETTY_FUNCTION__); }


template <class T>
TypeInfo describe() {
    TypeInfo info;
    if constexpr (std::is_same_v<T, bool>) {
        info.kind = Kind::boolean;
    } else if constexpr (std::is_integral_v<T>) {
        info.kind = Kind::integer;
        static_assert(std::is_same_v<T, std::int64_t>, "integers in records are std::int64_t");
        info.lowest = -max_exact, info.highest = max_exact;
    } else if constexpr (std::is_same_v<T, double>) {
        info.kind = Kind::number;
        info.lowest_number = -1.7976931348623157e308, info.highest_number = 1.7976931348623157e308;
    } else if constexpr (std::is_same_v<T, std::string>) {
        info.kind = Kind::text;
        info.text_at = [](void* t) { return static_cast<std::string*>(t); };
    } else if constexpr (is_text<T>) {
        info.kind = Kind::text;
        info.min = T::min, info.max = T::max;
        info.text_at = [](void* t) { return &static_cast<T*>(t)->value; };
    } else if constexpr (is_json<T>) {
        info.kind = Kind::json_object;
        info.max = T::max_bytes;
        info.text_at = [](void* t) { return &static_cast<T*>(t)->text; };
    } else if constexpr (requires { T::lowest; T::highest; }) {   // Whole<…>, Decimal<…> of domain/kernel/amount.h
        using Value = decltype(T::value);
        info.kind = std::is_same_v<Value, double> ? Kind::number : Kind::integer;
        info.lowest = static_cast<std::int64_t>(T::lowest), info.highest = static_cast<std::int64_t>(T::highest);
        info.lowest_number = static_cast<double>(T::lowest), info.highest_number = static_cast<double>(T::highest);
        static_assert(sizeof(T) == sizeof(Value));
    } else if constexpr (std::is_enum_v<T>) {
        info.kind = Kind::enumeration;
        info.name = name_of<T>();
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto e) {
            info.enumerators.push_back(upper_snake(e.name));
            info.enumerator_values.push_back(static_cast<std::int64_t>(e.value));
        });
        info.get_enum = [](const void* t) { return static_cast<std::int64_t>(*static_cast<const T*>(t)); };
        info.set_enum = [](void* t, std::int64_t v) { *static_cast<T*>(t) = static_cast<T>(v); };
    } else if constexpr (is_optional<T>) {
        using V = typename T::value_type;
        info.kind = Kind::optional;
        info.inner = &type_of<V>();
        info.inner_at = [](void* t) -> void* { auto& o = *static_cast<T*>(t); return o ? &*o : nullptr; };
        info.emplace = [](void* t) -> void* { return &static_cast<T*>(t)->emplace(); };
        info.reset = [](void* t) { static_cast<T*>(t)->reset(); };
    } else if constexpr (is_vector<T> || is_list<T>) {
        using V = std::remove_cvref_t<decltype(entries_of(std::declval<T&>())[0])>;
        static_assert(!std::is_same_v<V, bool>);
        info.kind = Kind::list;
        info.inner = &type_of<V>();
        if constexpr (is_list<T>) info.max = T::max;
        info.emplace = [](void* t) -> void* { return &entries_of(*static_cast<T*>(t)).emplace_back(); };
        info.reset = [](void* t) { entries_of(*static_cast<T*>(t)).clear(); };
        info.size = [](const void* t) { return entries_of(*static_cast<const T*>(t)).size(); };
        info.element = [](const void* t, std::size_t i) -> const void* {
            return &entries_of(*static_cast<const T*>(t))[i];
        };
    } else if constexpr (is_patch<T>) {
        info.kind = Kind::patch;
        info.inner = &type_of<decltype(T::values)>();
        info.name = info.inner->name;
        info.inner_at = [](void* t) -> void* { return &static_cast<T*>(t)->values; };
        info.given_at = [](void* t) { return &static_cast<T*>(t)->given; };
    } else if constexpr (scalar<T>) {
        info.kind = Kind::scalar;
        info.scalar = &scalar_of(static_cast<const T*>(nullptr));
    } else {
        static_assert(boost::describe::has_describe_members<T>::value,
                      "describe the struct with BOOST_DESCRIBE_STRUCT");
        info.kind = Kind::object;
        info.name = name_of<T>();
        boost::mp11::mp_for_each<nova::detail::members_of<T>>([&](auto d) {
            using M = std::remove_cvref_t<decltype(std::declval<T&>().*d.pointer)>;
            info.members.push_back({camel_case(d.name), &type_of<M>(), [](void* object) -> void* {
                                        return &(static_cast<T*>(object)->*decltype(d)::pointer);
                                    }});
        });
        finish_object(info);
    }
    return info;
}
}  // namespace detail

template <class T>
const TypeInfo& type_of() {
    static const TypeInfo info = detail::describe<T>();
    return info;
}

}  // namespace nova::schemas

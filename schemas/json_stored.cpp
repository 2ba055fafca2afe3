#include "schemas/json_stored.h"

#include <charconv>

#include "schemas/json_cursor.h"

namespace nova::schemas {
namespace {

class StoredReader {
public:
    explicit StoredReader(std::string_view json) : cursor_(json) {}

    void read(const TypeInfo& type, void* out);
    template <class Unknown>
    void read_members(const TypeInfo& type, void* out, Unknown unknown);
    void end() { cursor_.end(); }

private:
    template <class Number>
    void read_number(void* out);
    void read_enumerator(const TypeInfo& type, void* out);
    void read_list(const TypeInfo& type, void* out);
    void read_optional(const TypeInfo& type, void* out);

    Cursor cursor_;
    std::string scratch_;
};

template <class Number>
void StoredReader::read_number(void* out) {
    const std::string_view token = cursor_.bare();
    const char* const end = token.data() + token.size();
    const auto [at, error] = std::from_chars(token.data(), end, *static_cast<Number*>(out));
    if (at != end || error != std::errc{}) cursor_.corrupt("not the number that was expected");
}

void StoredReader::read_enumerator(const TypeInfo& type, void* out) {
    const std::string_view name = cursor_.text(scratch_);
    for (std::size_t i = 0; i < type.enumerators.size(); ++i)
        if (type.enumerators[i] == name) return type.set_enum(out, type.enumerator_values[i]);
    cursor_.corrupt("a word that its enumeration does not have");
}

void StoredReader::read_list(const TypeInfo& type, void* out) {
    type.reset(out);
    cursor_.expect('[');
    if (cursor_.take(']')) return;
    do read(*type.inner, type.emplace(out));
    while (cursor_.more(']'));
}

void StoredReader::read_optional(const TypeInfo& type, void* out) {
    void* const value = type.inner_at(out);
    read(*type.inner, value ? value : type.emplace(out));
}

// Records have their members in the order of `sorted`, so the next name is nearly always the one foretold.
template <class Unknown>
void StoredReader::read_members(const TypeInfo& type, void* out, Unknown unknown) {
    const TypeInfo& object = type.kind == Kind::patch ? *type.inner : type;
    void* const values = type.kind == Kind::patch ? type.inner_at(out) : out;
    cursor_.expect('{');
    if (cursor_.take('}')) return;
    std::size_t next = 0;
    do {
        const std::string_view name = cursor_.name(scratch_);
        while (next < object.sorted.size() && object.members[object.sorted[next]].name < name) ++next;
        const MemberInfo* member = nullptr;
        if (next < object.sorted.size() && object.members[object.sorted[next]].name == name)
            member = &object.members[object.sorted[next++]];
        else
            member = object.find(name);
        if (!member) {
            unknown(name, cursor_.value());
            continue;
        }
        if (type.kind == Kind::patch) *type.given_at(out) |= std::uint64_t{1} << (member - object.members.data());
        read(*member->type, member->at(values));
    } while (cursor_.more('}'));
}

void StoredReader::read(const TypeInfo& type, void* out) {
    // `null` where no null belongs is a member of an erased person, exported and read again: it keeps its default.
    if (cursor_.peek() == 'n') {
        if (cursor_.bare() != "null") cursor_.corrupt("not a value");
        if (type.kind == Kind::optional) type.reset(out);
        return;
    }
    switch (type.kind) {
        case Kind::boolean: {
            const std::string_view word = cursor_.bare();
            if (word != "true" && word != "false") cursor_.corrupt("neither true nor false");
            *static_cast<bool*>(out) = word == "true";
            return;
        }
        case Kind::integer: return read_number<std::int64_t>(out);
        case Kind::number: return read_number<double>(out);
        case Kind::text: type.text_at(out)->assign(cursor_.text(scratch_)); return;
        case Kind::json_object:
            if (cursor_.peek() != '{') cursor_.corrupt("not an object");
            type.text_at(out)->assign(cursor_.value());
            return;
        case Kind::enumeration: return read_enumerator(type, out);
        case Kind::scalar: return type.scalar->restore(cursor_.text(scratch_), out);
        case Kind::optional: return read_optional(type, out);
        case Kind::list: return read_list(type, out);
        case Kind::object:
        case Kind::patch: return read_members(type, out, [](std::string_view, std::string_view) {});
    }
}

}  // namespace

void read_stored(std::string_view json, Object out) {
    StoredReader reader(json);
    reader.read(*out.type, out.value);
    reader.end();
}

void read_stored_beside(std::string_view json, Object out, std::string_view aside_name, std::string_view& aside) {
    StoredReader reader(json);
    reader.read_members(*out.type, out.value, [&](std::string_view name, std::string_view raw) {
        if (name == aside_name) aside = raw;
    });
    reader.end();
}

}  // namespace nova::schemas

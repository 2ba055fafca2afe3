#include "projections/order.h"

#include <cstring>

#include "eventstore/position.h"

namespace nova::projections {
namespace {

constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t seal_bytes = 6;

std::string base64url(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() * 4 / 3 + 3);
    std::uint32_t bits = 0;
    int held = 0;
    for (const unsigned char byte : bytes) {
        bits = bits << 8 | byte, held += 8;
        while (held >= 6) held -= 6, out += digits[bits >> held & 63];
    }
    if (held) out += digits[bits << (6 - held) & 63];
    return out;
}

std::string from_base64url(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        const void* at = c ? std::memchr(digits, c, 64) : nullptr;
        if (!at) throw BadCursor("The cursor holds a character that no cursor has.");
        bits = bits << 6 | static_cast<std::uint32_t>(static_cast<const char*>(at) - digits), held += 6;
        if (held >= 8) held -= 8, out += static_cast<char>(bits >> held & 255);
    }
    return out;
}

// Guards against cursors cut short, altered or taken from another list. No secret is in it, nor needed.
std::string seal(const CollectionInfo& info, const std::vector<Sort>& order, std::string_view payload) {
    std::string text = "cursor:" + info.name + ":" + std::to_string(info.revision);
    for (const Sort& s : order) text += (s.descending ? ",-" : ",") + s.column;
    text += '\0';
    text += payload;
    const eventstore::Hash hash = eventstore::sha256(text);
    return std::string(reinterpret_cast<const char*>(hash.data()), seal_bytes);
}

void put(std::string& out, const void* bytes, std::size_t size) { out.append(static_cast<const char*>(bytes), size); }

void put_text(std::string& out, std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    put(out, &size, sizeof size);
    out += text;
}

struct Taking {
    std::string_view rest;
    std::string_view take(std::size_t size) {
        if (rest.size() < size) throw BadCursor("The cursor is cut short.");
        const std::string_view taken = rest.substr(0, size);
        rest.remove_prefix(size);
        return taken;
    }
    template <class T> T number() {
        T value;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::string text() { return std::string(take(number<std::uint32_t>())); }
};

Value take_value(Taking& from) {
    switch (from.take(1)[0]) {
        case '0': return {};
        case 'i': return from.number<std::int64_t>();
        case 'd': return from.number<double>();
        case 't': return from.text();
    }
    throw BadCursor("The cursor holds a value of no known kind.");
}

void put_value(std::string& out, const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) out += 'i', put(out, number, sizeof *number);
    else if (const auto* real = std::get_if<double>(&value)) out += 'd', put(out, real, sizeof *real);
    else if (const auto* text = std::get_if<std::string>(&value)) out += 't', put_text(out, *text);
    else out += '0';
}

}  // namespace

std::vector<Sort> order_of(const CollectionInfo& info, const Query& query) {
    std::vector<Sort> order = query.sort;
    if (order.empty()) {
        std::string_view rest = info.default_sort;
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            std::string_view one = rest.substr(0, comma);
            const bool descending = one.starts_with('-');
            if (descending) one.remove_prefix(1);
            order.push_back({std::string(one), descending});
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    for (const Sort& s : order)
        if (s.column != "id" && !info.column(s.column))
            throw std::logic_error("the collection " + info.name + " has no column " + s.column + " to sort by");
    return order;
}

std::string cursor_of(const CollectionInfo& info, const std::vector<Sort>& order, const Place& place) {
    std::string payload;
    for (const Value& value : place.values) put_value(payload, value);
    put_text(payload, place.id);
    return base64url(seal(info, order, payload) + payload);
}

Place place_of(const CollectionInfo& info, const std::vector<Sort>& order, std::string_view cursor) {
    if (cursor.size() > 16384) throw BadCursor("The cursor is too long.");
    const std::string bytes = from_base64url(cursor);
    if (bytes.size() < seal_bytes) throw BadCursor("The cursor is cut short.");
    Taking taking{std::string_view(bytes).substr(seal_bytes)};
    if (seal(info, order, taking.rest) != std::string_view(bytes).substr(0, seal_bytes))
        throw BadCursor("The cursor is not of this list and order.");
    Place place;
    for (std::size_t i = 0; i < order.size(); ++i) place.values.push_back(take_value(taking));
    place.id = taking.text();
    if (!taking.rest.empty()) throw BadCursor("The cursor is too long.");
    return place;
}

}  // namespace nova::projections

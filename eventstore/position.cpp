#include "eventstore/position.h"

#include <openssl/evp.h>

#include <charconv>
#include <memory>
#include <new>

namespace nova::eventstore {
namespace {

// Fetching the algorithm costs more than hashing an event, so it is done once, and the context is kept per thread.
const EVP_MD* sha256_algorithm() {
    static EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (!fetched) throw std::bad_alloc();
    return fetched;
}

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

EVP_MD_CTX* context_of_thread() {
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    if (!context) throw std::bad_alloc();
    return context.get();
}

constexpr char hex_digits[] = "0123456789abcdef";

void append_hex(const std::uint8_t* bytes, std::size_t count, std::string& out) {
    for (std::size_t i = 0; i < count; ++i) {
        out += hex_digits[bytes[i] >> 4];
        out += hex_digits[bytes[i] & 15];
    }
}

template <class Number>
bool parse_number(std::string_view text, Number& out) {
    const bool plain = !text.empty() && (text.size() == 1 || text[0] != '0');  // one text per number: no 007
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return plain && error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string to_text(Position position) {
    return std::to_string(position.partition) + ':' + std::to_string(position.offset);
}

std::optional<Position> parse_position(std::string_view text) {
    const auto colon = text.find(':');
    Position position;
    if (colon == std::string_view::npos || !parse_number(text.substr(0, colon), position.partition) ||
        !parse_number(text.substr(colon + 1), position.offset))
        return std::nullopt;
    return position;
}

std::string to_hex(const Hash& hash) {
    std::string out;
    out.reserve(64);
    append_hex(hash.data(), hash.size(), out);
    return out;
}

std::string stamp(std::string_view bytes) {
    std::string out;
    append_hex(sha256(bytes).data(), 8, out);
    return out;
}

Hash sha256(std::string_view bytes) {
    Hash hash;
    EVP_MD_CTX* const context = context_of_thread();
    if (EVP_DigestInit_ex(context, sha256_algorithm(), nullptr) != 1 ||
        EVP_DigestUpdate(context, bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context, hash.data(), nullptr) != 1)
        throw std::bad_alloc();  // OpenSSL fails here only when it has no memory
    return hash;
}

Hash chained(const Hash& previous, const Hash& leaf) {
    char both[64];
    __builtin_memcpy(both, previous.data(), 32);
    __builtin_memcpy(both + 32, leaf.data(), 32);
    return sha256({both, sizeof both});
}

Hash first_hash(std::string_view log_id, std::uint32_t partition) {
    return sha256("nova:" + std::string(log_id) + ':' + std::to_string(partition));
}

}  // namespace nova::eventstore

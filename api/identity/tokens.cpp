#include "api/identity/tokens.h"

#include <jwt.h>
#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <stdexcept>

#include "schemas/json.h"

namespace nova::api {
namespace {

constexpr std::size_t remembered_max = 8192, token_bytes_max = 4096;
constexpr const char* issuer = "nova";
constexpr std::size_t refresh_bytes = 16 + 4 + 32;   // session, generation, MAC

struct FreeJwt {
    void operator()(jwt_t* jwt) const { jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, FreeJwt>;

std::string base64url(const unsigned char* bytes, std::size_t size) {
    std::string text(sodium_base64_encoded_len(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.resize(text.find('\0'));
    return text;
}

void put(std::string& json, const char* name, const std::string& value) {
    json.append(json.size() > 1 ? "," : "").append("\"").append(name).append("\":");
    schemas::write_string(value, json);
}
void put(std::string& json, const char* name, std::int64_t value) {
    json.append(json.size() > 1 ? "," : "").append("\"").append(name).append("\":").append(std::to_string(value));
}

bool grant_is(jwt_t* jwt, const char* name, const char* value) {
    const char* given = jwt_get_grant(jwt, name);
    return given && std::string_view(given) == value;
}
std::optional<Uuid> id_in(jwt_t* jwt, const char* name) {
    const char* given = jwt_get_grant(jwt, name);
    return given ? parse_uuid(given) : std::nullopt;
}

}  // namespace

Tokens::Tokens(TokenOptions options) : options_(std::move(options)), remembered_(remembered_max) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used on this machine");
    refresh_keys_.push_back(refresh_key(options_.secret));
    if (!options_.previous_secret.empty()) refresh_keys_.push_back(refresh_key(options_.previous_secret));
}

Tokens::~Tokens() {
    for (Key& key : refresh_keys_) sodium_memzero(key.data(), key.size());
}

std::string Tokens::issue(const TokenClaims& claims, Instant now, const Uuid& token_id) const {
    jwt_t* raw = nullptr;
    if (jwt_new(&raw) != 0) throw std::bad_alloc();
    const Jwt jwt(raw);
    std::string json = "{";
    const std::int64_t issued = now.ms / 1000;
    put(json, "sub", to_text(claims.user)), put(json, "email", claims.email), put(json, "phone", claims.phone);
    put(json, "role", claims.role), put(json, "tid", to_text(claims.tenant)), put(json, "sid", to_text(claims.session));
    put(json, "iss", issuer), put(json, "aud", issuer), put(json, "jti", to_text(token_id));
    put(json, "iat", issued), put(json, "exp", issued + token_life_s());
    json += R"(,"amr":["pwd"],"subscription":{"plan":"none","status":"none"}})";
    const auto* key = reinterpret_cast<const unsigned char*>(options_.secret.data());
    if (jwt_add_grants_json(jwt.get(), json.c_str()) != 0 ||
        jwt_set_alg(jwt.get(), JWT_ALG_HS256, key, static_cast<int>(options_.secret.size())) != 0)
        throw std::runtime_error("an access token could not be made");
    char* text = jwt_encode_str(jwt.get());
    if (!text) throw std::runtime_error("an access token could not be signed");
    std::string token(text);
    std::free(text);
    return token;
}

std::optional<VerifiedToken> Tokens::verify_signature(std::string_view token, const std::string& secret) const {
    jwt_t* raw = nullptr;
    const auto* key = reinterpret_cast<const unsigned char*>(secret.data());
    if (jwt_decode(&raw, std::string(token).c_str(), key, static_cast<int>(secret.size())) != 0) return {};
    const Jwt jwt(raw);
    // The library takes the algorithm from the token's own header; only ours is believed.
    if (jwt_get_alg(jwt.get()) != JWT_ALG_HS256 || !grant_is(jwt.get(), "iss", issuer) ||
        !grant_is(jwt.get(), "aud", issuer))
        return {};
    const auto user = id_in(jwt.get(), "sub"), session = id_in(jwt.get(), "sid"), tenant = id_in(jwt.get(), "tid");
    const long expires = jwt_get_grant_int(jwt.get(), "exp");
    if (!user || !session || !tenant || expires <= 0) return {};
    return VerifiedToken{{*user}, {*session}, {*tenant}, expires};
}

std::optional<VerifiedToken> Tokens::verify(std::string_view token) const {
    if (token.size() > token_bytes_max || token.find('\0') != std::string_view::npos) return {};
    const std::uint64_t hash = std::hash<std::string_view>{}(token);
    Remembered& slot = remembered_[hash % remembered_max];
    {
        const std::lock_guard lock(mutex_);
        if (slot.hash == hash && slot.token == token) return slot.verified;
    }
    auto verified = verify_signature(token, options_.secret);
    if (!verified && !options_.previous_secret.empty()) verified = verify_signature(token, options_.previous_secret);
    if (!verified) return {};
    const std::lock_guard lock(mutex_);
    slot = {hash, std::string(token), *verified};
    return verified;
}

Tokens::Key Tokens::refresh_key(const std::string& secret) {
    // The secret signs access tokens; what makes refresh tokens is another key, derived from it.
    Key key{};
    constexpr std::string_view label = "nova refresh tokens";
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(label.data()), label.size());
    crypto_auth_hmacsha256_final(&state, key.data());
    return key;
}

Tokens::Mac Tokens::mac_of(const Key& key, const SessionId& session, std::int64_t generation) {
    std::array<unsigned char, 20> message;
    std::copy(session.value.bytes.begin(), session.value.bytes.end(), message.begin());
    for (int i = 0; i < 4; ++i) message[16 + i] = static_cast<unsigned char>(generation >> (24 - 8 * i));
    Mac mac;
    crypto_auth_hmacsha256(mac.data(), message.data(), message.size(), key.data());
    return mac;
}

namespace {
std::string hash_of(const std::array<unsigned char, 32>& mac) {
    std::array<unsigned char, 32> digest;
    crypto_hash_sha256(digest.data(), mac.data(), mac.size());
    return base64url(digest.data(), digest.size());
}
}  // namespace

std::string Tokens::refresh_hash(const SessionId& session, std::int64_t generation) const {
    return hash_of(mac_of(refresh_keys_.front(), session, generation));
}

std::string Tokens::refresh_token(const commands::OpenedSession& opened) const {
    Mac mac = mac_of(refresh_keys_.front(), opened.session, opened.generation);
    // A successor that was given out before the secret was changed is made again with the secret of then.
    for (const Key& key : refresh_keys_)
        if (const Mac other = mac_of(key, opened.session, opened.generation); hash_of(other) == opened.refresh_hash)
            mac = other;
    std::array<unsigned char, refresh_bytes> bytes;
    std::copy(opened.session.value.bytes.begin(), opened.session.value.bytes.end(), bytes.begin());
    for (int i = 0; i < 4; ++i) bytes[16 + i] = static_cast<unsigned char>(opened.generation >> (24 - 8 * i));
    std::copy(mac.begin(), mac.end(), bytes.begin() + 20);
    return base64url(bytes.data(), bytes.size());
}

std::optional<PresentedRefresh> Tokens::read_refresh(std::string_view token) const {
    std::array<unsigned char, refresh_bytes> bytes;
    std::size_t size = 0;
    if (sodium_base642bin(bytes.data(), bytes.size(), token.data(), token.size(), nullptr, &size, nullptr,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 || size != refresh_bytes)
        return {};
    PresentedRefresh presented;
    std::copy(bytes.begin(), bytes.begin() + 16, presented.session.value.bytes.begin());
    for (int i = 0; i < 4; ++i) presented.generation = presented.generation << 8 | bytes[16 + i];
    for (const Key& key : refresh_keys_) {
        const Mac mac = mac_of(key, presented.session, presented.generation);
        if (sodium_memcmp(mac.data(), bytes.data() + 20, mac.size()) != 0) continue;
        presented.hash = hash_of(mac);
        return presented;
    }
    return {};
}

std::int64_t Tokens::idle_life_ms() const {
    const auto shortest = options_.token_life + std::chrono::hours(24);
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::max<std::chrono::seconds>(options_.refresh_life, shortest))
        .count();
}

}  // namespace nova::api

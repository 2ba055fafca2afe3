#include "api/identity/passwords.h"

#include <crypt.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <array>
#include <charconv>
#include <new>
#include <stdexcept>

namespace nova::api {
namespace {

bool same_text(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool matches_bcrypt(const std::string& kept, std::string_view password) {
    crypt_data data{};
    const char* made = crypt_r(std::string(password).c_str(), kept.c_str(), &data);
    return made && same_text(made, kept);
}

// pbkdf2_sha256$<iterations>$<salt>$<Base64 of 32 bytes>
bool matches_pbkdf2(std::string_view kept, std::string_view password) {
    std::array<std::string_view, 4> parts;
    for (std::string_view& part : parts) {
        const std::size_t end = std::min(kept.find('$'), kept.size());
        part = kept.substr(0, end);
        kept.remove_prefix(std::min(end + 1, kept.size()));
    }
    int iterations = 0;
    std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), iterations);
    if (iterations < 1 || iterations > 10'000'000) return false;
    std::array<unsigned char, 32> wanted, made;
    std::size_t size = 0;
    if (sodium_base642bin(wanted.data(), wanted.size(), parts[3].data(), parts[3].size(), nullptr, &size, nullptr,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        size != wanted.size())
        return false;
    PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                      reinterpret_cast<const unsigned char*>(parts[2].data()), static_cast<int>(parts[2].size()),
                      iterations, EVP_sha256(), made.size(), made.data());
    return sodium_memcmp(wanted.data(), made.data(), made.size()) == 0;
}

}  // namespace

Passwords::Passwords(PasswordCost cost) : cost_(cost) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used on this machine");
    nobody_ = hash("nobody has this password");
}

std::string Passwords::hash(std::string_view password) const {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), cost_.passes, cost_.memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc();
    return text.data();
}

Passwords::Match Passwords::verify(const std::string& kept, std::string_view password) const {
    if (kept.starts_with("$2a$") || kept.starts_with("$2b$") || kept.starts_with("$2y$"))
        return matches_bcrypt(kept, password) ? Match::right_but_old : Match::wrong;
    if (kept.starts_with("pbkdf2_sha256$")) return matches_pbkdf2(kept, password) ? Match::right_but_old : Match::wrong;
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (kept.size() >= text.size()) return Match::wrong;
    kept.copy(text.data(), kept.size());
    if (crypto_pwhash_str_verify(text.data(), password.data(), password.size()) != 0) return Match::wrong;
    return crypto_pwhash_str_needs_rehash(text.data(), cost_.passes, cost_.memory_bytes) == 0 ? Match::right
                                                                                              : Match::right_but_old;
}

Passwords::Match Passwords::verify_nobody(std::string_view password) const {
    verify(nobody_, password);
    return Match::wrong;
}

}  // namespace nova::api

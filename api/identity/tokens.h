// The tokens that people hold: access tokens (JWT, HS256) and refresh tokens (opaque, made again from a secret and never
// kept). What they prove is only who signed in; whether it still stands is the directory's to say.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/identity/sessions.h"

namespace nova::api {

struct TokenOptions {
    std::string secret, previous_secret;   // the second: still accepted, while rotating; may be empty
    std::chrono::seconds token_life{15 * 60}, refresh_life{7 * 24 * 3600};
};

// What an access token says, beside what it proves.
struct TokenClaims {
    UserId user;
    SessionId session;
    TenantId tenant;
    std::string email, phone, role;
};

struct VerifiedToken {
    UserId user;
    SessionId session;
    TenantId tenant;
    std::int64_t expires_s = 0;   // since 1970
};

struct PresentedRefresh {
    SessionId session;
    std::int64_t generation = 0;
    std::string hash;   // as it is kept
};

class Tokens final : public commands::RefreshSecrets {
public:
    explicit Tokens(TokenOptions);
    ~Tokens() override;

    std::string issue(const TokenClaims&, Instant now, const Uuid& token_id) const;
    // None: not a token of ours, of another algorithm, or altered. Whether it has expired is for the caller.
    std::optional<VerifiedToken> verify(std::string_view token) const;

    std::string refresh_token(const commands::OpenedSession&) const;
    std::string refresh_hash(const SessionId&, std::int64_t generation) const override;
    std::optional<PresentedRefresh> read_refresh(std::string_view token) const;

    std::int64_t token_life_s() const { return options_.token_life.count(); }
    std::int64_t idle_life_ms() const;   // of a session; always longer than the access token's life

private:
    using Key = std::array<unsigned char, 32>;
    using Mac = std::array<unsigned char, 32>;
    static Key refresh_key(const std::string& secret);
    static Mac mac_of(const Key&, const SessionId&, std::int64_t generation);

    // Tokens already verified. A token is found by a hash of its bytes and compared whole, so that no other one passes.
    struct Remembered {
        std::uint64_t hash = 0;
        std::string token;
        VerifiedToken verified;
    };
    std::optional<VerifiedToken> verify_signature(std::string_view token, const std::string& secret) const;

    TokenOptions options_;
    std::vector<Key> refresh_keys_;   // the current one first
    mutable std::mutex mutex_;
    mutable std::vector<Remembered> remembered_;
};

}  // namespace nova::api

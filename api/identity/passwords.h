// Hashes of passwords: Argon2id for all that is new; bcrypt and PBKDF2-SHA256 are still understood, for people who were
// imported with them. All of it is slow by intent: it runs on the password pool, never on an I/O or writer thread.
#pragma once
#include <string>
#include <string_view>

namespace nova::api {

struct PasswordCost {
    unsigned long long passes = 2;
    std::size_t memory_bytes = 19u << 20;
};

class Passwords {
public:
    explicit Passwords(PasswordCost = {});

    std::string hash(std::string_view password) const;

    enum class Match { wrong, right, right_but_old };  // the last: kept in another form than `hash` makes now
    Match verify(const std::string& kept, std::string_view password) const;
    // Takes as long as a comparison with a hash of `hash`, and never matches: for people who do not exist.
    Match verify_nobody(std::string_view password) const;

private:
    PasswordCost cost_;
    std::string nobody_;
};

}  // namespace nova::api

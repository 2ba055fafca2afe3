// The port by which personal and secret members are sealed; eventstore/keys implements it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "domain/kernel/uuid.h"

namespace nova::schemas {

// The id of a person's key is the person's stream name: "customer-0192…".
class Sealer {
public:
    virtual ~Sealer() = default;
    // Appends base64url(nonce ‖ XChaCha20-Poly1305) of `plain` under the key of `subject`, which is made if it does not exist yet.
    virtual void seal(std::string_view subject, std::string_view plain, const Uuid& event_id, std::string& out) = 0;
};

class Opener {
public:
    virtual ~Opener() = default;
    // nullopt: the key is gone, the person was erased. Throws CorruptRecord when the box was tampered with.
    virtual std::optional<std::string> open(std::string_view subject, std::string_view box, const Uuid& event_id) = 0;
};

// Leaves everything sealed: what is personal reads as null. For analytics that need no names.
class LeaveSealed final : public Opener {
public:
    std::optional<std::string> open(std::string_view, std::string_view, const Uuid&) override { return std::nullopt; }
};

}  // namespace nova::schemas

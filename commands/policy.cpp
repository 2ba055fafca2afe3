#include "commands/policy.h"

#include <array>

namespace nova::commands {
namespace {

constexpr std::array role_names{"BROKER", "TEAM_MEMBER", "MANAGER", "COMPANY", "OWNER",
                                "ADMIN",  "CSO",         "AGENT",   "AUDITOR"};
constexpr std::array right_names{"customers.read",   "customers.write", "customers.delete", "customers.assign",
                                 "customers.export", "users.read",      "users.create",     "users.manage",
                                 "log.read",         "platform"};
constexpr std::size_t rights = right_names.size();

constexpr Extent no = Extent::none, own = Extent::own, all = Extent::tenant;

// The whole policy: a row a role (in the order of Role), a column a right (in the order of Right). `own` is what the actor
// created or is assigned. The owner of a tenant has the row of OWNER whatever their role.
constexpr std::array<std::array<Extent, rights>, role_names.size()> table{{
    //            c.read c.write c.delete c.assign c.export  u.read u.create u.manage  log  platform
    /* BROKER  */ {{own, own, own, no, own, all, no, no, no, no}},
    /* MEMBER  */ {{own, own, own, no, own, all, no, no, no, no}},
    /* MANAGER */ {{all, all, all, all, all, all, all, no, no, no}},
    /* COMPANY */ {{all, all, all, all, all, all, all, all, all, no}},
    /* OWNER   */ {{all, all, all, all, all, all, all, all, all, no}},
    /* ADMIN   */ {{all, all, all, all, all, all, all, all, all, all}},
    /* CSO     */ {{own, own, own, no, own, all, no, no, no, no}},
    /* AGENT   */ {{own, own, own, no, own, all, no, no, no, no}},
    /* AUDITOR */ {{all, no, no, no, all, all, no, no, all, no}},
}};

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.append(width - text.size(), ' ');
    return text;
}

}  // namespace

Extent extent(const Actor& actor, Right right) {
    if (actor.type == ActorType::SYSTEM) return Extent::tenant;
    const auto& row = table[static_cast<std::size_t>(actor.role)];
    const Extent by_role = row[static_cast<std::size_t>(right)];
    if (!actor.owns_tenant) return by_role;
    return std::max(by_role, table[static_cast<std::size_t>(Role::OWNER)][static_cast<std::size_t>(right)]);
}

int rank(Role role) {
    switch (role) {
        case Role::AUDITOR: return 0;
        case Role::BROKER: case Role::TEAM_MEMBER: case Role::CSO: case Role::AGENT: return 1;
        case Role::MANAGER: return 2;
        case Role::COMPANY: return 3;
        case Role::OWNER: return 4;
        case Role::ADMIN: return 5;
    }
    impossible();
}

int rank(const Actor& actor) {
    const int by_role = rank(actor.role);
    return actor.owns_tenant ? std::max(by_role, rank(Role::OWNER)) : by_role;
}

std::optional<Rejection> refuse_unless(const Actor& actor, Right read, Right change, const UserId& owner,
                                       const std::optional<UserId>& assignee) {
    const bool is_own = actor.type == ActorType::USER && (owner == actor.user || (assignee && *assignee == actor.user));
    const auto reaches = [&](Right right) {
        const Extent e = extent(actor, right);
        return e == Extent::tenant || (e == Extent::own && is_own);
    };
    if (!reaches(read)) return Rejection::not_found();
    if (!reaches(change)) return Rejection::forbidden();
    return {};
}

std::string policy_table() {
    std::string out = padded("role", 13);
    for (const char* right : right_names) out += padded(right, 18);
    out += '\n';
    for (std::size_t role = 0; role < role_names.size(); ++role) {
        out += padded(role_names[role], 13);
        for (const Extent e : table[role])
            out += padded(e == Extent::tenant ? "whole tenant" : e == Extent::own ? "own items" : "-", 18);
        out += '\n';
    }
    return out + "\nThe owner of a tenant (who registered it) counts as OWNER whatever their role.\n";
}

}  // namespace nova::commands

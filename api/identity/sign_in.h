// What all ways of signing in end with: the answer with the tokens of a session that was opened.
#pragma once
#include <string>

#include "api/identity/directory_command.h"

namespace nova::api {

// The session that a command opened. The person's next queries wait for what it wrote, as for any command of theirs.
std::shared_ptr<const commands::OpenedSession> opened_by(const IdentityServices&, const commands::Completed&);

// `"expiresIn":900,"refreshToken":"…","token":"…"`: members of the answer.
std::string token_members(const IdentityServices&, const commands::OpenedSession&, Instant now);
// `"user":{…}` of the session's user, as they see themselves.
std::string own_user_member(const IdentityServices&, const commands::OpenedSession&);

commands::NewSession new_session(const IdentityServices&, std::optional<identity::session::DeviceName> = {},
                                 std::optional<TenantId> = {});

// An actor who is not signed in: known by where they are only, or already by who they claim to be and have proven.
Actor actor_before_sign_in(const Request&, const UserId& = {});

// The request's password rules: everything wrong with it as one refusal, `weak_password` where nothing else is.
std::optional<Rejection> refuse_body(Violations wrong, Violations weaknesses);


}  // namespace nova::api

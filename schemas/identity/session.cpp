#include "domain/identity/session.h"

#include "schemas/identity/identity.h"

namespace nova::schemas {

AggregateContract session_contract() {
    using namespace identity::session;
    AggregateContract c("identity", "session-");
    // A session has no key of its own: what is sealed is sealed for its user.
    c.event<Started>("A session began on {deviceName}", "بدأت جلسة على {deviceName}")
        .personal("deviceName", "userAgent", "address").secret("refreshHash").of_user("userId");
    c.event<Refreshed>("The session was continued", "استمرت الجلسة").secret("refreshHash").of_user("userId");
    c.event<Ended>("The session ended ({reason})", "انتهت الجلسة ({reason})");
    c.event<Revoked>("{actor} ended the session ({reason})", "أنهى {actor} الجلسة ({reason})");
    c.event<TokenReused>("A refresh token was used a second time", "استُخدم رمز تحديث مرة ثانية")
        .personal("address")
        .of_user("userId");
    return c;
}

}  // namespace nova::schemas

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "domain/identity/password_rules.h"

using namespace nova;
using identity::check_password;

namespace {

std::vector<std::string> codes(std::string_view password, std::string_view email = "test@nova.com",
                               std::string_view name = "Test User") {
    Violations wrong;
    check_password(password, email, name, "newPassword", wrong);
    std::vector<std::string> found;
    for (const Violation& violation : wrong.all()) {
        CHECK(violation.path == "newPassword");
        CHECK_FALSE(violation.message.empty());
        found.push_back(violation.code);
    }
    return found;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("password: what keeps all rules is accepted") {
    for (const char* password : {"Test1234!", "Aa1!aaaa", "Correct Horse 7", "كلمة-Aa1", "Xy9_Xy9_"}) {
        CAPTURE(password);
        CHECK(codes(password).empty());
    }
}

TEST_CASE("password: every broken rule is named, not only the first") {
    CHECK(codes("Test1234") == Codes{"no_special"});
    CHECK(codes("test1234!") == Codes{"no_upper"});
    CHECK(codes("TEST1234!") == Codes{"no_lower"});
    CHECK(codes("TestTest!") == Codes{"no_digit"});
    CHECK(codes("Aa1!") == Codes{"too_short"});
    CHECK(codes("") == Codes{"too_short", "no_upper", "no_lower", "no_digit", "no_special"});
    CHECK(codes("password") == Codes{"no_upper", "no_digit", "no_special", "too_common"});
    CHECK(codes("123456") == Codes{"too_short", "no_upper", "no_lower", "no_special", "too_common"});
}

TEST_CASE("password: lengths are of characters, not bytes") {
    CHECK(codes("Aa1!مممم").empty());
    CHECK(codes("Aa1!ممم") == Codes{"too_short"});
    CHECK(codes("Aa1!" + std::string(124, 'x')).empty());
    CHECK(codes("Aa1!" + std::string(125, 'x')) == Codes{"too_long"});
    std::string arabic = "Aa1!";
    for (int i = 0; i < 124; ++i) arabic += "م";
    CHECK(codes(arabic).empty());
}

TEST_CASE("password: the commonest are refused as they are written, and only so") {
    for (const char* password : {"123456", "password", "qwerty", "12345678", "iloveyou", "trustno1"})
        CHECK(identity::is_common_password(password));
    for (const char* password : {"", "Test1234!", "PaSsWoRd", "password!A1", " 123456", "123456 password"})
        CHECK_FALSE(identity::is_common_password(password));
}

TEST_CASE("password: not the e-mail's local part nor the name, where these have six characters or more") {
    CHECK(codes("Xx1!Ahmad.Ali", "ahmad.ali@x.com", "A") == Codes{"contains_identity"});
    CHECK(codes("Xx1!AHMAD.ali9", "Ahmad.Ali@x.com", "A") == Codes{"contains_identity"});
    CHECK(codes("Xx1!ahmad", "ahmad@x.com", "A").empty());
    CHECK(codes("Sara Ali-77", "s@x.com", "sara ali") == Codes{"contains_identity"});
    CHECK(codes("Xx1!Sara9", "s@x.com", "Sara Ali").empty());
    CHECK(codes("Aa1!محمد علي", "m@x.com", "محمد علي") == Codes{"contains_identity"});
    CHECK(codes("Xx1!xx.com", "ab@xx.com", "A").empty());
    CHECK(codes("Xx1!yyyy", "", "").empty());
}

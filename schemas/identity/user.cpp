#include "domain/identity/user.h"

#include "schemas/identity/identity.h"

namespace nova::schemas {

AggregateContract user_contract() {
    using namespace identity::user;
    AggregateContract c("identity", "user-");
    // Personal is what names, reaches or describes the person; where and with what they signed in as well.
    c.event<Registered>("{name} registered", "سجّل {name} حسابًا جديدًا")
        .personal("name", "firstName", "lastName", "email", "phone").secret("passwordHash");
    c.event<Created>("{actor} created the user {name}", "أنشأ {actor} المستخدم {name}")
        .personal("name", "firstName", "lastName", "email", "phone").secret("passwordHash");
    c.event<Renamed>("{actor} renamed the user to {name}", "غيّر {actor} اسم المستخدم إلى {name}")
        .personal("name", "firstName", "lastName");
    c.event<BusinessChanged>("{actor} changed the business of the user: {companyName}, {commercialRegistration}",
                             "غيّر {actor} بيانات منشأة المستخدم: {companyName}، {commercialRegistration}")
        .personal("commercialRegistration");
    c.event<FalLicenseChanged>("{actor} changed the FAL licence to {falLicense}, valid until {falExpiry}",
                               "غيّر {actor} رخصة فال إلى {falLicense} الصالحة حتى {falExpiry}")
        .personal("falLicense");
    c.event<IdentityChanged>("{actor} changed the identity papers of the user", "غيّر {actor} بيانات هوية المستخدم")
        .personal("idNumber", "dateOfBirth");
    c.event<LocationChanged>("{actor} changed the place of the user to {city}, {district}",
                             "غيّر {actor} موقع المستخدم إلى {city}، {district}")
        .personal("city", "district");
    c.event<PositionChanged>("{actor} changed the position of the user to {title}",
                             "غيّر {actor} منصب المستخدم إلى {title}")
        .personal("title", "employeeNo");
    c.event<PreferencesChanged>("{actor} changed preferences", "غيّر {actor} التفضيلات").personal("preferences");
    c.event<NotificationSettingsChanged>("{actor} changed what notifications are sent",
                                         "غيّر {actor} إعدادات الإشعارات");
    c.event<PasswordChanged>("{actor} changed the password ({cause})", "غيّر {actor} كلمة المرور ({cause})")
        .secret("passwordHash");
    c.event<LockedOut>("The account was locked until {until} after {failures} failed sign-ins",
                       "أُقفل الحساب حتى {until} بعد {failures} محاولات دخول فاشلة");
    c.event<Suspended>("{actor} suspended the user: {reason}", "أوقف {actor} المستخدم: {reason}").personal("reason");
    c.event<Reactivated>("{actor} reactivated the user", "أعاد {actor} تنشيط المستخدم").personal("reason");
    c.event<Deleted>("{actor} deleted the user", "حذف {actor} المستخدم").personal("email", "phone");
    c.event<SignedIn>("{actor} signed in", "سجّل {actor} الدخول").personal("address", "userAgent");
    c.event<SignInFailed>("A sign-in failed ({reason})", "فشلت محاولة دخول ({reason})").personal("address");
    return c;
}

}  // namespace nova::schemas

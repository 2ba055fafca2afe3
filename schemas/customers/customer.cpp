#include "schemas/customers/customer.h"

#include "domain/customers/customer.h"

namespace nova::schemas {

AggregateContract customer_contract() {
    using namespace customers::customer;
    AggregateContract c("customers", "customer-");
    // Personal is what names, reaches or describes the person; the preferred time is, for its note.
    c.event<Created>("{actor} created the customer {name}", "أنشأ {actor} العميل {name}")
        .personal("name", "firstName", "lastName", "phone", "email", "whatsapp", "preferredContactTime", "notes",
                  "customFields", "address", "locationLat", "locationLng");
    c.event<Renamed>("{actor} renamed the customer to {name}", "غيّر {actor} اسم العميل إلى {name}")
        .personal("name", "firstName", "lastName");
    c.event<ContactChanged>("{actor} changed how the customer is reached: {phone}, {email}",
                            "غيّر {actor} بيانات التواصل: {phone}، {email}")
        .personal("phone", "email", "whatsapp");
    c.event<Classified>("{actor} classified the customer as {type}, {category}, {interestLevel}",
                        "صنّف {actor} العميل: {type}، {category}، {interestLevel}");
    c.event<Archived>("{actor} archived the customer", "أرشف {actor} العميل").personal("reason");
    c.event<Reactivated>("{actor} made the customer active again", "أعاد {actor} تنشيط العميل").personal("reason");
    c.event<Deactivated>("{actor} made the customer inactive", "أوقف {actor} نشاط العميل").personal("reason");
    c.event<MarkedVip>("{actor} marked the customer as VIP", "ميّز {actor} العميل كعميل مهم");
    c.event<UnmarkedVip>("{actor} no longer marks the customer as VIP", "ألغى {actor} تمييز العميل كعميل مهم");
    c.event<ContactPreferenceChanged>("{actor} changed the preferred way of contact to {preferredContactMethod}",
                                      "غيّر {actor} طريقة التواصل المفضلة إلى {preferredContactMethod}")
        .personal("preferredContactTime");
    c.event<BudgetChanged>("{actor} changed the budget to {budgetMin}–{budgetMax}",
                           "غيّر {actor} الميزانية إلى {budgetMin}–{budgetMax}");
    c.event<PreferencesChanged>(
        "{actor} changed what the customer looks for: {preferredCities}, {preferredDistricts}, {propertyTypes}",
        "غيّر {actor} تفضيلات العميل: {preferredCities}، {preferredDistricts}، {propertyTypes}");
    c.event<TagsChanged>("{actor} changed the tags to {tags}", "غيّر {actor} الوسوم إلى {tags}");
    c.event<NotesChanged>("{actor} changed the notes", "غيّر {actor} الملاحظات").personal("notes");
    c.event<CustomFieldsChanged>("{actor} changed custom fields", "غيّر {actor} الحقول المخصصة")
        .personal("customFields");
    c.event<LocationChanged>("{actor} changed the location to {address}", "غيّر {actor} الموقع إلى {address}")
        .personal("address", "locationLat", "locationLng");
    c.event<CreditLimitChanged>("{actor} changed the credit limit to {creditLimit}",
                                "غيّر {actor} حد الائتمان إلى {creditLimit}");
    c.event<Assigned>("{actor} assigned the customer to {assignedTo}", "أسند {actor} العميل إلى {assignedTo}")
        .personal("note");
    c.event<Deleted>("{actor} deleted the customer", "حذف {actor} العميل").personal("reason");
    return c;
}

}  // namespace nova::schemas

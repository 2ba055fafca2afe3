// The values whose JSON is a text of some form: how each is read from people, read back from the log, and printed.
#include "schemas/json.h"
#include "schemas/type_info.h"

namespace nova::schemas {
namespace {

template <class T, std::optional<T> (*Parse)(std::string_view)>
bool parse_into(std::string_view text, void* out) {
    auto value = Parse(text);
    if (value) *static_cast<T*>(out) = std::move(*value);
    return value.has_value();
}

// Ids and times are written in one form only, so one that does not parse is damage, not an older habit.
template <class T, std::optional<T> (*Parse)(std::string_view)>
void restore_exactly(std::string_view text, void* out) {
    if (!parse_into<T, Parse>(text, out))
        throw CorruptRecord("unreadable value \"" + std::string(text.substr(0, 64)) + '"');
}

template <class T>
void print_appended(const void* value, std::string& out) { append_text(*static_cast<const T*>(value), out); }

void print_date(const void* value, std::string& out) { out += to_text(*static_cast<const Date*>(value)); }

void restore_phone(std::string_view text, void* out) { *static_cast<Phone*>(out) = stored_phone(text); }
void print_phone(const void* value, std::string& out) { out += static_cast<const Phone*>(value)->text; }

constexpr std::string_view same = "same";

bool parse_whatsapp(std::string_view text, void* out) {
    auto& whatsapp = *static_cast<Whatsapp*>(out);
    whatsapp.same_as_phone = text == same;
    if (whatsapp.same_as_phone) {
        whatsapp.phone = {};
        return true;
    }
    return parse_into<Phone, parse_phone>(text, &whatsapp.phone);
}
void restore_whatsapp(std::string_view text, void* out) {
    auto& whatsapp = *static_cast<Whatsapp*>(out);
    whatsapp.same_as_phone = text == same;
    whatsapp.phone = whatsapp.same_as_phone ? Phone{} : stored_phone(text);
}
void print_whatsapp(const void* value, std::string& out) {
    const auto& whatsapp = *static_cast<const Whatsapp*>(value);
    out += whatsapp.same_as_phone ? same : std::string_view(whatsapp.phone.text);
}

void restore_email(std::string_view text, void* out) { static_cast<Email*>(out)->text = text; }
void print_email(const void* value, std::string& out) { out += static_cast<const Email*>(value)->text; }

}  // namespace

const ScalarInfo& scalar_of(const Uuid*) {
    static const ScalarInfo info{"uuid", "invalid_id", "an id such as 0192f3a4-5b6c-7d8e-9f01-23456789abcd",
                                 "0192f3a4-5b6c-7d8e-9f01-23456789abcd", parse_into<Uuid, parse_uuid>,
                                 restore_exactly<Uuid, parse_uuid>, print_appended<Uuid>, 36};
    return info;
}
const ScalarInfo& scalar_of(const Instant*) {
    static const ScalarInfo info{"date-time", "invalid_time", "a time such as 2026-11-20T09:30:00.000Z",
                                 "2026-11-20T09:30:00.000Z", parse_into<Instant, parse_instant>,
                                 restore_exactly<Instant, parse_instant>, print_appended<Instant>, 35};
    return info;
}
const ScalarInfo& scalar_of(const Date*) {
    static const ScalarInfo info{"date", "invalid_date", "a date such as 2026-11-20", "2026-11-20",
                                 parse_into<Date, parse_date>, restore_exactly<Date, parse_date>, print_date, 10};
    return info;
}
const ScalarInfo& scalar_of(const Phone*) {
    static const ScalarInfo info{"phone", "invalid_phone", "a phone number such as 0551234567 or +14155552671",
                                 "0551234567", parse_into<Phone, parse_phone>, restore_phone, print_phone, 40, true};
    return info;
}
const ScalarInfo& scalar_of(const Whatsapp*) {
    static const ScalarInfo info{"whatsapp", "invalid_phone", "a phone number such as 0551234567, or \"same\"",
                                 "0551234567", parse_whatsapp, restore_whatsapp, print_whatsapp, 40, true};
    return info;
}
const ScalarInfo& scalar_of(const Email*) {
    static const ScalarInfo info{"email",
                                 "invalid_email",
                                 "an e-mail address such as sara@example.com",
                                 "sara@example.com",
                                 parse_into<Email, parse_email>,
                                 restore_email,
                                 print_email,
                                 254,
                                 true};
    return info;
}

}  // namespace nova::schemas

// How people are reached: phone numbers and e-mail addresses, kept as they were given and compared in one form.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace nova {

// `text` is what was typed and what is shown; `e164` is what is compared and indexed.
struct Phone {
    std::string text;
    std::string e164;
    bool operator==(const Phone& other) const { return text == other.text; }
};
// The Saudi forms (05…, 5…, 9665…, +9665…, 00966 5…, digits in Arabic or Latin) by their pattern alone; any other
// country's number in international form if libphonenumber says that it is valid.
std::optional<Phone> parse_phone(std::string_view);
// A phone read back from the log: what cannot be parsed (any more) keeps its text and an empty e164.
Phone stored_phone(std::string_view);
// At least three digits of a number in any form, as they would stand in an E.164 number ("055 12" → "+96655 12"
// without the blank is "96655 12"); empty if the text is no part of a number. For search.
std::string phone_search_digits(std::string_view);

// A WhatsApp number; the text `same` in a request stands for the phone beside it.
struct Whatsapp {
    Phone phone;
    bool same_as_phone = false;
    bool operator==(const Whatsapp&) const = default;
};

struct Email {
    std::string text;                                   // as given
    std::string key() const;                            // lower case: what is compared
    bool operator==(const Email& other) const { return text == other.text; }
};
// One @, a domain with a dot, at most 254 characters, no spaces or control characters.
std::optional<Email> parse_email(std::string_view);

}  // namespace nova

// The rules of single values: is this text, number or word what its type asks for? Knows nothing of JSON's syntax.
#pragma once
#include <string>
#include <string_view>

#include "domain/kernel/violation.h"
#include "schemas/type_info.h"

namespace nova::schemas {

// What is being read, and what was found wrong so far.
class Report {
public:
    std::string path;  // of the value at hand: "preferredCities[3]"
    Violations found;

    void add(std::string code, std::string message);
    // At a member or entry of the value at hand.
    void add_at(std::string_view member, std::string code, std::string message);

    // Extends the path for as long as the object lives.
    class Step {
    public:
        Step(Report& report, std::string_view member);
        Step(Report& report, std::size_t entry);
        ~Step() { report_.path.resize(length_); }
        Step(const Step&) = delete;
        Step& operator=(const Step&) = delete;

    private:
        Report& report_;
        std::size_t length_;
    };
};

// Cleans `given` into `out`; false if there is nothing to go on with.
bool clean(std::string_view given, std::string& out, Report&);

void read_text(std::string_view given, const TypeInfo&, void* out, Report&);
void read_scalar(std::string_view given, const ScalarInfo&, void* out, Report&);
void read_enumerator(std::string_view given, const TypeInfo&, void* out, Report&);
// `token` is a number as JSON writes it.
void read_number(std::string_view token, const TypeInfo&, void* out, Report&);
bool is_json_number(std::string_view token);

// Names of objects of free form.
constexpr std::size_t max_key_characters = 100;
bool is_forbidden_key(std::string_view key);

// "a text", "a whole number", "a list" …: what a value of this type looks like.
std::string expectation(const TypeInfo&);

}  // namespace nova::schemas

#include "tests/bench/work.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "tests/bench/http.h"
#include "tests/bench/people.h"

namespace nova::bench {

Work::Work(std::uint16_t port) : port_(port) {
    constexpr std::string_view person =
        R"({"email":"bench@example.com","phone":"+966500000000","password":"Test1234!","name":"نورة الشمري"})";
    const Exchange registered = exchange(port, "POST", "/api/auth/register", {}, person);
    if (registered.status != 201) throw std::runtime_error("registering was refused: " + registered.body);
    token_ = member_of(registered.body, "token");
    next_person_ = 10'000'000;   // phones apart from the broker's own
}

Outcome Work::run(std::chrono::milliseconds lasts, const NextRequest& next, std::uint64_t at_most) {
    Load load;
    load.port = port_, load.lasts = lasts, load.requests_max = at_most;
    return run_load(load, next, [this](const Answer& answer) { remember(answer); });
}

void Work::remember(const Answer& answer) {
    if (answer.status == 201) {
        const std::string_view location = header_of(answer, "location");
        ids_.emplace_back(location.substr(location.rfind('/') + 1));
    }
    const std::string_view position = header_of(answer, "nova-position");
    if (const std::size_t colon = position.find(':'); colon != position.npos) {
        std::uint64_t offset = 0;
        std::from_chars(position.data() + colon + 1, position.data() + position.size(), offset);
        events_ = std::max(events_, offset + 1);
    }
}

void Work::put_create(std::string& out) {
    body_.clear();
    put_customer(body_, next_person_++);
    put_request(out, "POST", "/api/customers", token_, body_);
}

void Work::put_get(std::string& out) { put_request(out, "GET", "/api/customers/" + any_id(), token_); }

void Work::put_patch(std::string& out) {
    body_.clear();
    put_change(body_, ++next_change_);
    put_request(out, "PATCH", "/api/customers/" + any_id(), token_, body_);
}

Outcome Work::load_customers(std::uint64_t total) {
    if (total <= ids_.size()) return {};
    return run(std::chrono::minutes(10), [this](std::string& out) { put_create(out); }, total - ids_.size());
}

Outcome Work::create(std::chrono::milliseconds lasts) {
    return run(lasts, [this](std::string& out) { put_create(out); });
}

Outcome Work::get_one(std::chrono::milliseconds lasts) {
    return run(lasts, [this](std::string& out) { put_get(out); });
}

Outcome Work::list(std::chrono::milliseconds lasts) {
    return run(lasts, [this](std::string& out) { put_request(out, "GET", "/api/customers?page=1", token_); });
}

Outcome Work::search(std::chrono::milliseconds lasts) {
    return run(lasts, [this](std::string& out) {
        put_request(out, "GET", "/api/customers?search=" + search_words(chance_()), token_);
    });
}

Outcome Work::patch(std::chrono::milliseconds lasts, std::uint64_t at_most) {
    return run(lasts, [this](std::string& out) { put_patch(out); }, at_most);
}

Outcome Work::mixed(std::chrono::milliseconds lasts) {
    return run(lasts, [this](std::string& out) {
        switch (chance_() % 10) {
            case 0: return put_create(out);
            case 1: return put_patch(out);
            case 2: return put_request(out, "GET", "/api/customers?page=1", token_);
            default: return put_get(out);
        }
    });
}

Outcome Work::health(std::chrono::milliseconds lasts) {
    Load load;
    load.port = port_, load.lasts = lasts, load.connections = 100;
    return run_load(load, [](std::string& out) { put_request(out, "GET", "/health", {}); });
}

}  // namespace nova::bench

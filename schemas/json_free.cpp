#include "schemas/json_free.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "schemas/json.h"
#include "schemas/json_cursor.h"
#include "schemas/json_fault.h"

namespace nova::schemas {
namespace {

constexpr int max_depth = 64;  // of the stack here; what people send is bounded more narrowly where it is read

// RFC 8785 sorts by UTF-16 units: characters beyond the BMP (lead byte F0–F4) stand before U+E000–U+FFFF.
bool utf16_less(std::string_view a, std::string_view b) {
    const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
    const auto left = static_cast<unsigned char>(*x), right = static_cast<unsigned char>(*y);
    if ((left >= 0xF0) != (right >= 0xF0) && left >= 0xEE && right >= 0xEE) return left >= 0xF0;
    return left < right;
}

// Nobody said how exact these numbers are meant, so the bound within which every program keeps them is set for all.
const TypeInfo& free_number() {
    static const TypeInfo info = [] {
        TypeInfo number;
        number.kind = Kind::number;
        number.lowest_number = -static_cast<double>(max_exact), number.highest_number = static_cast<double>(max_exact);
        return number;
    }();
    return info;
}

class FreeReader {
public:
    FreeReader(std::string_view json, Report* report) : cursor_(json), report_(report) {}

    void read(std::string& out) {
        switch (cursor_.peek()) {
            case '{': return read_object(out);
            case '[': return read_list(out);
            case '"': return read_string(out);
            case 't': case 'f': case 'n': out += cursor_.bare(); return;
            default: return read_number(out);
        }
    }
    void end() { cursor_.end(); }

private:
    struct Entry {
        std::string key, value;
    };

    void go_deeper() {
        if (++depth_ > max_depth) throw CorruptRecord("JSON nested too deep");
    }
    void complain(std::string code, std::string message) {
        if (!report_) throw CorruptRecord("JSON " + message);
        report_->add(std::move(code), std::move(message));
    }

    void read_list(std::string& out) {
        go_deeper();
        cursor_.expect('[');
        out += '[';
        std::size_t index = 0;
        if (!cursor_.take(']')) {
            do {
                if (index) out += ',';
                read_at(index++, out);
            } while (cursor_.more(']'));
        }
        out += ']';
        --depth_;
    }

    void read_object(std::string& out) {
        go_deeper();
        std::vector<Entry> entries;
        cursor_.expect('{');
        if (!cursor_.take('}')) {
            do {
                Entry& entry = entries.emplace_back();
                read_key(entry.key);
                cursor_.expect(':');
                read_at(std::string_view(entry.key), entry.value);
            } while (cursor_.more('}'));
        }
        --depth_;
        write_sorted(entries, out);
    }

    template <class Place>
    void read_at(Place place, std::string& out) {
        if (!report_) return read(out);
        const Report::Step step(*report_, place);
        read(out);
    }

    void write_sorted(std::vector<Entry>& entries, std::string& out) {
        std::sort(entries.begin(), entries.end(),
                  [](const Entry& a, const Entry& b) { return utf16_less(a.key, b.key); });
        out += '{';
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (i && entries[i].key == entries[i - 1].key) complain_of_duplicate(entries[i].key);
            if (i) out += ',';
            write_string(entries[i].key, out);
            out += ':';
            out += entries[i].value;
        }
        out += '}';
    }
    void complain_of_duplicate(std::string_view key) {
        if (!report_) throw CorruptRecord("JSON has a member twice");
        report_->add_at(key, "duplicate_member", "is there twice");
    }

    // False when the text holds half of a surrogate pair, the one thing that valid JSON can write and UTF-8 cannot.
    bool unescape_next(std::string& out) {
        bool escaped;
        const std::string_view raw = cursor_.string(escaped);
        if (!escaped) {
            out = raw;
            return true;
        }
        try {
            unescape(raw, out);
            return true;
        } catch (const CorruptRecord&) {
            return false;
        }
    }

    void read_string(std::string& out) {
        std::string text;
        if (!unescape_next(text)) return complain("invalid_utf8", "is not valid UTF-8");
        if (!report_) return write_string(text, out);
        std::string cleaned;
        if (clean(text, cleaned, *report_)) write_string(cleaned, out);
    }

    // Names are cleaned as texts are: they are shown to people, too.
    void read_key(std::string& out) {
        std::string key;
        if (!unescape_next(key)) return complain("invalid_utf8", "has a member whose name is not valid UTF-8");
        if (!report_) {
            out = std::move(key);
        } else if (clean_text(key, out) != TextFault::none) {
            complain("control_character", "has a member whose name holds control characters");
        } else if (out.empty() || length_in_characters(out) > max_key_characters || is_forbidden_key(out)) {
            report_->add_at(out, "invalid_key", "is no name that a member may have; it needs 1 to 100 characters");
        }
    }

    void read_number(std::string& out) {
        const std::string_view token = cursor_.bare();
        double value = 0;
        if (report_) {
            nova::schemas::read_number(token, free_number(), &value, *report_);
        } else {
            value = std::strtod(std::string(token).c_str(), nullptr);
            if (!std::isfinite(value)) throw CorruptRecord("JSON has a number that no double can hold");
        }
        write_number(value, out);
    }

    Cursor cursor_;
    Report* report_;
    int depth_ = 0;
};

}  // namespace

void append_canonical(std::string_view json, std::string& out, Report* report) {
    FreeReader reader(json, report);
    reader.read(out);
    reader.end();
}

std::string canonical(std::string_view json) {
    if (const auto at = first_utf8_fault(json)) throw CorruptRecord("no UTF-8 at byte " + std::to_string(*at));
    if (const auto at = first_syntax_fault(json)) throw CorruptRecord("unreadable JSON at byte " + std::to_string(*at));
    std::string out;
    append_canonical(json, out, nullptr);
    return out;
}

}  // namespace nova::schemas

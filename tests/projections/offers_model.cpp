#include "tests/projections/offers_model.h"

#include <algorithm>

#include "schemas/json.h"

namespace model {

using projections::CollectionInfo;
using projections::ColumnInfo;
using projections::Filter;
using projections::Match;
using projections::Value;

namespace {

Uuid numbered(std::uint8_t kind, int number) {
    Uuid id;
    id.bytes = {kind, 0x92, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, static_cast<std::uint8_t>(number >> 24),
        static_cast<std::uint8_t>(number >> 16),
                static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
    return id;
}

Value stored_value(const ColumnInfo& column, const sample::OfferView& view) {
    Value value = column.value(&view);
    if (auto* text = std::get_if<std::string>(&value); text && column.folded) *text = folded(*text);
    return value;
}

bool list_has(const Value& list, const Value& entry) {
    const auto* text = std::get_if<std::string>(&list);
    return text && text->find("\n" + folded(std::get<std::string>(entry)) + "\n") != std::string::npos;
}

bool free_form_is(const sample::OfferView& view, const std::string& key, const Filter& filter) {
    bool found = false;
    schemas::for_each_member(view.custom_fields.text, [&](std::string_view name, std::string_view raw) {
        if (name != key) return;
        for (const Value& value : filter.values) {
            const std::string& text = std::get<std::string>(value);
            if (raw == text || raw == "\"" + text + "\"") found = true;
        }
    });
    return found;
}

bool passes(const CollectionInfo& info, const sample::OfferView& view, const Filter& filter) {
    if (filter.column.starts_with("customFields.")) return free_form_is(view, filter.column.substr(13), filter);
    const ColumnInfo& column = *info.column(filter.column);
    const Value value = stored_value(column, view);
    const auto fold_if = [&](Value v) {
        if (auto* text = std::get_if<std::string>(&v); text && column.folded) *text = folded(*text);
        return v;
    };
    switch (filter.match) {
        case Match::equals: return std::any_of(filter.values.begin(), filter.values.end(),
            [&](const Value& v) { return fold_if(v) == value; });
        case Match::any_of: return std::any_of(filter.values.begin(), filter.values.end(),
            [&](const Value& v) { return list_has(value, v); });
        case Match::all_of: return std::all_of(filter.values.begin(), filter.values.end(),
            [&](const Value& v) { return list_has(value, v); });
        case Match::range:
            return value.index() != 0 && (!filter.from || !(value < *filter.from)) &&
                   (!filter.to || !(*filter.to < value));
        case Match::present: return (value.index() != 0) == (filter.values.front() == Value(std::int64_t{1}));
    }
    return false;
}

bool reaches(const sample::OfferView& view, const projections::Reach& reach) {
    if (reach.whole_tenant) return true;
    if (!reach.user.empty() &&
        (to_text(view.owner) == reach.user || (view.assignee && to_text(*view.assignee) == reach.user)))
        return true;
    return view.team && std::count(reach.teams.begin(), reach.teams.end(), to_text(*view.team));
}

}  // namespace

TenantId tenant(int number) { return TenantId{numbered(1, number)}; }
UserId user(int number) { return UserId{numbered(2, number)}; }
TeamId team(int number) { return TeamId{numbered(3, number)}; }
std::string offer_id(int number) { return to_text(numbered(4, number)); }

sample::OfferView any_offer(std::mt19937& random, int number) {
    const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    static const char* const words[] = {"شقة",   "فيلا",  "الرياض",   "بالرياض",    "جدة",
                                        "للبيع", "Villa", "sea view", "0551234567", "أرض"};
    static const char* const cities[] = {"الرياض", "جدّة", "مكة", "Riyadh", "RIYADH"};
    static const char* const tags[] = {"VIP", "vip", "مستعجل", "Sea View", "x"};
    static const char* const fields[] = {"{}", R"({"colour":"red","size":5})", R"({"colour":"blue","new":true})", R"({"a\"b":"q"})"};
    sample::OfferView view;
    view.id = offer_id(number);
    view.title = std::string(words[pick(10)]) + " " + words[pick(10)];
    view.notes = pick(3) ? "" : std::string(words[pick(10)]);
    view.city = cities[pick(5)];
    for (int i = pick(4); i > 0; --i) view.tags.push_back(tags[pick(5)]);
    view.price = pick(8);
    if (pick(2)) view.discount = pick(4);
    view.status = static_cast<sample::State>(pick(3));
    view.owner = user(pick(4));
    if (pick(2)) view.assignee = user(pick(4));
    if (pick(3) == 0) view.team = team(pick(2));
    view.custom_fields.text = fields[pick(4)];
    view.created_at = {1000 + pick(20)};
    view.updated_at = view.created_at + pick(5);
    if (pick(3) == 0) view.closed_at = Instant{pick(6)};
    view.version = pick(100);
    return view;
}

// Word by word, by the rule as search.h states it, but with words cut out instead of scanned for.
bool search_matches(const sample::OfferView& view, const std::string& search) {
    std::string text = folded(view.title + "\n" + view.notes + "\n");
    for (const std::string& tag : view.tags) text += folded(tag) + "\n";
    std::vector<std::string> words(1), wanted(1);
    for (const char c : text)
        if (c == ' ' || c == '\n') words.emplace_back();
        else words.back() += c;
    for (const char c : folded(search))
        if (c == ' ') wanted.emplace_back();
        else wanted.back() += c;
    static const char* const particles[] = {"",   "ال",  "ب",  "ل",  "و", "بال", "وال", "وبال",
                                            "لل", "ولل", "وب", "ول", "ف", "فال", "ك",   "كال"};
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& want) {
        return want.empty() || std::any_of(words.begin(), words.end(), [&](const std::string& word) {
            return std::any_of(std::begin(particles), std::end(particles),
                [&](const std::string& particle) { return word.starts_with(particle + want); });
        });
    });
}

Answer whole_list(const CollectionInfo& info, const Rows& rows, const Query& query) {
    std::vector<const sample::OfferView*> selected;
    for (const auto& [key, view] : rows) {
        if (key.tenant != query.tenant || !reaches(view, query.reach)) continue;
        if (!std::all_of(query.filters.begin(), query.filters.end(),
                         [&](const Filter& f) { return passes(info, view, f); }))
            continue;
        if (!query.search.empty() && !search_matches(view, query.search)) continue;
        selected.push_back(&view);
    }
    std::vector<projections::Sort> sort = query.sort;
    if (sort.empty()) sort = {{"createdAt", true}};
    std::sort(selected.begin(), selected.end(), [&](const sample::OfferView* a, const sample::OfferView* b) {
        for (const auto& s : sort) {
            const Value left = s.column == "id" ? Value(a->id) : stored_value(*info.column(s.column), *a);
            const Value right = s.column == "id" ? Value(b->id) : stored_value(*info.column(s.column), *b);
            if (left != right) return s.descending ? right < left : left < right;
        }
        return sort.back().descending ? b->id < a->id : a->id < b->id;
    });
    Answer answer;
    for (const auto* view : selected) answer.documents.push_back(schemas::to_json(*view));
    answer.total = selected.size();
    return answer;
}

std::vector<std::string> split(const std::string& items) {
    std::vector<std::string> documents;
    int depth = 0;
    bool text = false;
    std::string now;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const char c = items[i];
        if (!text && depth == 0 && c == ',') { documents.push_back(std::move(now)), now.clear(); continue; }
        now += c;
        if (text && c == '\\') now += items[++i];
        else if (c == '"') text = !text;
        else if (!text && (c == '{' || c == '[')) ++depth;
        else if (!text && (c == '}' || c == ']')) --depth;
    }
    if (!now.empty()) documents.push_back(now);
    return documents;
}

projections::RowChange put(const CollectionInfo& info, const RowKey& key, const sample::OfferView& view) {
    return {&info, key, std::make_shared<const sample::OfferView>(view)};
}
projections::RowChange drop(const CollectionInfo& info, const RowKey& key) { return {&info, key, nullptr}; }
projections::Checkpoint checkpoint(std::uint64_t next) {
    projections::Checkpoint c;
    c.next = next;
    c.last[0] = static_cast<std::uint8_t>(next);
    return c;
}

}  // namespace model

#include "api/http/list_query.h"

#include <algorithm>
#include <charconv>

#include "api/http/filter_value.h"

namespace nova::api {
namespace {

using projections::CollectionInfo;
using projections::ColumnInfo;
using projections::Filter;
using projections::Match;
using projections::Value;

constexpr std::uint32_t limit_max = 200, page_max = 10'000'000;
constexpr std::size_t search_characters_max = 200;
constexpr std::string_view free_form = "customFields.";

template <class F>
void each_part(std::string_view list, F&& take) {
    while (true) {
        const auto comma = list.find(',');
        take(list.substr(0, comma));
        if (comma == std::string_view::npos) return;
        list.remove_prefix(comma + 1);
    }
}

// createdAt is asked for as createdFrom and createdTo; lastContact as lastContactFrom, price as priceMin.
std::string bound_name(const ColumnInfo& column, End end) {
    if (!is_time(*column.type)) return column.name + (end == End::from ? "Min" : "Max");
    const bool at = column.name.size() > 2 && column.name.ends_with("At");
    return (at ? column.name.substr(0, column.name.size() - 2) : column.name) + (end == End::from ? "From" : "To");
}

bool has_free_form(const CollectionInfo& info) { return info.column("customFields") != nullptr; }

class Reader {
public:
    Reader(const Request& request, const CollectionInfo& info, ListQuery& list, Violations& violations)
        : request_(request), info_(info), list_(list), violations_(violations) {}

    void read(const std::string& name, const std::string& value) {
        auto& query = list_.query;
        if (name == "search") return read_search(value);
        if (name == "sort") return each_part(value, [&](std::string_view by) { read_sort(by); });
        if (name == "fields") return each_part(value, [&](std::string_view field) { read_field(field); });
        if (name == "limit") return read_count(name, value, limit_max, query.limit);
        if (name == "page") return read_count(name, value, page_max, query.page);
        if (name == "cursor") return void(query.cursor = value);
        if (name.starts_with(free_form) && has_free_form(info_))
            return filter(name, Match::equals).values.emplace_back(value), void();
        for (const ColumnInfo& column : info_.columns)
            if (read_column(column, name, value)) return;
        violations_.add_unless_known(name, "unknown_parameter", "This list has no parameter of this name.");
    }

    void check_ranges() {
        for (const Filter& f : list_.query.filters)
            if (f.match == Match::range && f.from && f.to && *f.to < *f.from)
                violations_.add(bound_name(*info_.column(f.column), End::from), "invalid_range",
                                "The range begins after its end.");
    }

private:
    // Values of one column given in several parameters are alternatives, so they share a filter.
    Filter& filter(const std::string& column, Match match) {
        auto& filters = list_.query.filters;
        const auto at = std::find_if(filters.begin(), filters.end(),
                                     [&](const Filter& f) { return f.column == column && f.match == match; });
        return at != filters.end() ? *at : filters.emplace_back(Filter{column, match, {}, {}, {}});
    }

    bool read_column(const ColumnInfo& column, const std::string& name, const std::string& value) {
        if (column.ranged)
            for (const End end : {End::from, End::to})
                if (name == bound_name(column, end)) {
                    if (auto bound = read_bound(value, *column.type, end, name, violations_))
                        (end == End::from ? filter(column.name, Match::range).from
                                          : filter(column.name, Match::range).to) = std::move(*bound);
                    return true;
                }
        if (!column.filterable || name != column.name) return false;
        if (column.match == Match::present) {
            if (value == "true" || value == "false")
                filter(column.name, column.match).values = {std::int64_t{value == "true"}};
            else violations_.add(name, "wrong_type", "This must be true or false.");
            return true;
        }
        each_part(value, [&](std::string_view part) {
            if (auto read = read_one(column, part))
                filter(column.name, column.match).values.push_back(std::move(*read));
        });
        return true;
    }

    std::optional<Value> read_one(const ColumnInfo& column, std::string_view part) {
        if (is_id(*column.type)) {
            if (part == "me" && request_.identity) return to_text(request_.identity->actor.user);
            if (part == "none") return Value{};
        }
        return read_value(part, *column.type, column.name, violations_);
    }

    void read_search(const std::string& value) {
        if (length_in_characters(value) > search_characters_max)
            return violations_.add("search", "too_long", "At most 200 characters can be searched for.");
        list_.query.search = value;
    }

    void read_sort(std::string_view by) {
        const bool descending = by.starts_with('-');
        if (descending) by.remove_prefix(1);
        const ColumnInfo* column = info_.column(by);
        if (column && column->sortable) return list_.query.sort.push_back({column->name, descending});
        std::string sortable;
        for (const ColumnInfo& c : info_.columns)
            if (c.sortable) sortable += (sortable.empty() ? "" : ", ") + c.name;
        violations_.add("sort", "unknown_value",
                        "This list cannot be sorted by \"" + std::string(by) + "\", only by " + sortable + ".");
    }

    void read_field(std::string_view field) {
        if (info_.view && !info_.view->find(field))
            return violations_.add("fields", "unknown_value", "There is no member \"" + std::string(field) + "\".");
        list_.fields.emplace_back(field);
    }

    void read_count(const std::string& name, const std::string& value, std::uint32_t most, std::uint32_t& out) {
        std::uint32_t number = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        const bool digits =
            error == std::errc::result_out_of_range || (error == std::errc() && end == value.data() + value.size());
        if (!digits)
            return violations_.add(name, "wrong_type",
                                   "A whole number from 1 to " + std::to_string(most) + " is needed.");
        if (error != std::errc() || number > most)
            return violations_.add(name, "too_large", "At most " + std::to_string(most) + ".");
        if (number == 0) return violations_.add(name, "too_small", "At least 1.");
        out = number;
    }

    const Request& request_;
    const CollectionInfo& info_;
    ListQuery& list_;
    Violations& violations_;
};

void add_ranges(const ColumnInfo& column, std::vector<Parameter>& out) {
    const std::string what = column.name + ", both ends included";
    out.push_back({bound_name(column, End::from), value_schema(*column.type), "lower end of " + what});
    out.push_back({bound_name(column, End::to), value_schema(*column.type), "upper end of " + what});
}

}  // namespace

std::vector<Parameter> list_parameters_of(const CollectionInfo& info) {
    std::vector<Parameter> out;
    std::string sortable;
    for (const ColumnInfo& column : info.columns) {
        if (column.filterable) {
            const bool yes_or_no = column.match == Match::present;
            out.push_back({column.name, yes_or_no ? R"({"type":"boolean"})" : value_schema(*column.type),
                           yes_or_no ? "whether there is one" : "any of these", !yes_or_no});
        }
        if (column.ranged) add_ranges(column, out);
        if (column.sortable) sortable += (sortable.empty() ? "" : ", ") + column.name;
    }
    if (has_free_form(info)) out.push_back({"customFields.*", R"({"type":"string"})", "items whose custom field of this key has this value", true});
    if (info.search_text) out.push_back({"search", R"({"type":"string","maxLength":200})", "words that must all occur"});
    out.push_back({"sort", R"({"type":"string"})", "members to sort by, - before those that descend; of " + sortable + "; default " + info.default_sort, true});
    out.push_back({"page", R"({"type":"integer","minimum":1,"maximum":10000000})", "page, from 1"});
    out.push_back({"limit", R"({"type":"integer","minimum":1,"maximum":200,"default":20})", "items a page"});
    out.push_back({"cursor", R"({"type":"string"})", "nextCursor of the page before; replaces page"});
    out.push_back({"fields", R"({"type":"string"})", "members to show, all if left out", true});
    return out;
}

ListQuery parse_list_query(const Request& request, const CollectionInfo& info, TenantId tenant,
                           projections::Reach reach, const std::vector<std::string>& own, Violations& violations) {
    ListQuery list{projections::Query(tenant, std::move(reach)), {}};
    Reader reader(request, info, list, violations);
    for (const auto& [name, value] : request.query)
        if (std::find(own.begin(), own.end(), name) == own.end()) reader.read(name, value);
    reader.check_ranges();
    return list;
}

}  // namespace nova::api

// A collection: what screens list and open. It says how events become views and which members can be filtered,
// sorted and searched by; tables, SQL and paging follow from that (view_store.h).
//
//   Collection<CustomerView>("customers", 1)
//       .stream<customer::Created>() .stream<customer::Renamed>() …      // row id = id in the stream's name
//       .owner(&CustomerView::user_id).assignee(&CustomerView::assigned_to)
//       .filter("status", &CustomerView::status) .sort("name", &CustomerView::name) .search(…)
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "domain/kernel/text.h"
#include "projections/meta.h"
#include "schemas/json.h"
#include "schemas/type_info.h"

namespace nova::projections {

struct RowKey {
    TenantId tenant;     // nil: the directory's own rows
    std::string id;      // the item's id
    auto operator<=>(const RowKey&) const = default;
};

// A column's value; monostate is NULL, which sorts below every value. Texts compare by their bytes.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

enum class Match {
    equals,    // status=ACTIVE,INACTIVE: any of
    any_of,    // a list member: the row's list holds any of the given (folded)
    all_of,
    range,     // createdFrom/createdTo, budgetMin…: minimum and maximum of one column
    present,   // hasPhone=true
};

struct ColumnInfo {
    std::string name;                                  // of the query parameter and the SQL column: "createdAt"
    std::function<Value(const void* view)>
        value;  // any_of/all_of: folded entries joined by '\n', with '\n' at both ends
    bool filterable = false, ranged = false, sortable = false, indexed = false;
    Match match = Match::equals;
    const schemas::TypeInfo* type = nullptr;  // of one filter value: how a parameter's text is read and documented
    bool folded = false;                      // text compared and sorted folded (the store folds, rows and filters)
};

// How one event type changes one kind of view.
struct Subscription {
    // Which rows; by default the tenant of the envelope and the id in the stream's name.
    std::function<std::vector<RowKey>(const schemas::AnyEvent&, const Meta&)> rows;
    // Folds the event into the view (Meta::fresh: the row does not exist yet). Returns false when the row shall go, or not come.
    std::function<bool(void* view, const schemas::AnyEvent&, const Meta&)> apply;
};

struct CollectionInfo {
    std::string name;          // "customers": table, list member of the answer
    std::string item_name;     // "customer": single answers
    int revision = 1;          // raise it when the fold or the columns change: the tables are built anew
    const schemas::TypeInfo* view = nullptr;
    std::shared_ptr<void> (*make)() = nullptr;
    std::shared_ptr<void> (*copy)(const void*) = nullptr;
    std::unordered_map<std::string, Subscription> subscriptions;  // by event type name
    std::vector<ColumnInfo> columns;
    std::function<std::string(const void*)> owner, assignee, team;   // ids for the reach of the asker; may be empty
    std::function<void(const void*, std::string& out)> search_text;   // what a search looks in; the store folds it
    std::string default_sort = "-createdAt";
    // Row-wise order columns are appended with the id, so every list has a total order.

    const ColumnInfo* column(std::string_view column_name) const {
        for (const ColumnInfo& c : columns)
            if (c.name == column_name) return &c;
        return nullptr;
    }
};

RowKey row_of_stream(const Meta&);  // tenant of the envelope, id behind the stream's prefix (after its first '-')

namespace detail {
template <class T> Value to_value(const T&);
}

template <class View>
class Collection {
public:
    Collection(std::string name, std::string item_name, int revision) {
        info_.name = std::move(name), info_.item_name = std::move(item_name), info_.revision = revision;
        info_.view = &schemas::type_of<View>();
        info_.make = []() -> std::shared_ptr<void> { return std::make_shared<View>(); };
        info_.copy = [](const void* v) -> std::shared_ptr<void> {
            return std::make_shared<View>(*static_cast<const View*>(v));
        };
    }

    // Each event type is folded by the overload `project(View&, const E&, const Meta&)` found beside the view. It returns
    // nothing, or a bool: false when the row shall go (or, with Meta::fresh, not come into being by this event).
    template <class... Events>
    Collection& on() {
        (subscribe<Events>({}), ...);
        return *this;
    }
    // The same, for events that concern rows other than their stream's own.
    template <class E>
    Collection& on(std::function<std::vector<RowKey>(const E&, const Meta&)> rows) {
        subscribe<E>([rows](const schemas::AnyEvent& e, const Meta& m) {
            return rows(*static_cast<const E*>(e.value.get()), m);
        });
        return *this;
    }
    // The event after which the row is gone.
    template <class E>
    Collection& removed_by() {
        auto& s = info_.subscriptions[std::string(E::type)];
        s.apply = [](void*, const schemas::AnyEvent&, const Meta&) { return false; };
        return *this;
    }

    template <class G> Collection& owner(G get) { info_.owner = text_of(get); return *this; }
    template <class G> Collection& assignee(G get) { info_.assignee = text_of(get); return *this; }
    template <class G> Collection& team(G get) { info_.team = text_of(get); return *this; }

    struct Flags {
        bool filter = false, range = false, sort = false, index = false, folded = false;
        Match match = Match::equals;
    };
    // `get`: a member pointer or a function of the view; its type says how parameters are read.
    template <class G>
    Collection& column(std::string name, G get, Flags flags) {
        using T = std::remove_cvref_t<std::invoke_result_t<G, const View&>>;
        ColumnInfo c;
        c.name = std::move(name);
        c.value = [get](const void* v) { return detail::to_value<T>(std::invoke(get, *static_cast<const View*>(v))); };
        c.filterable = flags.filter, c.ranged = flags.range, c.sortable = flags.sort, c.indexed = flags.index;
        c.folded = flags.folded, c.match = flags.match;
        c.type = &schemas::type_of<T>();
        info_.columns.push_back(std::move(c));
        return *this;
    }
    Collection& search(std::function<void(const View&, std::string&)> text) {
        info_.search_text = [text](const void* v, std::string& out) { text(*static_cast<const View*>(v), out); };
        return *this;
    }
    Collection& sorted_by(std::string sort) { info_.default_sort = std::move(sort); return *this; }

    CollectionInfo build() { return std::move(info_); }

private:
    template <class E>
    void subscribe(std::function<std::vector<RowKey>(const schemas::AnyEvent&, const Meta&)> rows) {
        auto& s = info_.subscriptions[std::string(E::type)];
        s.rows = std::move(rows);
        s.apply = [](void* view, const schemas::AnyEvent& e, const Meta& m) {
            View& row = *static_cast<View*>(view);
            const E& event = *static_cast<const E*>(e.value.get());
            if constexpr (std::is_same_v<decltype(project(row, event, m)), bool>) {
                return project(row, event, m);
            } else {
                project(row, event, m);
                return true;
            }
        };
    }
    template <class G>
    static std::function<std::string(const void*)> text_of(G get) {
        return [get](const void* v) {
            const Value value = detail::to_value<std::remove_cvref_t<std::invoke_result_t<G,
                const View&>>>(std::invoke(get, *static_cast<const View*>(v)));
            const std::string* text = std::get_if<std::string>(&value);
            return text ? *text : std::string();
        };
    }
    CollectionInfo info_;
};

namespace detail {
// Ids, enums, times and phones as their JSON text (times as integers of milliseconds), numbers as numbers, lists
// joined by line feeds (folded), none as NULL.
Value value_of(const schemas::TypeInfo&, const void*);
template <class T> Value to_value(const T& t) { return value_of(schemas::type_of<T>(), &t); }
}  // namespace detail

}  // namespace nova::projections

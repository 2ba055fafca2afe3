// Row numbers found in memory (by a search), as SQL sees them: nova_rows(set) lists them, nova_has(set, row) asks one.
// The set travels as a pointer that no SQL text can forge.
#include <sqlite3.h>

#include <algorithm>
#include <new>

#include "projections/sqlite/connection.h"

namespace nova::projections::sqlite {

const char row_set_tag[] = "nova-row-set";

namespace {

struct Cursor : sqlite3_vtab_cursor {
    const RowSet* rows = nullptr;
    std::size_t at = 0;
};

int connect(sqlite3* db, void*, int, const char* const*, sqlite3_vtab** table, char**) {
    const int code = sqlite3_declare_vtab(db, "CREATE TABLE rows(row INTEGER, list HIDDEN)");
    if (code == SQLITE_OK) *table = new (std::nothrow) sqlite3_vtab{};
    return code != SQLITE_OK ? code : *table ? SQLITE_OK : SQLITE_NOMEM;
}
int disconnect(sqlite3_vtab* table) {
    delete table;
    return SQLITE_OK;
}
int best_index(sqlite3_vtab*, sqlite3_index_info* info) {
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto& constraint = info->aConstraint[i];
        if (constraint.iColumn != 1 || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ || !constraint.usable) continue;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->estimatedCost = 1;
        info->estimatedRows = 100;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}
int open(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
    *cursor = new (std::nothrow) Cursor;
    return *cursor ? SQLITE_OK : SQLITE_NOMEM;
}
int close(sqlite3_vtab_cursor* cursor) {
    delete static_cast<Cursor*>(cursor);
    return SQLITE_OK;
}
int filter(sqlite3_vtab_cursor* base, int, const char*, int, sqlite3_value** arguments) {
    auto* cursor = static_cast<Cursor*>(base);
    cursor->rows = static_cast<const RowSet*>(sqlite3_value_pointer(arguments[0], row_set_tag));
    cursor->at = 0;
    return SQLITE_OK;
}
int next(sqlite3_vtab_cursor* cursor) { return ++static_cast<Cursor*>(cursor)->at, SQLITE_OK; }
int eof(sqlite3_vtab_cursor* base) {
    const auto* cursor = static_cast<Cursor*>(base);
    return !cursor->rows || cursor->at >= cursor->rows->size();
}
int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int index) {
    const auto* cursor = static_cast<Cursor*>(base);
    if (index == 0) sqlite3_result_int64(context, (*cursor->rows)[cursor->at]);
    return SQLITE_OK;
}
int rowid(sqlite3_vtab_cursor* cursor, sqlite3_int64* number) {
    *number = static_cast<sqlite3_int64>(static_cast<Cursor*>(cursor)->at);
    return SQLITE_OK;
}

const sqlite3_module row_sets = [] {
    sqlite3_module module{};
    module.xConnect = connect, module.xDisconnect = disconnect, module.xBestIndex = best_index;
    module.xOpen = open, module.xClose = close, module.xFilter = filter, module.xNext = next, module.xEof = eof;
    module.xColumn = column, module.xRowid = rowid;
    return module;
}();

void has(sqlite3_context* context, int, sqlite3_value** arguments) {
    const auto* rows = static_cast<const RowSet*>(sqlite3_value_pointer(arguments[0], row_set_tag));
    sqlite3_result_int(context,
                       rows && std::binary_search(rows->begin(), rows->end(), sqlite3_value_int64(arguments[1])));
}

}  // namespace

void add_row_sets(sqlite3* db) {
    if (sqlite3_create_module_v2(db, "nova_rows", &row_sets, nullptr, nullptr) != SQLITE_OK ||
        sqlite3_create_function_v2(db, "nova_has", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, has, nullptr,
                                   nullptr, nullptr) != SQLITE_OK)
        throw std::runtime_error("SQLite refuses the functions nova_rows and nova_has: " +
                                 std::string(sqlite3_errmsg(db)));
}

}  // namespace nova::projections::sqlite

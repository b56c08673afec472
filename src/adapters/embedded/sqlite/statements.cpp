#include "adapters/embedded/sqlite/statements.hpp"

namespace kontor::sqlite {
namespace {

std::string_view type_of(ports::CellKind kind) {
    switch (kind) {
    case ports::CellKind::null: break;
    case ports::CellKind::integer: return "INTEGER";
    case ports::CellKind::text: return "TEXT";
    case ports::CellKind::bytes: return "BLOB";
    }
    KONTOR_UNREACHABLE();
}

/// A service may name a column as SQL names a keyword.
std::string quoted(std::string_view name) {
    return "\"" + std::string(name) + "\"";
}

// The first `count` column names with something after each, separated.
std::string names(ports::TableShape const& table, std::size_t count, std::string_view after,
                  std::string_view between) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0)
            text += between;
        text += quoted(table.columns[i].name);
        text += after;
    }
    return text;
}

std::string question_marks(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += i == 0 ? "?" : ",?";
    return text;
}

std::string all_columns(ports::TableShape const& table) {
    return names(table, table.columns.size(), "", ",");
}

std::string where_key(ports::TableShape const& table) {
    return " WHERE " + names(table, table.key_columns, "=?", " AND ");
}

std::string create_statement(ports::TableShape const& table) {
    std::string columns;
    for (auto const& column : table.columns)
        columns += quoted(column.name) + " " + std::string(type_of(column.kind)) + ",";
    // One integer is the row's own number: the fastest key SQLite has.
    bool const is_numbered =
        table.key_columns == 1 && table.columns.front().kind == ports::CellKind::integer;
    return "CREATE TABLE " + quoted(table.name) + "(" + columns + "PRIMARY KEY(" +
           names(table, table.key_columns, "", ",") + "))" + (is_numbered ? "" : " WITHOUT ROWID") +
           ";\n";
}

} // namespace

std::string create_statements(ports::ModelShape const& shape) {
    std::string sql = "BEGIN IMMEDIATE;\n";
    for (auto const& table : shape.tables)
        sql += create_statement(table);
    sql += "CREATE TABLE kontor_checkpoint(id INTEGER PRIMARY KEY CHECK(id=1), model TEXT, version "
           "INTEGER, position INTEGER, lineage BLOB, digest BLOB);\n"
           "INSERT INTO kontor_checkpoint VALUES(1,'" +
           std::string(shape.name) + "'," + std::to_string(shape.version) +
           ",0,zeroblob(16),zeroblob(16));\nCOMMIT;";
    return sql;
}

std::string put_statement(ports::TableShape const& table) {
    return "INSERT OR REPLACE INTO " + quoted(table.name) + " VALUES(" +
           question_marks(table.columns.size()) + ")";
}

std::string remove_statement(ports::TableShape const& table) {
    return "DELETE FROM " + quoted(table.name) + where_key(table);
}

std::string find_statement(ports::TableShape const& table) {
    return "SELECT " + all_columns(table) + " FROM " + quoted(table.name) + where_key(table);
}

std::string scan_statement(ports::TableShape const& table, ports::Scan const& scan) {
    bool const up = scan.direction == ports::Direction::ascending;
    std::string where;
    if (!scan.prefix.empty())
        where = names(table, scan.prefix.size(), "=?", " AND ");
    if (!scan.after.empty()) {
        KONTOR_ASSERT(scan.after.size() == table.key_columns, "a scan after {} of {} key columns",
                      scan.after.size(), table.key_columns);
        where += (where.empty() ? "(" : " AND (") + names(table, table.key_columns, "", ",") +
                 (up ? ")>(" : ")<(") + question_marks(table.key_columns) + ")";
    }
    return "SELECT " + all_columns(table) + " FROM " + quoted(table.name) +
           (where.empty() ? "" : " WHERE " + where) + " ORDER BY " +
           names(table, table.key_columns, up ? "" : " DESC", ",") + " LIMIT ?";
}

} // namespace kontor::sqlite

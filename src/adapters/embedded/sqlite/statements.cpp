#include "adapters/embedded/sqlite/statements.hpp"

#include <algorithm>

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

// These columns' names with something after each, separated.
std::string names(std::span<ports::Column const> columns, std::string_view after,
                  std::string_view between) {
    std::string text;
    for (auto const& column : columns) {
        if (!text.empty())
            text += between;
        text += quoted(column.name);
        text += after;
    }
    return text;
}

std::span<ports::Column const> key_of(ports::TableShape const& table) {
    return std::span(table.columns).first(table.key_columns);
}

std::string question_marks(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += i == 0 ? "?" : ",?";
    return text;
}

std::string all_columns(ports::TableShape const& table) {
    return names(table.columns, "", ",");
}

std::string where_key(ports::TableShape const& table) {
    return " WHERE " + names(key_of(table), "=?", " AND ");
}

std::string create_statement(ports::TableShape const& table) {
    std::string columns;
    for (auto const& column : table.columns)
        columns += quoted(column.name) + " " + std::string(type_of(column.kind)) + ",";
    // One integer is the row's own number: the fastest key SQLite has.
    bool const is_numbered =
        table.key_columns == 1 && table.columns.front().kind == ports::CellKind::integer;
    return "CREATE TABLE " + quoted(table.name) + "(" + columns + "PRIMARY KEY(" +
           names(key_of(table), "", ",") + "))" + (is_numbered ? "" : " WITHOUT ROWID") + ";\n";
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

std::span<ports::Cell const> compared_after(ports::Scan const& scan) {
    bool const is_within = scan.after.size() > scan.prefix.size() &&
                           std::ranges::equal(scan.after.first(scan.prefix.size()), scan.prefix);
    return is_within ? scan.after.subspan(scan.prefix.size()) : scan.after;
}

std::string scan_statement(ports::TableShape const& table, ports::Scan const& scan) {
    bool const up = scan.direction == ports::Direction::ascending;
    std::string where;
    if (!scan.prefix.empty())
        where = names(key_of(table).first(scan.prefix.size()), "=?", " AND ");
    if (!scan.after.empty()) {
        KONTOR_ASSERT(scan.after.size() == table.key_columns, "a scan after {} of {} key columns",
                      scan.after.size(), table.key_columns);
        auto const compared = compared_after(scan).size();
        where += (where.empty() ? "(" : " AND (") + names(key_of(table).last(compared), "", ",") +
                 (up ? ")>(" : ")<(") + question_marks(compared) + ")";
    }
    return "SELECT " + all_columns(table) + " FROM " + quoted(table.name) +
           (where.empty() ? "" : " WHERE " + where) + " ORDER BY " +
           names(key_of(table), up ? "" : " DESC", ",") + " LIMIT ?";
}

} // namespace kontor::sqlite

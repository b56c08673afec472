#pragma once

/// Rows as a read model's store sees them: cells of three kinds, the shape of tables, and changes
/// to many rows at once. Cells are views: whoever made the texts keeps them alive.

#include "base/assert.hpp"

#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace kontor::ports {

/// Stored as its number in every row's digest: only ever added to.
enum class CellKind : std::uint8_t { null = 0, integer = 1, text = 2, bytes = 3 };

class Cell {
public:
    constexpr Cell() = default; ///< null
    static constexpr Cell integer(std::int64_t number) {
        Cell cell;
        cell.kind_ = CellKind::integer;
        cell.number_ = number;
        return cell;
    }
    static constexpr Cell text(std::string_view characters) {
        Cell cell;
        cell.kind_ = CellKind::text;
        cell.characters_ = characters;
        return cell;
    }
    static constexpr Cell bytes(std::string_view bytes) {
        Cell cell;
        cell.kind_ = CellKind::bytes;
        cell.characters_ = bytes;
        return cell;
    }

    constexpr CellKind kind() const { return kind_; }
    constexpr bool is_null() const { return kind_ == CellKind::null; }
    /// Requires: kind() is integer.
    constexpr std::int64_t number() const {
        KONTOR_ASSERT(kind_ == CellKind::integer, "a cell that is no number");
        return number_;
    }
    /// Requires: kind() is text or bytes.
    constexpr std::string_view characters() const {
        KONTOR_ASSERT(kind_ == CellKind::text || kind_ == CellKind::bytes, "a cell without text");
        return characters_;
    }

    friend constexpr bool operator==(Cell const&, Cell const&) = default;
    /// Numbers as numbers, text and bytes as unsigned bytes. Kinds compare first.
    friend constexpr std::strong_ordering operator<=>(Cell const& a, Cell const& b) {
        if (auto const by_kind = a.kind_ <=> b.kind_; by_kind != 0)
            return by_kind;
        if (auto const by_number = a.number_ <=> b.number_; by_number != 0)
            return by_number;
        return a.characters_ <=> b.characters_;
    }

private:
    std::int64_t number_{0};
    std::string_view characters_{};
    CellKind kind_{CellKind::null};
};

struct Column {
    std::string_view name;
    CellKind kind;
};

/// A table: its key is its first `key_columns`, never null; no two rows have the same key.
struct TableShape {
    std::string_view name;
    std::vector<Column> columns;
    std::size_t key_columns;
};

/// A read model: tables that move together. The version says what the projection makes of the
/// facts; rows of another version are thrown away and made anew.
struct ModelShape {
    std::string_view name;
    std::uint32_t version;
    std::vector<TableShape> tables;
};

/// What happens to one table in one transaction.
struct TableChanges {
    std::vector<Cell> put{};     ///< whole rows, one after another, keys ascending and each once
    std::vector<Cell> removed{}; ///< whole keys, one after another
};

/// One entry for each table of the model, in the sequence of its shape.
using Changes = std::vector<TableChanges>;

} // namespace kontor::ports

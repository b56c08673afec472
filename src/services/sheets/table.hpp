#pragma once

/// Table: a CSV file with a header row, line by line, each field by the name of its column; and
/// what is wrong with single lines.   Thread: one.

#include "services/import/csv_reader.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kontor::services::sheets {

/// A line that cannot be used, and why.
struct BadLine {
    std::uint64_t line; ///< of the file, from 1
    std::string column; ///< empty: the line as a whole
    std::string what;
    friend bool operator==(BadLine const&, BadLine const&) = default;
};

/// What was read of a file: lines that can be used, and those that cannot.
template <class Line>
struct Sheet {
    std::vector<Line> lines{};
    std::vector<BadLine> bad{};
};

/// One line, its fields by column.
class TableLine {
public:
    std::uint64_t number() const { return number_; }
    /// Whether the file has this column at all.
    bool has(std::string_view column) const { return fields_.contains(column); }
    /// Empty when the column is not there, too. Blanks around are left out.
    std::string_view field(std::string_view column) const {
        auto const found = fields_.find(column);
        return found == fields_.end() ? std::string_view{} : found->second;
    }

private:
    friend class Table;
    std::uint64_t number_{0};
    std::map<std::string_view, std::string_view, std::less<>> fields_{};
};

class Table {
public:
    /// Reads the header row. Column names are taken in lower case.
    /// Errors: invalid (no header row, a column that is not known, twice, or one missing of those
    ///         that are needed), and what the source says.
    static Result<Table> open(ports::ByteSource& source, std::span<std::string_view const> known,
                              std::span<std::string_view const> needed);

    /// Hands over each line that has its fields; the others go to `bad`.
    /// Errors: what the source says.
    template <class Visit>
    Result<void> read(std::vector<BadLine>& bad, Visit visit) {
        for (;;) {
            KONTOR_TRY(auto const record, reader_.next());
            if (!record)
                return {};
            if (take(*record, bad))
                visit(line_);
        }
    }

private:
    explicit Table(ports::ByteSource& source) : reader_(source) {}
    bool take(online_retail::CsvRecord const& record, std::vector<BadLine>& bad);

    online_retail::CsvReader reader_;
    std::vector<std::string_view> columns_; ///< of those known, in the sequence of the file
    TableLine line_;
};

/// Reads a file of lines: `read_line(from, to)` fills in one, or says what is wrong with it.
/// Errors: as Table::open and Table::read.
template <class Line, class ReadLine>
Result<Sheet<Line>> read_sheet(ports::ByteSource& source, std::span<std::string_view const> known,
                               std::span<std::string_view const> needed, ReadLine read_line) {
    Sheet<Line> sheet;
    KONTOR_TRY(auto table, Table::open(source, known, needed));
    KONTOR_TRY(table.read(sheet.bad, [&](TableLine const& from) {
        Line line{};
        if (std::optional<BadLine> bad = read_line(from, line))
            sheet.bad.push_back(*std::move(bad));
        else
            sheet.lines.push_back(std::move(line));
    }));
    return sheet;
}

} // namespace kontor::services::sheets

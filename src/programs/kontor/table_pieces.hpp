#pragma once

/// TablePieces: a table in a file as a server takes it: in pieces of so many lines, each with the
/// header row. Lines that are no text stay behind and are named.   Thread: one.

#include "services/sheets/table.hpp"

namespace kontor::programs {

class TablePieces {
public:
    static constexpr std::size_t lines_max = 250;        ///< as the server's limit
    static constexpr std::size_t bytes_max = 512 * 1024; ///< below what a body may have

    /// A piece of the table.
    struct Piece {
        std::string text{};
        /// Of each line of the text, the line of the file.
        std::vector<std::uint64_t> lines{};

        std::uint64_t line_of(std::uint64_t line) const {
            return line >= 1 && line <= lines.size() ? lines[line - 1] : line;
        }
    };

    explicit TablePieces(ports::ByteSource& source) : reader_(source) {}

    /// Empty: there is nothing more. The first one comes even without a line behind its header.
    /// Errors: what the source says, and as CsvReader::next.
    Result<std::optional<Piece>> next();

    std::vector<services::sheets::BadLine> const& unreadable() const { return unreadable_; }

private:
    void append(Piece& piece, online_retail::CsvRecord const& record) const;

    online_retail::CsvReader reader_;
    std::optional<Piece> header_{};
    std::vector<services::sheets::BadLine> unreadable_;
};

} // namespace kontor::programs

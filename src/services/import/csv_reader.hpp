#pragma once

/// CsvReader: a stream of bytes as records of fields, one record at a time, in bounded memory. It
/// takes what tables in the world look like: a byte order mark, LF or CRLF, quotes with commas and
/// newlines inside, quotes doubled, a last line without an end.
///
/// A quote opens a field only at its beginning; elsewhere it is a character like others. A quote
/// that is never closed (within `record_bytes_max`) costs its own line and no other: reading goes
/// on with the next one. Source: RFC 4180, where we are more lenient.

#include "ports/byte_source.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kontor::online_retail {

struct CsvRecord {
    std::uint64_t line;                       ///< of the file, from 1, where the record begins
    std::span<std::string_view const> fields; ///< until the next call
    bool readable;     ///< false: a quote is not closed, or bytes are no text (a NUL)
    bool has_line_end; ///< false: the file ends here, without the end of a line
};

class CsvReader {
public:
    explicit CsvReader(ports::ByteSource& source);

    /// The next record that is not blank; empty at the end.
    /// Errors: invalid (a line longer than a record may be, a file larger than `file_bytes_max`, an
    /// encoding that is neither UTF-8 nor Latin-1), and whatever the source answers.
    Result<std::optional<CsvRecord>> next();
    /// Goes back to the first record.   Errors: as the source's.
    Result<void> rewind();

    std::uint64_t bytes_read() const { return bytes_read_; }
    ports::ByteSource const& source() const { return source_; }

private:
    struct Field {
        std::size_t begin;
        std::size_t end;
        bool has_doubled_quotes;
    };
    enum class Scan { complete, needs_more, too_long };

    Result<void> fill();
    Scan scan();
    std::optional<std::size_t> scan_quoted(std::size_t begin);
    std::size_t scan_plain(std::size_t begin);
    void keep_first_line_only();
    Result<void> read_record();
    CsvRecord record();
    Failure failure(std::string what) const;

    ports::ByteSource& source_;
    std::vector<char> buffer_;
    std::size_t begin_{0};         ///< of the record at hand
    std::size_t end_{0};           ///< of what was read
    std::size_t next_{0};          ///< behind the record at hand
    std::size_t stop_{0};          ///< where the record at hand must have ended
    std::uint64_t line_breaks_{0}; ///< in the record at hand
    std::uint64_t line_{1};
    std::uint64_t bytes_read_{0};
    bool at_end_{false};
    bool unreadable_{false};
    std::vector<Field> scanned_;
    std::vector<std::string_view> fields_;
};

} // namespace kontor::online_retail

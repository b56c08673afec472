#include "services/import/csv_reader.hpp"

#include "services/import/limits.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace kontor::online_retail {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

bool is_utf16(std::string_view head) {
    return head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF");
}

} // namespace

CsvReader::CsvReader(ports::ByteSource& source) : source_(source), buffer_(read_bytes) {}

Failure CsvReader::failure(std::string what) const {
    return {FailureKind::invalid, std::move(what),
            fmt::format("{}, line {}", source_.name(), line_)};
}

Result<void> CsvReader::rewind() {
    KONTOR_TRY(source_.rewind());
    begin_ = end_ = next_ = 0;
    line_ = 1;
    line_breaks_ = 0;
    bytes_read_ = 0;
    at_end_ = false;
    return {};
}

Result<void> CsvReader::fill() {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    bool const first = bytes_read_ == 0;
    while (end_ < buffer_.size() && !at_end_) {
        KONTOR_TRY(auto const count, source_.read(std::span(buffer_).subspan(end_)));
        at_end_ = count == 0;
        end_ += count;
        bytes_read_ += count;
    }
    if (bytes_read_ > file_bytes_max)
        return unexpected(failure(fmt::format(
            "the file is larger than {} bytes: split it, and import each part into a directory of "
            "its own (--data)",
            file_bytes_max)));
    std::string_view const head(buffer_.data(), end_);
    if (first && is_utf16(head))
        return unexpected(failure("the file is UTF-16: save it as UTF-8"));
    if (first && head.starts_with(utf8_mark))
        begin_ = utf8_mark.size();
    return {};
}

std::size_t CsvReader::scan_plain(std::size_t begin) {
    auto const* const bytes = buffer_.data();
    auto at = begin;
    bool has_nul = false;
    for (; at < stop_ && bytes[at] != ',' && bytes[at] != '\n'; ++at)
        has_nul |= bytes[at] == '\0';
    unreadable_ |= has_nul;
    bool const before_line_end =
        at > begin && bytes[at - 1] == '\r' && (at == stop_ || bytes[at] == '\n');
    scanned_.push_back({begin, before_line_end ? at - 1 : at, false});
    return at;
}

/// Returns where the field's separator stands; empty if the window ends inside the quotes.
std::optional<std::size_t> CsvReader::scan_quoted(std::size_t begin) {
    auto const* const bytes = buffer_.data();
    bool doubled = false;
    for (auto at = begin; at < stop_; ++at) {
        unreadable_ |= bytes[at] == '\0';
        line_breaks_ += bytes[at] == '\n' ? 1 : 0;
        if (bytes[at] != '"')
            continue;
        auto after = at + 1;
        if (after < stop_ && bytes[after] == '"') {
            doubled = true;
            at = after;
            continue;
        }
        after += after < stop_ && bytes[after] == '\r' ? 1 : 0;
        bool const closes = after == stop_ || bytes[after] == '\n' || bytes[at + 1] == ',';
        if (!closes)
            continue; // a quote alone inside quotes: people write 12" RULER
        scanned_.push_back({begin, at, doubled});
        return after < stop_ && bytes[at + 1] == ',' ? at + 1 : after;
    }
    return {};
}

CsvReader::Scan CsvReader::scan() {
    stop_ = std::min(end_, begin_ + record_bytes_max);
    bool const whole_file_seen = at_end_ && stop_ == end_;
    auto const cut = stop_ < end_ || at_end_ ? Scan::too_long : Scan::needs_more;
    scanned_.clear();
    unreadable_ = false;
    line_breaks_ = 0;
    for (auto at = begin_;; ++at) {
        if (at < stop_ && buffer_[at] == '"') {
            auto const separator = scan_quoted(at + 1);
            if (!separator)
                return cut;
            at = *separator;
        } else {
            at = scan_plain(at);
        }
        if (at == stop_ && !whole_file_seen)
            return cut;
        if (at == stop_ || buffer_[at] == '\n') {
            line_breaks_ += at == stop_ ? 0 : 1;
            next_ = std::min(at + 1, end_);
            return Scan::complete;
        }
    }
}

void CsvReader::keep_first_line_only() {
    auto const* const from = buffer_.data() + begin_;
    auto const* const newline = static_cast<char const*>(std::memchr(from, '\n', end_ - begin_));
    auto const length = newline ? static_cast<std::size_t>(newline - from) : end_ - begin_;
    scanned_.assign(1, {begin_, begin_ + length, false});
    line_breaks_ = newline ? 1 : 0;
    next_ = std::min(begin_ + length + 1, end_);
    unreadable_ = true;
}

Result<void> CsvReader::read_record() {
    auto found = scan();
    if (found == Scan::needs_more) {
        KONTOR_TRY(fill());
        found = scan();
    }
    if (found == Scan::complete)
        return {};
    keep_first_line_only();
    if (next_ - begin_ > record_bytes_max)
        return unexpected(failure(fmt::format(
            "a line is longer than {} bytes: this is no table of invoices", record_bytes_max)));
    return {};
}

CsvRecord CsvReader::record() {
    fields_.clear();
    for (auto const& field : scanned_) {
        auto* const begin = buffer_.data() + field.begin;
        auto length = field.end - field.begin;
        if (field.has_doubled_quotes) {
            std::size_t to = 0;
            for (std::size_t from = 0; from < length; ++from, ++to) {
                begin[to] = begin[from];
                from += begin[from] == '"' ? 1 : 0;
            }
            length = to;
        }
        fields_.emplace_back(begin, length);
    }
    bool const has_line_end = next_ > begin_ && buffer_[next_ - 1] == '\n';
    return {line_, fields_, !unreadable_, has_line_end};
}

Result<std::optional<CsvRecord>> CsvReader::next() {
    if (bytes_read_ == 0 && !at_end_)
        KONTOR_TRY(fill());
    for (;;) {
        begin_ = std::max(begin_, next_);
        line_ += line_breaks_;
        line_breaks_ = 0;
        next_ = 0;
        if (begin_ == end_ && !at_end_)
            KONTOR_TRY(fill());
        if (begin_ == end_)
            return std::optional<CsvRecord>{};
        KONTOR_TRY(read_record());
        bool const blank = scanned_.size() == 1 && scanned_[0].begin == scanned_[0].end;
        if (!blank)
            return std::optional(record());
    }
}

} // namespace kontor::online_retail

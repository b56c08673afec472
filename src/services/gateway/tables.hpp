#pragma once

/// Tables as bodies: CSV in and out.   Thread: the edge's.

#include "services/gateway/paging.hpp"
#include "services/gateway/table_answers.hpp"

#include "services/import/text_source.hpp"
#include "services/sheets/table.hpp"
#include "services/views/queries.hpp"

namespace kontor::services::gateway {

/// Lines of a table that is sent in one request; whoever has more sends it in
/// pieces, each with the header row.
inline constexpr std::size_t table_lines_max = 250;
/// Rows of a table in one answer; the header Link says where the next ones are.
inline constexpr std::size_t table_rows_max = 500;
static_assert(table_rows_max < views::page_rows_max, "one more row says that there are more");
static_assert(page_max < views::page_rows_max, "one more row says that there are more");

/// A page of a table.   `next`: the address of the rows behind it; empty: these
/// are the last.
Reply table_reply(std::string text, std::string_view next);

/// The table that was sent.
/// Errors: body_invalid (the header row, or too many lines).
template <class Line>
Result<sheets::Sheet<Line>, Trouble>
table_of(Asked const& asked, Result<sheets::Sheet<Line>> (*read)(ports::ByteSource&),
         std::size_t lines_max) {
    online_retail::TextSource source("the body", std::string(asked.request->body));
    auto sheet = read(source);
    if (!sheet)
        return unexpected(bad_field("", sheet.error().what));
    if (sheet->lines.size() + sheet->bad.size() > lines_max)
        return unexpected(
            bad_field("", "at most " + std::to_string(lines_max) + " lines in one request"));
    return *std::move(sheet);
}

std::vector<BadLineAnswer> answers_of(std::vector<sheets::BadLine> const& bad);

} // namespace kontor::services::gateway

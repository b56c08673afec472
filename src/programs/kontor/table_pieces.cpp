#include "programs/kontor/table_pieces.hpp"

#include "services/sheets/csv_text.hpp"

#include <algorithm>

namespace kontor::programs {

void TablePieces::append(Piece& piece, online_retail::CsvRecord const& record) const {
    auto const before = piece.text.size();
    std::vector<std::string> fields;
    fields.reserve(record.fields.size());
    for (auto const field : record.fields)
        fields.emplace_back(services::sheets::without_guard(field)); // it gets its guard again
    services::sheets::append_record(piece.text, fields);
    auto const breaks = std::count(piece.text.begin() + static_cast<std::ptrdiff_t>(before),
                                   piece.text.end(), '\n');
    piece.lines.insert(piece.lines.end(), static_cast<std::size_t>(breaks), record.line);
}

Result<std::optional<TablePieces::Piece>> TablePieces::next() {
    bool const is_first = !header_;
    if (is_first) {
        KONTOR_TRY(auto const record, reader_.next());
        header_.emplace();
        if (record)
            append(*header_, *record);
    }
    auto piece = *header_;
    std::size_t count = 0;
    while (count < lines_max && piece.text.size() < bytes_max) {
        KONTOR_TRY(auto const record, reader_.next());
        if (!record)
            break;
        if (!record->readable) {
            unreadable_.push_back({record->line, {}, "it is no text, or a quote is not closed"});
            continue;
        }
        append(piece, *record);
        ++count;
    }
    if (count == 0 && !is_first)
        return std::optional<Piece>();
    return std::optional(std::move(piece));
}

} // namespace kontor::programs

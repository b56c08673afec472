#include "services/sheets/table.hpp"

#include "services/sheets/csv_text.hpp"

#include <algorithm>

namespace kontor::services::sheets {
namespace {

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lower(std::string_view text) {
    std::string name(trimmed(text));
    for (auto& c : name)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return name;
}

std::string listed(std::span<std::string_view const> names) {
    std::string list;
    for (auto const name : names)
        list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}

} // namespace

Result<Table> Table::open(ports::ByteSource& source, std::span<std::string_view const> known,
                          std::span<std::string_view const> needed) {
    Table table(source);
    auto const refuse = [&](std::string what) {
        return unexpected(
            Failure{FailureKind::invalid, std::move(what), std::string(source.name())});
    };
    KONTOR_TRY(auto const header, table.reader_.next());
    if (!header || !header->readable)
        return refuse("a header row is wanted, with these columns: " + listed(known));
    for (auto const field : header->fields) {
        auto const name = lower(field);
        auto const found = std::ranges::find(known, std::string_view(name));
        if (found == known.end())
            return refuse("there is no column \"" + name + "\"; known are " + listed(known));
        if (std::ranges::find(table.columns_, *found) != table.columns_.end())
            return refuse("the column \"" + name + "\" is there twice");
        table.columns_.push_back(*found);
    }
    for (auto const name : needed)
        if (std::ranges::find(table.columns_, name) == table.columns_.end())
            return refuse("the column \"" + std::string(name) + "\" is missing");
    return table;
}

bool Table::take(online_retail::CsvRecord const& record, std::vector<BadLine>& bad) {
    line_.number_ = record.line;
    line_.fields_.clear();
    if (!record.readable) {
        bad.push_back({record.line, {}, "it is no text, or a quote is not closed"});
        return false;
    }
    if (record.fields.size() != columns_.size()) {
        bad.push_back({record.line,
                       {},
                       "it has " + std::to_string(record.fields.size()) + " fields where " +
                           std::to_string(columns_.size()) + " are wanted"});
        return false;
    }
    for (std::size_t i = 0; i < columns_.size(); ++i)
        line_.fields_.emplace(columns_[i], without_guard(trimmed(record.fields[i])));
    return true;
}

} // namespace kontor::services::sheets

#include "services/import/columns.hpp"

#include "services/import/limits.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kontor::online_retail {
namespace {

constexpr std::array<std::string_view, column_count> names{
    "InvoiceNo",   "StockCode", "Description", "Quantity",
    "InvoiceDate", "UnitPrice", "CustomerID",  "Country"};
constexpr auto nowhere = SIZE_MAX;

std::string plain(std::string_view text) {
    std::string out;
    for (char const c : text)
        if (c != ' ' && c != '\t' && c != '_')
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

/// The header as somebody may see it on a terminal: short, and nothing but letters.
std::string listed(std::span<std::string_view const> header) {
    auto text = fmt::format("{}", fmt::join(header, ", "));
    bool const cut = text.size() > 120;
    text.resize(cut ? 120 : text.size());
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E)
            c = '?';
    return cut ? text + "…" : text;
}

} // namespace

std::string_view name(Column column) {
    return names[static_cast<std::size_t>(column)];
}

Result<Columns> Columns::of_header(std::span<std::string_view const> header) {
    Columns columns;
    columns.at_.fill(nowhere);
    columns.width_ = header.size();
    std::vector<std::string_view> missing;
    for (std::size_t column = 0; column < column_count; ++column) {
        auto const wanted = plain(names[column]);
        for (std::size_t at = 0; at < header.size() && at < columns_max; ++at) {
            if (plain(header[at]) != wanted)
                continue;
            if (columns.at_[column] != nowhere)
                return unexpected(Failure{
                    FailureKind::invalid,
                    fmt::format("the column {} stands there twice: remove one", names[column])});
            columns.at_[column] = at;
        }
        if (columns.at_[column] == nowhere)
            missing.push_back(names[column]);
    }
    if (!missing.empty())
        return unexpected(Failure{
            FailureKind::invalid,
            fmt::format("the first line must name the columns, separated by commas; missing: {}; "
                        "found: {}",
                        fmt::join(missing, ", "), listed(header))});
    return columns;
}

} // namespace kontor::online_retail

#include "domain/order/lines.hpp"

#include <algorithm>
#include <functional>

namespace kontor::order {
namespace {

bool is_ascending(Lines const& lines) {
    return std::ranges::adjacent_find(lines, std::greater_equal{}, &LineQuantity::line) ==
           lines.end();
}

} // namespace

Result<Lines, Rejection> merged(Lines const& lines, Book const& book) {
    for (auto const& line : lines)
        if (line.line.value() < 1 || line.line.value() > book.lines.size())
            return unexpected(Rejection{RejectionCode::unknown_line, line.line});
    if (is_ascending(lines))
        return lines;
    auto sorted = lines;
    std::ranges::stable_sort(sorted, {}, &LineQuantity::line);
    Lines sums;
    sums.reserve(sorted.size());
    for (auto const& line : sorted) {
        if (sums.empty() || sums.back().line != line.line) {
            sums.push_back(line);
            continue;
        }
        auto const units = sums.back().quantity.value() + line.quantity.value();
        if (!Quantity::is_valid(units))
            return unexpected(Rejection{RejectionCode::bad_quantity, line.line,
                                        Count(tally_of(book, line.line).ordered)});
        sums.back().quantity = Quantity::of(units);
    }
    return sums;
}

Worth open_worth(Book const& book, Lines const& lines) {
    Worth sum;
    for (auto const& line : lines) {
        auto const& tally = tally_of(book, line.line);
        sum += part_of(tally.open, line.quantity.value(), tally.open_units());
    }
    return sum;
}

Worth out_worth(Book const& book, std::span<ReturnedLine const> lines) {
    Worth sum;
    for (auto const& line : lines) {
        auto const& tally = tally_of(book, line.line);
        sum += part_of(tally.out, line.quantity.value(), tally.out_units());
    }
    return sum;
}

std::int64_t units_in(Lines const& lines) {
    std::int64_t sum = 0;
    for (auto const& line : lines)
        sum += line.quantity.value();
    return sum;
}

Lines with_open_services(Book const& book, Lines parcel) {
    if (book.open_services == 0)
        return parcel;
    Lines all;
    all.reserve(parcel.size() + 1);
    auto next = parcel.begin();
    for (std::size_t i = 0; i < book.lines.size(); ++i) {
        LineNumber const number(static_cast<std::uint16_t>(i + 1));
        auto const& tally = book.lines[i];
        bool const is_named = next != parcel.end() && next->line == number;
        if (is_service(tally.kind) && tally.open_units() > 0)
            all.push_back({number, Quantity::of(tally.open_units())});
        else if (is_named)
            all.push_back(*next);
        if (is_named)
            ++next;
    }
    return all;
}

} // namespace kontor::order

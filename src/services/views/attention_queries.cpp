#include "services/views/queries.hpp"
#include "services/views/read_rows.hpp"

#include <algorithm>

namespace kontor::services::views {
namespace {

constexpr auto asked_table = static_cast<std::size_t>(AttentionTable::asked);
constexpr auto sums_table = static_cast<std::size_t>(AttentionTable::sums);
constexpr auto sagas_table = static_cast<std::size_t>(AttentionTable::sagas);
constexpr auto counts_table = static_cast<std::size_t>(AttentionTable::counts);

/// Adds what fits of one order.
Result<void> add(std::vector<AttentionRow>& found, ports::RowReader& reader, OrderId order,
                 AttentionFilter const& filter) {
    KONTOR_TRY(auto rows, rows_below<AttentionRow>(reader, asked_table, order));
    for (auto& row : rows)
        if (!filter.state || row.state == *filter.state)
            found.push_back(std::move(row));
    return {};
}

} // namespace

Result<std::vector<AttentionRow>> list_attention(ports::RowReader& attention,
                                                 AttentionFilter const& filter) {
    std::vector<AttentionRow> found;
    if (filter.order) {
        KONTOR_TRY(add(found, attention, *filter.order, filter));
        return found;
    }
    std::vector<OrderId> orders;
    RowScan<AttentionSumRow> scan{.table = sums_table, .direction = ports::Direction::descending};
    if (filter.after)
        scan.after = std::tuple(*filter.after);
    auto const limit = std::min(filter.limit, page_rows_max);
    std::size_t fitting = 0;
    KONTOR_TRY(scan_rows(attention, scan, [&](AttentionSumRow&& sum) {
        auto const settled = sum.asked - sum.open;
        auto const fits = !filter.state                           ? sum.asked
                          : *filter.state == AttentionState::open ? sum.open
                                                                  : settled;
        if (fits > 0)
            orders.push_back(sum.order_id);
        fitting += fits;
        return fitting < limit;
    }));
    for (auto const order : orders)
        KONTOR_TRY(add(found, attention, order, filter));
    return found;
}

Result<std::vector<SagaCountRow>> count_sagas(ports::RowReader& attention) {
    std::vector<SagaCountRow> found;
    KONTOR_TRY(
        scan_rows(attention, RowScan<SagaCountRow>{.table = counts_table}, [&](SagaCountRow&& row) {
            found.push_back(row);
            return true;
        }));
    return found;
}

Result<std::vector<SagaRow>> list_sagas(ports::RowReader& attention, SagaFilter const& filter) {
    std::vector<SagaRow> found;
    auto const fits = [&](SagaRow const& row) {
        return (!filter.phase || row.phase == *filter.phase) &&
               (!filter.due_before || (row.due_at && *row.due_at < *filter.due_before));
    };
    if (filter.order) {
        KONTOR_TRY(auto row, find_row<SagaRow>(attention, sagas_table, std::tuple(*filter.order)));
        if (row && fits(*row))
            found.push_back(*std::move(row));
        return found;
    }
    RowScan<SagaRow> scan{.table = sagas_table, .direction = ports::Direction::descending};
    if (filter.after)
        scan.after = std::tuple(*filter.after);
    auto const limit = std::min(filter.limit, page_rows_max);
    KONTOR_TRY(scan_rows(attention, scan, [&](SagaRow&& row) {
        if (fits(row))
            found.push_back(std::move(row));
        return found.size() < limit;
    }));
    return found;
}

} // namespace kontor::services::views

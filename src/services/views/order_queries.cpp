#include "services/views/orders.hpp"
#include "services/views/queries.hpp"
#include "services/views/read_rows.hpp"

#include <algorithm>

namespace kontor::services::views {
namespace {

constexpr std::size_t number(OrderTable table) {
    return static_cast<std::size_t>(table);
}

Failure unknown(std::string_view what, std::string id) {
    return {FailureKind::not_found, "there is no " + std::string(what) + " " + id, std::move(id)};
}

bool fits(OrderRow const& order, OrderFilter const& filter) {
    return (!filter.customer || order.customer_id == filter.customer) &&
           (!filter.placed_after || order.placed_at > *filter.placed_after) &&
           (!filter.placed_before || order.placed_at < *filter.placed_before) &&
           (!filter.currency || order.currency == *filter.currency) &&
           (!filter.total_min || order.total >= *filter.total_min) &&
           (!filter.total_max || order.total <= *filter.total_max);
}

/// A walk over the orders that may fit, by the time in their ids.
struct Walk {
    ports::Direction direction;
    std::optional<OrderId> last; ///< the last one read
    std::size_t page_max;        ///< read so many that fit, then look what else is asked of them
    std::size_t looked_at_max;
    std::size_t looked_at{0};
    bool is_over{false};
};

/// The next of those that a table names below one key: of one state, or one customer.
template <class Row, class First>
Result<std::vector<OrderRow>> next_below(ports::RowReader& reader, OrderTable table,
                                         First const& first, Walk& walk) {
    projections::TextArena arena;
    RowScan<Row> scan{.table = number(table),
                      .prefix = {projections::CellForm<First>::cell(first, arena)},
                      .direction = walk.direction};
    if (walk.last)
        scan.after = std::tuple(first, *walk.last);
    std::vector<OrderId> ids;
    walk.is_over = true;
    KONTOR_TRY(scan_rows(reader, scan, [&](Row&& row) {
        ids.push_back(row.order_id);
        bool const goes_on = ++walk.looked_at < walk.looked_at_max && ids.size() < walk.page_max;
        walk.is_over = goes_on; // for where it may go on and is not called again, there is no more
        return goes_on;
    }));
    std::vector<OrderRow> page;
    for (auto const id : ids) {
        walk.last = id;
        KONTOR_TRY(auto order,
                   find_row<OrderRow>(reader, number(OrderTable::orders), std::tuple(id)));
        if (!order)
            return unexpected(damaged(Row::table));
        page.push_back(*std::move(order));
    }
    return page;
}

/// The next of all.
Result<std::vector<OrderRow>> next_of_all(ports::RowReader& reader, OrderFilter const& filter,
                                          Walk& walk) {
    std::vector<OrderRow> page;
    RowScan<OrderRow> scan{.table = number(OrderTable::orders), .direction = walk.direction};
    if (walk.last)
        scan.after = std::tuple(*walk.last);
    walk.is_over = true;
    KONTOR_TRY(scan_rows(reader, scan, [&](OrderRow&& order) {
        walk.last = order.id;
        if (fits(order, filter))
            page.push_back(std::move(order));
        bool const goes_on = ++walk.looked_at < walk.looked_at_max && page.size() < walk.page_max;
        walk.is_over = goes_on; // for where it may go on and is not called again, there is no more
        return goes_on;
    }));
    return page;
}

/// A customer's own orders are fewer than those of a state.
Result<std::vector<OrderRow>> next_orders(ports::RowReader& reader, OrderFilter const& filter,
                                          Walk& walk) {
    if (filter.customer)
        return next_below<OrderOfCustomerRow>(reader, OrderTable::of_customers, *filter.customer,
                                              walk);
    if (filter.state)
        return next_below<OrderInStateRow>(reader, OrderTable::in_state, *filter.state, walk);
    return next_of_all(reader, filter, walk);
}

/// Errors: unavailable, corrupt.
Result<bool> has_line_of(ports::RowReader& reader, OrderId id, Sku const& sku) {
    KONTOR_TRY(auto const lines, rows_below<OrderLineRow>(reader, number(OrderTable::lines), id));
    return std::ranges::find(lines, sku, &OrderLineRow::sku) != lines.end();
}

Result<OrderProgressRow> progress_of(ports::RowReader& reader, OrderId id) {
    KONTOR_TRY(auto progress,
               find_row<OrderProgressRow>(reader, number(OrderTable::progress), std::tuple(id)));
    if (!progress)
        return unexpected(damaged(OrderProgressRow::table));
    return *std::move(progress);
}

} // namespace

Result<std::vector<OrderId>> orders_of_number(ports::RowReader& orders, std::uint64_t of) {
    KONTOR_TRY(auto const rows,
               rows_below<OrderNumberRow>(orders, number(OrderTable::numbers), of));
    std::vector<OrderId> ids;
    for (auto const& row : rows)
        ids.push_back(row.order_id);
    return ids;
}

namespace {

/// Those of one number.
Result<std::vector<OrderSummary>> summaries_of_number(ports::RowReader& reader,
                                                      OrderFilter const& filter) {
    std::vector<OrderSummary> found;
    KONTOR_TRY(auto const ids, orders_of_number(reader, *filter.number));
    for (auto const id : ids) {
        KONTOR_TRY(auto order,
                   find_row<OrderRow>(reader, number(OrderTable::orders), std::tuple(id)));
        if (!order)
            return unexpected(damaged(OrderNumberRow::table));
        KONTOR_TRY(auto progress, progress_of(reader, id));
        bool has_sku = true;
        if (filter.sku) {
            KONTOR_TRY(has_sku, has_line_of(reader, id, *filter.sku));
        }
        if (has_sku && fits(*order, filter) && (!filter.state || progress.state == *filter.state))
            found.push_back({*std::move(order), std::move(progress)});
    }
    return found;
}

} // namespace

Result<OrderPage> list_orders(ports::RowReader& orders, OrderFilter const& filter,
                              ports::Direction direction) {
    OrderPage found;
    if (filter.number) {
        KONTOR_TRY(found.orders, summaries_of_number(orders, filter));
        return found;
    }
    auto const limit = std::min(filter.limit, page_rows_max);
    Walk walk{.direction = direction,
              .last = filter.after,
              .page_max = limit + 1,
              .looked_at_max = filter.looked_at_max};
    while (!walk.is_over && !found.looked_to) {
        KONTOR_TRY(auto page, next_orders(orders, filter, walk));
        for (auto& order : page) {
            if (!fits(order, filter))
                continue;
            if (filter.sku) {
                KONTOR_TRY(bool const has_it, has_line_of(orders, order.id, *filter.sku));
                if (!has_it)
                    continue;
            }
            KONTOR_TRY(auto progress, progress_of(orders, order.id));
            if (filter.state && progress.state != *filter.state)
                continue;
            if (found.orders.size() == limit) {
                found.looked_to = found.orders.back().order.id;
                return found;
            }
            found.orders.push_back({std::move(order), std::move(progress)});
        }
        if (walk.looked_at >= walk.looked_at_max)
            found.looked_to = walk.last;
    }
    return found;
}

Result<OrderView> show_order(ports::RowReader& orders, OrderId id) {
    KONTOR_TRY(auto order, find_row<OrderRow>(orders, number(OrderTable::orders), std::tuple(id)));
    if (!order)
        return unexpected(unknown("order", id.to_string()));
    KONTOR_TRY(auto progress, progress_of(orders, id));
    OrderView view{*std::move(order), std::move(progress)};
    KONTOR_TRY(view.lines, rows_below<OrderLineRow>(orders, number(OrderTable::lines), id));
    KONTOR_TRY(view.shipments, rows_below<ShipmentRow>(orders, number(OrderTable::shipments), id));
    KONTOR_TRY(view.returns, rows_below<ReturnRow>(orders, number(OrderTable::returns), id));
    KONTOR_TRY(view.refunds, rows_below<RefundRow>(orders, number(OrderTable::refunds), id));
    for (auto const payment : view.progress.payments) {
        KONTOR_TRY(auto row,
                   find_row<PaymentRow>(orders, number(OrderTable::payments), std::tuple(payment)));
        if (!row)
            return unexpected(damaged(PaymentRow::table));
        view.payments.push_back(*std::move(row));
    }
    return view;
}

Result<std::vector<PaymentRow>> list_payments(ports::RowReader& orders,
                                              PaymentFilter const& filter) {
    std::vector<PaymentRow> found;
    RowScan<PaymentRow> scan{.table = number(OrderTable::payments),
                             .direction = ports::Direction::descending};
    if (filter.after)
        scan.after = std::tuple(*filter.after);
    auto const limit = std::min(filter.limit, page_rows_max);
    KONTOR_TRY(scan_rows(orders, scan, [&](PaymentRow&& payment) {
        bool const fits_filter = (!filter.order || payment.order_id == *filter.order) &&
                                 (!filter.state || payment.state == *filter.state);
        if (fits_filter)
            found.push_back(std::move(payment));
        return found.size() < limit;
    }));
    return found;
}

Result<std::vector<ReturnRow>> list_returns(ports::RowReader& orders, ReturnFilter const& filter) {
    std::vector<ReturnRow> found;
    RowScan<ReturnRow> scan{.table = number(OrderTable::returns),
                            .direction = ports::Direction::descending};
    if (filter.after)
        scan.after = std::tuple(filter.after->order, filter.after->id);
    auto const limit = std::min(filter.limit, page_rows_max);
    KONTOR_TRY(scan_rows(orders, scan, [&](ReturnRow&& row) {
        if (!filter.state || row.state == *filter.state)
            found.push_back(std::move(row));
        return found.size() < limit;
    }));
    return found;
}

Result<PaymentView> show_payment(ports::RowReader& orders, PaymentId id) {
    KONTOR_TRY(auto payment,
               find_row<PaymentRow>(orders, number(OrderTable::payments), std::tuple(id)));
    if (!payment)
        return unexpected(unknown("payment", id.to_string()));
    PaymentView view{*std::move(payment)};
    KONTOR_TRY(view.refunds,
               rows_below<RefundRow>(orders, number(OrderTable::refunds), view.payment.order_id));
    std::erase_if(view.refunds, [&](RefundRow const& refund) { return refund.payment_id != id; });
    return view;
}

Result<std::vector<MonthRow>> list_months(ports::RowReader& orders) {
    std::vector<MonthRow> months;
    KONTOR_TRY(scan_rows(orders, RowScan<MonthRow>{.table = number(OrderTable::months)},
                         [&](MonthRow&& month) {
                             months.push_back(std::move(month));
                             return true;
                         }));
    return months;
}

} // namespace kontor::services::views

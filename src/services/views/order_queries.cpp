#include "services/views/orders.hpp"
#include "services/views/queries.hpp"
#include "services/views/read_rows.hpp"

#include <algorithm>
#include <limits>

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

/// A customer's own orders are few and far between, and one page must have them.
std::size_t looked_at_max(OrderFilter const& filter) {
    return filter.customer ? std::numeric_limits<std::size_t>::max() : orders_looked_at_max;
}

/// The next orders that fit as they were placed. `last` moves to the last one read, `looked_at`
/// counts them.   Shape: fewer than page_rows_max: there are no more, or enough was looked at.
Result<std::vector<OrderRow>> next_orders(ports::RowReader& reader, OrderFilter const& filter,
                                          std::optional<OrderId>& last, std::size_t& looked_at) {
    std::vector<OrderRow> page;
    RowScan<OrderRow> scan{.table = number(OrderTable::orders),
                           .direction = ports::Direction::descending};
    if (last)
        scan.after = std::tuple(*last);
    KONTOR_TRY(scan_rows(reader, scan, [&](OrderRow&& order) {
        last = order.id;
        if (fits(order, filter))
            page.push_back(std::move(order));
        return ++looked_at < looked_at_max(filter) && page.size() < page_rows_max;
    }));
    return page;
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

Result<OrderPage> list_orders(ports::RowReader& orders, OrderFilter const& filter) {
    OrderPage found;
    if (filter.number) {
        KONTOR_TRY(found.orders, summaries_of_number(orders, filter));
        return found;
    }
    auto const limit = std::min(filter.limit, page_rows_max);
    auto last = filter.after;
    for (std::size_t looked_at = 0;;) {
        KONTOR_TRY(auto page, next_orders(orders, filter, last, looked_at));
        for (auto& order : page) {
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
        if (looked_at >= looked_at_max(filter))
            found.looked_to = last;
        if (page.size() < page_rows_max || found.looked_to)
            return found;
    }
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

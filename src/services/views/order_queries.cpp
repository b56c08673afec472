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
           (!filter.placed_before || order.placed_at < *filter.placed_before);
}

/// The next orders that fit, without a look at how far they got. `last` moves to the last one read.
Result<std::vector<OrderRow>> next_orders(ports::RowReader& reader, OrderFilter const& filter,
                                          std::optional<OrderId>& last) {
    std::vector<OrderRow> page;
    RowScan<OrderRow> scan{.table = number(OrderTable::orders),
                           .direction = ports::Direction::descending};
    if (last)
        scan.after = std::tuple(*last);
    KONTOR_TRY(scan_rows(reader, scan, [&](OrderRow&& order) {
        last = order.id;
        if (fits(order, filter))
            page.push_back(std::move(order));
        return page.size() < page_rows_max;
    }));
    return page;
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
        if (fits(*order, filter) && (!filter.state || progress.state == *filter.state))
            found.push_back({*std::move(order), std::move(progress)});
    }
    return found;
}

} // namespace

Result<std::vector<OrderSummary>> list_orders(ports::RowReader& orders, OrderFilter const& filter) {
    if (filter.number)
        return summaries_of_number(orders, filter);
    std::vector<OrderSummary> found;
    auto const limit = std::min(filter.limit, page_rows_max);
    auto last = filter.after;
    while (found.size() < limit) {
        KONTOR_TRY(auto page, next_orders(orders, filter, last));
        for (auto& order : page) {
            KONTOR_TRY(auto progress, progress_of(orders, order.id));
            if (found.size() < limit && (!filter.state || progress.state == *filter.state))
                found.push_back({std::move(order), std::move(progress)});
        }
        if (page.size() < page_rows_max)
            break;
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

#pragma once

/// Questions that people ask the read models: typed rows out, nothing printed. Lists are pages: ask
/// again with `after` set to the key of the last row.   Thread: the reader's.

#include "services/views/attention.hpp"
#include "services/views/goods.hpp"
#include "services/views/order_rows.hpp"

#include "ports/read_models.hpp"

#include <optional>
#include <vector>

namespace kontor::services::views {

/// One more than the longest page that is shown: it says that there are more.
inline constexpr std::size_t page_rows_max = 501;
inline constexpr std::size_t page_rows_default = 50;

/// Orders looked at for one page of all customers'; where few fit, it ends before it is full and
/// says where.
inline constexpr std::size_t orders_looked_at_max = 20'000;
static_assert(orders_looked_at_max >= page_rows_max);

struct OrderFilter {
    std::optional<OrderState> state{};
    std::optional<CustomerId> customer{};
    std::optional<Instant> placed_after{};
    std::optional<Instant> placed_before{};
    std::optional<std::uint64_t> number{}; ///< order_number_bits
    std::optional<Sku> sku{};              ///< only with a line of it
    std::optional<CurrencyCode> currency{};
    std::optional<std::int64_t> total_min{};
    std::optional<std::int64_t> total_max{};
    std::optional<OrderId> after{}; ///< the last order of the page before
    std::size_t limit{page_rows_default};
    std::size_t looked_at_max{orders_looked_at_max}; ///< at least one
};

struct OrderSummary {
    OrderRow order;
    OrderProgressRow progress;
    friend bool operator==(OrderSummary const&, OrderSummary const&) = default;
};

/// All orders of a number that people read to each other; hardly ever more than one.
/// Errors: unavailable, corrupt.
Result<std::vector<OrderId>> orders_of_number(ports::RowReader& orders, std::uint64_t of);

struct OrderPage {
    std::vector<OrderSummary> orders{};
    std::optional<OrderId> looked_to{}; ///< there are more behind this one; none: that is all
};

/// From either end, by the time in their ids; at most `limit` of them, or page_rows_max. A page
/// goes on behind `after` in its direction.
/// Errors: unavailable, corrupt.
Result<OrderPage> list_orders(ports::RowReader& orders, OrderFilter const& filter,
                              ports::Direction direction = ports::Direction::descending);

/// One order with all that belongs to it.
struct OrderView {
    OrderRow order;
    OrderProgressRow progress;
    std::vector<OrderLineRow> lines{};
    std::vector<PaymentRow> payments{};
    std::vector<ShipmentRow> shipments{};
    std::vector<ReturnRow> returns{};
    std::vector<RefundRow> refunds{};
};

/// Errors: not_found (no such order), unavailable, corrupt.
Result<OrderView> show_order(ports::RowReader& orders, OrderId id);

struct PaymentFilter {
    std::optional<OrderId> order{};
    std::optional<PaymentState> state{};
    std::optional<PaymentId> after{};
    std::size_t limit{page_rows_default};
};

/// Newest first.   Errors: unavailable, corrupt.
Result<std::vector<PaymentRow>> list_payments(ports::RowReader& orders,
                                              PaymentFilter const& filter);

/// Two parts, as the rows are kept: an order has several.
struct ReturnKey {
    OrderId order;
    ReturnId id;
};

struct ReturnFilter {
    std::optional<ReturnState> state{};
    std::optional<ReturnKey> after{};
    std::size_t limit{page_rows_default};
};

/// Those of the newest orders first.   Errors: unavailable, corrupt.
Result<std::vector<ReturnRow>> list_returns(ports::RowReader& orders, ReturnFilter const& filter);

struct PaymentView {
    PaymentRow payment;
    std::vector<RefundRow> refunds{};
};

/// Errors: not_found (no such payment), unavailable, corrupt.
Result<PaymentView> show_payment(ports::RowReader& orders, PaymentId id);

/// Oldest first.   Errors: unavailable, corrupt.
Result<std::vector<MonthRow>> list_months(ports::RowReader& orders);

struct AttentionFilter {
    std::optional<OrderId> order{};
    std::optional<AttentionState> state{};
    std::optional<OrderId> after{}; ///< the last order of the page before
    std::size_t limit{page_rows_default};
};

/// What people are asked, of the newest orders first, of each in the sequence it was asked. A page
/// has all that fits of each of its orders.
/// Errors: unavailable, corrupt.
Result<std::vector<AttentionRow>> list_attention(ports::RowReader& attention,
                                                 AttentionFilter const& filter);

struct SagaFilter {
    std::optional<OrderId> order{};
    std::optional<checkout::Phase> phase{};
    std::optional<Instant> due_before{}; ///< only what waits for something that was due by then
    std::optional<OrderId> after{};      ///< the last order of the page before
    std::size_t limit{page_rows_default};
};

/// How many processes stand in each phase that some ever stood in.   Errors: unavailable, corrupt.
Result<std::vector<SagaCountRow>> count_sagas(ports::RowReader& attention);

/// Processes that have not ended, of the newest orders first.   Errors: unavailable, corrupt.
Result<std::vector<SagaRow>> list_sagas(ports::RowReader& attention, SagaFilter const& filter);

struct StockFilter {
    std::optional<Sku> sku{};
    std::optional<Location> location{};
    std::optional<std::int64_t> below{}; ///< only items with less available
    std::optional<StockItemRow> after{}; ///< the last item of the page before; only its key counts
    std::size_t limit{page_rows_default};
};

/// By SKU, then location.   Errors: unavailable, corrupt.
Result<std::vector<StockItemRow>> list_stock(ports::RowReader& stock, StockFilter const& filter);

/// Errors: not_found (nothing is known of it there), unavailable, corrupt.
Result<StockItemRow> show_stock(ports::RowReader& stock, Sku const& sku, Location const& location);

struct ProductView {
    ProductRow product;
    std::vector<PriceRow> prices{};
};

/// By SKU.   Errors: unavailable, corrupt.
Result<std::vector<ProductView>> list_products(ports::RowReader& catalog, std::optional<Sku> after,
                                               std::size_t limit);

/// Errors: not_found (no such product), unavailable, corrupt.
Result<ProductView> show_product(ports::RowReader& catalog, Sku const& sku);

/// Errors: not_found (no such customer), unavailable, corrupt.
Result<CustomerRow> show_customer(ports::RowReader& customers, CustomerId id);

} // namespace kontor::services::views

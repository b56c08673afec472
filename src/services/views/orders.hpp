#pragma once

/// The read model "orders": its tables, and what each fact of an order, its payments and its
/// parcels makes of them.   Thread: one.

#include "services/views/order_rows.hpp"

#include "platform/projections/projection.hpp"

namespace kontor::services::views {

struct OrderTables {
    explicit OrderTables(std::size_t at_hand_max)
        : orders(at_hand_max), progress(at_hand_max), lines(at_hand_max), payments(at_hand_max),
          refunds(at_hand_max), shipments(at_hand_max), returns(at_hand_max), months(at_hand_max),
          numbers(at_hand_max), in_state(at_hand_max), of_customers(at_hand_max) {}

    projections::Table<OrderRow> orders;
    projections::Table<OrderProgressRow> progress;
    projections::Table<OrderLineRow> lines;
    projections::Table<PaymentRow> payments;
    projections::Table<RefundRow> refunds;
    projections::Table<ShipmentRow> shipments;
    projections::Table<ReturnRow> returns;
    projections::Table<MonthRow> months;
    projections::Table<OrderNumberRow> numbers;
    projections::Table<OrderInStateRow> in_state;
    projections::Table<OrderOfCustomerRow> of_customers;
};

/// Tables by number, in the sequence of the model's shape.
enum class OrderTable : std::size_t {
    orders,
    progress,
    lines,
    payments,
    refunds,
    shipments,
    returns,
    months,
    numbers,
    in_state,
    of_customers
};

class Orders final : public projections::Projection {
public:
    static constexpr std::string_view name = "orders";
    static constexpr std::uint32_t version = 4;

    explicit Orders(std::size_t at_hand_max);

    ports::ModelShape const& shape() const override { return shape_; }
    std::span<projections::AnyTable* const> tables() override { return tables_; }
    /// Errors: corrupt, unsupported (the fact cannot be read).
    Result<void> project(ports::RecordedEvent const& event,
                         ports::RecordedCommit const& commit) override;

    OrderTables const& rows() const { return rows_; }

private:
    OrderTables rows_;
    std::array<projections::AnyTable*, 11> tables_;
    ports::ModelShape shape_;
};

/// "2010-12".
Month month_of(Instant at);

/// Moves an order to a state, in both tables that say it.
void enter_state(OrderTables& rows, OrderProgressRow& progress, OrderState state);

/// What follows from the sums: due, net, labels.
void derive(OrderProgressRow& progress, std::int64_t total);

/// The fold of one stored fact; of what is no order, payment or parcel it leaves the rows alone.
/// Errors: corrupt, unsupported (the fact cannot be read).
Result<void> project_fact(OrderTables& rows, ports::RecordedEvent const& event,
                          ports::RecordedCommit const& commit);

/// The folds by the kind of their stream.   Errors: corrupt, unsupported (the fact cannot be read).
Result<void> project_order_fact(OrderTables& rows, ports::RecordedEvent const& event,
                                ports::RecordedCommit const& commit);
/// Errors: corrupt, unsupported (the fact cannot be read).
Result<void> project_payment_fact(OrderTables& rows, ports::RecordedEvent const& event,
                                  ports::RecordedCommit const& commit);
/// Errors: corrupt, unsupported (the fact cannot be read).
Result<void> project_shipment_fact(OrderTables& rows, ports::RecordedEvent const& event,
                                   ports::RecordedCommit const& commit);

} // namespace kontor::services::views

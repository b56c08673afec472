#pragma once

/// Names: the ids by which the shop knows what is in the plan. All derive from what the file says:
/// invoice and its time, SKU, customer; the same file always gives the same ids.

#include "services/import/plan.hpp"
#include "services/shop/aggregates.hpp"

#include <vector>

namespace kontor::online_retail {

/// Who asks: checkout, carrier and mail let this actor's facts alone.
Actor import_actor();

/// Who is behind a step, and when.
struct Cause {
    Id128 id;
    Id128 correlation;
    Instant now;
};

class Names {
public:
    /// Both outlive the names.
    Names(Table const& table, Plan const& plan);

    Sku const& sku(SkuIndex index) const { return skus_[index]; }
    Location const& warehouse() const { return warehouse_; }
    services::StockKey shelf(SkuIndex index) const { return {warehouse_, skus_[index]}; }

    OrderId order(OrderIndex order) const;
    PaymentId payment(OrderIndex order) const;
    ReservationId reservation(OrderIndex order) const;
    CustomerId customer(PlannedCustomer const& customer) const;
    /// Empty for a guest.
    std::optional<CustomerId> customer_of(OrderIndex order) const;
    LineNumber line(LineIndex line) const;
    std::string number(InvoiceIndex invoice) const;

    Cause of_sku(SkuIndex index) const;
    Cause of_invoice(InvoiceIndex invoice, Instant now) const;
    Cause of_order(OrderIndex order, Instant now) const;
    /// One cancellation may undo many orders: each of these is a cause of its own.
    Cause of_undoing(InvoiceIndex cancellation, OrderIndex order, Instant now) const;

private:
    Table const& table_;
    Plan const& plan_;
    Location warehouse_;
    std::vector<Sku> skus_;
};

} // namespace kontor::online_retail

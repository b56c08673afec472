#pragma once

/// Steps: a plan as requests to the desk, one after the other, each with the file's time as its
/// `now`. Their ids derive from invoice, row and step, so that the same file always asks the same.
///
/// Invariants: 1. Every step changes something when it is carried out for the first time.
///             2. A step refers only to what earlier steps made.
///             3. The id of the first step has the mark of the whole table: a log that has it was
///                begun with this table and no other.
/// Source: DOMAIN section 13.

#include "services/import/names.hpp"
#include "services/import/read_table.hpp"
#include "services/shop/shop.hpp"

#include <deque>
#include <optional>

namespace kontor::online_retail {

using OnOrder = services::On<services::Orders>;
using OnStock = services::On<services::StockItems>;
using OnPayment = services::On<services::Payments>;
using OnParcel = services::On<services::Fulfilments>;
using OnReservation = services::On<services::Reservations>;

/// All invoices of the file are in pounds.
inline auto const gbp = Currency::gbp();

class Steps {
public:
    /// All three outlive the steps.
    Steps(Table const& table, Plan const& plan, Texts const& texts);

    /// Empty when the whole plan has been asked for.
    std::optional<services::ShopRequest> next();

    /// The id of the next one; empty where `next` is.
    std::optional<CommandId> peek();

    /// SKUs and acts so far and in all, for whoever watches.
    std::size_t done() const { return next_sku_ + next_act_; }
    std::size_t in_all() const { return plan_.skus.size() + plan_.acts.size(); }

private:
    /// What is not cancelled of one SKU of an order.
    struct Remaining {
        SkuIndex sku;
        std::int64_t units;
    };

    /// Makes the next ones, if none waits.
    void prepare();
    void ask(Cause const& cause, std::string_view step, std::uint64_t index, services::Work work);
    void act(Act const& act);

    void open_shop(SkuIndex sku);
    void register_customer(Act const& act);
    void adjust(Act const& act);

    void purchase(Act const& act);
    order::Quote quote(OrderIndex order) const;
    order::Line sold_line(LineIndex line) const;

    void dispatch(Act const& act);
    std::vector<fulfilment::Lines> parcels(OrderIndex order) const;
    void pack_and_send(Cause const& cause, OrderIndex order);
    void collect_money(Cause const& cause, OrderIndex order);

    void undo(Act const& act);
    void cancel(Cause const& cause, Undoing const& undoing);
    services::Compound cancelled_goods(Undoing const& undoing);
    void take_back(Cause const& cause, Undoing const& undoing);
    void receive(Cause const& cause, Undoing const& undoing, ReturnId return_id);
    void give(Act const& act);
    void refund(Cause const& cause, OrderIndex order, order::GrantRefund grant);
    std::vector<LineQuantity> lines_of(Undoing const& undoing) const;

    Row const& row_of(LineIndex line) const { return table_.rows[plan_.lines[line].row]; }
    std::int32_t left_of(LineIndex line) const { return row_of(line).quantity - cancelled_[line]; }
    bool is_goods(LineIndex line) const {
        return plan_.skus[row_of(line).sku].kind == SkuKind::goods;
    }
    std::vector<Remaining> remaining_goods(OrderIndex order) const;
    std::string title_of(SkuIndex sku) const;

    Table const& table_;
    Plan const& plan_;
    Texts const& texts_;
    Names names_;
    std::vector<std::int32_t> cancelled_; ///< units so far, by LineIndex
    std::deque<services::ShopRequest> waiting_;
    bool is_begun_{false};
    SkuIndex next_sku_{0};
    std::size_t next_act_{0};
};

} // namespace kontor::online_retail

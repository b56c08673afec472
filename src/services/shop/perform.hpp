#pragma once

/// How each kind of work is performed; shop.cpp picks, these do.   Thread: the desk's.

#include "services/shop/shop.hpp"

namespace kontor::services {

using ShopTurn = commands::Turn<Shop>;
using Performed = Result<void, Refusal>;

// Errors of all: the first rejection; then nothing of the work is done.

Performed perform(Shop const& shop, ShopTurn& turn, Compound const& compound);
Performed perform(Shop const& shop, ShopTurn& turn, ReserveOrder const& reserve);
Performed perform(Shop const& shop, ShopTurn& turn, ReleaseReservation const& release);
Performed perform(Shop const& shop, ShopTurn& turn, ExpireReservation const& expire);
Performed perform(Shop const& shop, ShopTurn& turn, FillReservation const& fill);
Performed perform(Shop const& shop, ShopTurn& turn, DispatchParcel const& dispatch);
Performed perform(Shop const& shop, ShopTurn& turn, TransferStock const& move);
Performed perform(Shop const& shop, ShopTurn& turn, AdvanceCheckout const& advance);
Performed perform(Shop const& shop, ShopTurn& turn, EditOrder const& edit);
Performed perform(Shop const& shop, ShopTurn& turn, MovePayment const& move);
Performed perform(Shop const& shop, ShopTurn& turn, CheckoutStep const& step);
Performed perform(Shop const& shop, ShopTurn& turn, Audited const& audited);

/// Tells each reservation what came in for it by this command, so that the units and the promise
/// change in one append.
void fill_reservations(ShopTurn& turn);

/// The coupon of an order that ends before it is confirmed may be used again.
void give_back_coupons(ShopTurn& turn);

/// Tells the process of each order what this command decided about it. Its steps join the command,
/// so a fact and what the process makes of it are one append; the commands they ask for follow.
/// Imported orders have no process. `carried_out` is a step that this command was and that no fact
/// of its order answers; null: it was none.
void tell_processes(Shop const& shop, ShopTurn& turn, CheckoutStep const* carried_out);
/// What of a refusal makes a difference to the process.
checkout::RefusalReason reason_for_process(Refusal const& refusal);
/// Tells the process of the order that its step was refused.
void tell_refusal(ShopTurn& turn, CheckoutStep const& step, Refusal const& refusal);

/// Lets one aggregate decide.
/// Errors: its rejection.
template <class Aggregate>
Performed decide(ShopTurn& turn, typename Aggregate::Key const& key,
                 typename Aggregate::Fold::Command const& command) {
    auto decided = turn.decide<Aggregate>(key, command);
    if (!decided)
        return unexpected(Refusal(decided.error()));
    return {};
}

} // namespace kontor::services

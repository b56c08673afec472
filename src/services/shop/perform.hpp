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
Performed perform(Shop const& shop, ShopTurn& turn, AdvanceCheckout const& advance);
Performed perform(Shop const& shop, ShopTurn& turn, CheckoutStep const& step);

/// Tells the process of each order what this command decided about it. Its steps join the command,
/// so a fact and what the process makes of it are one append; the commands they ask for follow.
/// Imported orders have no process.
void tell_processes(Shop const& shop, ShopTurn& turn);
/// Tells the process of the order that its step was refused.
void tell_refusal(ShopTurn& turn, CheckoutStep const& step, checkout::RefusalReason reason);

/// Backorders that were filled by what a stock item recorded: each reservation is told, as a
/// command of its own.
void tell_of_fills(ShopTurn& turn, StockKey const& key, Events<stock::Event> const& events);

/// Lets one aggregate decide, with what must follow from its facts.
/// Errors: its rejection.
template <class Aggregate>
Performed decide(ShopTurn& turn, typename Aggregate::Key const& key,
                 typename Aggregate::Fold::Command const& command) {
    auto decided = turn.decide<Aggregate>(key, command);
    if (!decided)
        return unexpected(Refusal(decided.error()));
    if constexpr (std::is_same_v<Aggregate, StockItems>)
        tell_of_fills(turn, key, **decided);
    return {};
}

} // namespace kontor::services

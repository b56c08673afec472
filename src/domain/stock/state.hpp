#pragma once

/// What the facts of one SKU at one location add up to.
///
/// Invariants: 1. reserved = sum of the open promises' reserved <= on_hand; the same of backordered
///             <= backorder_max.
///             2. Whoever is owed backordered units waits in `backorders`, once, and nobody else.
/// Source: DOMAIN sections 5 and 12 (I1).

#include "domain/stock/backorder_queue.hpp"
#include "domain/stock/events.hpp"
#include "domain/stock/open_promises.hpp"

namespace kontor::stock {

/// Nothing has ever been known of this SKU at this location.
struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

/// A parcel took a part of what a reservation is owed; remembered while the rest is open, so that
/// the same parcel takes it once.
struct PartIssue {
    ReservationId reservation_id;
    FulfilmentId fulfilment_id;
    friend bool operator==(PartIssue const&, PartIssue const&) = default;
};

struct Item {
    Count on_hand{};
    Count reserved{};
    Count backordered{};
    Count safety{};
    Count backorder_max{};
    Count low_at{};
    OpenPromises open{};
    BackorderQueue backorders{};
    std::vector<PartIssue> part_issues{};
    TransferId last_transfer{}; ///< the newest move between locations, so that its repeat is known

    /// Units on the shelf that nobody was promised and safety does not keep; may be negative.
    std::int64_t available() const { return on_hand.value() - reserved.value() - safety.value(); }
    bool is_low() const { return low_at.value() > 0 && available() <= low_at.value(); }
    friend bool operator==(Item const&, Item const&) = default;
};

using State = std::variant<Nothing, Item>;

State initial();
/// Never: a shelf can always be filled again.
bool is_terminal(State const& state);

State evolve(State state, Received const& event);
State evolve(State state, Adjusted const& event);
State evolve(State state, RanLow const& event);
State evolve(State state, PolicySet const& event);
State evolve(State state, Reserved const& event);
State evolve(State state, Released const& event);
State evolve(State state, Issued const& event);
State evolve(State state, Restocked const& event);
State evolve(State state, BackordersFilled const& event);

/// What one item can promise now: units on the shelf, then units beyond it.
struct Offer {
    Count on_shelf;
    Count beyond_shelf;
    friend bool operator==(Offer const&, Offer const&) = default;
};

/// Units that older backorders wait for are not offered again.
Offer offer(State const& state);

/// What is owed to this reservation here; null when nothing is.
Promise const* promise_to(State const& state, ReservationId id);

/// Whether this is the newest move between locations that the item had a half of.
bool remembers(State const& state, TransferId id);

/// Whether units are there for backorders that still wait: then FillBackorders is due.
bool has_fillable_backorders(State const& state);

} // namespace kontor::stock

#pragma once

/// What may be asked of one SKU at one location. A purchase moves several items at once: the caller
/// plans with `reservation/plan.hpp` and sends these in one compound with the reservation's
/// command.

#include "domain/stock/events.hpp"

namespace kontor::stock {

/// Units arrive from a supplier. Two deliveries may share a reference: twice the same command is
/// known by its command id alone.
struct Receive {
    Sku sku;
    Location location;
    Quantity quantity;
    std::string reference;
    friend bool operator==(Receive const&, Receive const&) = default;
};

/// Somebody found, lost or broke units.
struct Adjust {
    Sku sku;
    Location location;
    Delta delta;
    AdjustReason reason{AdjustReason::corrected};
    std::optional<std::string> note{};
    friend bool operator==(Adjust const&, Adjust const&) = default;
};

/// Somebody counted the shelf: what differs is adjusted.
struct CountShelf {
    Sku sku;
    Location location;
    Count counted;
    std::optional<std::string> note{};
    friend bool operator==(CountShelf const&, CountShelf const&) = default;
};

/// Half of a move between locations; always in a compound with TransferIn.
struct TransferOut {
    Sku sku;
    Location location;
    Quantity quantity;
    TransferId transfer_id;
    friend bool operator==(TransferOut const&, TransferOut const&) = default;
};

struct TransferIn {
    Sku sku;
    Location location;
    Quantity quantity;
    TransferId transfer_id;
    friend bool operator==(TransferIn const&, TransferIn const&) = default;
};

struct SetPolicy {
    Sku sku;
    Location location;
    Count safety;
    Count backorder_max;
    Count low_at;
    friend bool operator==(SetPolicy const&, SetPolicy const&) = default;
};

/// Promises units to an order, stock first: `reserved` from the shelf, `backordered` beyond it, as
/// planned from the item's view. A plan that is no longer true is refused, never corrected.
struct Reserve {
    Sku sku;
    Location location;
    ReservationId reservation_id;
    Count reserved;
    Count backordered;
    friend bool operator==(Reserve const&, Reserve const&) = default;
};

/// Gives back promised units that have not left, until at most `keep` are left: 0 gives back all
/// and closes the reservation here. A level, not a difference, so that asking twice is asking once.
/// Backordered units go first.
struct Release {
    ReservationId reservation_id;
    Count keep{};
    friend bool operator==(Release const&, Release const&) = default;
};

/// As Release of all, because the hold ran out. Whether it did is the reservation's to say.
struct Expire {
    ReservationId reservation_id;
    friend bool operator==(Expire const&, Expire const&) = default;
};

/// Promised units leave the shelf for a parcel.
struct Issue {
    ReservationId reservation_id;
    FulfilmentId fulfilment_id;
    Quantity quantity;
    friend bool operator==(Issue const&, Issue const&) = default;
};

/// Units came back from a buyer. Parts of one return may come separately: twice the same command is
/// known by its command id alone.
struct Restock {
    OrderId order_id;
    ReturnId return_id;
    Quantity quantity;
    ItemCondition condition{ItemCondition::restock};
    friend bool operator==(Restock const&, Restock const&) = default;
};

/// Gives units that are there to the next backorders; sent while more backorders wait than one
/// append could fill.
struct FillBackorders {
    friend bool operator==(FillBackorders, FillBackorders) = default;
};

using Command = std::variant<Receive, Adjust, CountShelf, TransferOut, TransferIn, SetPolicy,
                             Reserve, Release, Expire, Issue, Restock, FillBackorders>;

} // namespace kontor::stock

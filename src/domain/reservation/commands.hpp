#pragma once

/// What may be asked of all promises of one order. Hold, Release, Expire and Fill travel in a
/// compound with the commands to the stock items; `plan.hpp` makes both sides of it.

#include "domain/reservation/events.hpp"

namespace kontor::reservation {

/// All items could be promised; in a compound with stock::Reserve of each.
struct Hold {
    OrderId order_id;
    std::uint16_t attempt{1};
    Items items;
    Instant expires_at;
    std::uint16_t part{1};
    std::uint16_t parts{1};
    friend bool operator==(Hold const&, Hold const&) = default;
};

/// Some items could not be promised; alone.
struct RejectHold {
    OrderId order_id;
    std::uint16_t attempt{1};
    std::vector<Shortage> shortages;
    friend bool operator==(RejectHold const&, RejectHold const&) = default;
};

/// The hold shall last longer, because the payment's outcome is not known yet.
struct Extend {
    Instant expires_at;
    friend bool operator==(Extend const&, Extend const&) = default;
};

/// The order is paid; in a compound with order::Confirm.
struct Confirm {
    OrderId order_id;
    friend bool operator==(Confirm const&, Confirm const&) = default;
};

/// Gives back what has not left; `items` are the units that the stock items release in the same
/// compound. On nothing it is remembered, so that a Hold that comes late is refused.
struct Release {
    OrderId order_id;
    Items items;
    ReleaseReason reason{ReleaseReason::order_cancelled};
    friend bool operator==(Release const&, Release const&) = default;
};

/// The hold ran out: comes from the deadline, never from a reader.
struct Expire {
    OrderId order_id;
    Items items;
    friend bool operator==(Expire const&, Expire const&) = default;
};

/// Backordered units came in; in a compound with what brought them. `items` say what is promised
/// from now on, a level and not a difference, so that asking twice is asking once: see
/// `items_after_fill` of `plan.hpp`.
struct Fill {
    Items items;
    friend bool operator==(Fill const&, Fill const&) = default;
};

using Command = std::variant<Hold, RejectHold, Extend, Confirm, Release, Expire, Fill>;

} // namespace kontor::reservation

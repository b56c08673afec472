#pragma once

/// What the facts of one reservation add up to.
///
/// How many units have left is known by the stock items, not here: `items` say where promises were
/// made, and bound them.
/// Source: DOMAIN section 5.

#include "domain/reservation/events.hpp"

namespace kontor::reservation {

struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

/// Promised until `expires_at`. While `part` < `parts` not all of it is promised yet.
struct OnHold {
    OrderId order_id;
    Instant expires_at{};
    std::uint16_t part{1};
    std::uint16_t parts{1};
    bool extended{false};
    Items items{};
    friend bool operator==(OnHold const&, OnHold const&) = default;
};

/// Promised until it is shipped or given back.
struct Firm {
    OrderId order_id;
    Items items{};
    friend bool operator==(Firm const&, Firm const&) = default;
};

struct Refused {
    OrderId order_id;
    friend bool operator==(Refused const&, Refused const&) = default;
};

enum class Ending : std::uint8_t { released, expired };

/// Given back: it never confirms and never ships again.
struct Closed {
    OrderId order_id;
    Ending ending{Ending::released};
    friend bool operator==(Closed const&, Closed const&) = default;
};

using State = std::variant<Nothing, OnHold, Firm, Refused, Closed>;

State initial();
/// A refused or closed reservation answers nothing new any more.
bool is_terminal(State const& state);

State evolve(State state, Held const& event);
State evolve(State state, Rejected const& event);
State evolve(State state, Extended const& event);
State evolve(State state, Confirmed const& event);
State evolve(State state, Released const& event);
State evolve(State state, Expired const& event);
State evolve(State state, Filled const& event);

/// Where promises were made and how many; empty when none is open.
Items const& promised_items(State const& state);

} // namespace kontor::reservation

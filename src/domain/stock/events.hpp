#pragma once

/// What happened to one SKU at one location: units came, were promised, released, left.
/// Field names are the JSON format and their sequence is the binary one: a stored fact changes only
/// by an optional field added at its end.
/// Source: DOMAIN sections 5 and 10.

#include "domain/values/ids.hpp"
#include "domain/values/lines.hpp"

#include "base/describe.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::stock {

/// Units of a backorder that arrived: they are reserved now.
struct Fill {
    ReservationId reservation_id;
    Quantity quantity;
    friend bool operator==(Fill const&, Fill const&) = default;
};
BOOST_DESCRIBE_STRUCT(Fill, (), (reservation_id, quantity))
static_assert(describes_every_field<Fill>());

/// Oldest promise first.
using Fills = std::vector<Fill>;

/// Why a shelf holds more or fewer than was thought. Stored as its number: only ever added to.
enum class AdjustReason : std::uint8_t {
    damaged = 1,
    lost = 2,
    found = 3,
    counted = 4,
    transferred = 5,
    corrected = 6
};
BOOST_DESCRIBE_ENUM(AdjustReason, damaged, lost, found, counted, transferred, corrected)

struct Received {
    Sku sku;
    Location location;
    Quantity quantity;
    std::string reference;
    Fills fills;
    friend bool operator==(Received const&, Received const&) = default;
};
BOOST_DESCRIBE_STRUCT(Received, (), (sku, location, quantity, reference, fills))
static_assert(describes_every_field<Received>());

/// `counted` names the count that found the difference, `transfer_id` the move between locations.
struct Adjusted {
    Sku sku;
    Location location;
    Delta delta;
    AdjustReason reason{AdjustReason::corrected};
    Fills fills{};
    std::optional<std::string> note{};
    std::optional<Count> counted{};
    std::optional<TransferId> transfer_id{};
    friend bool operator==(Adjusted const&, Adjusted const&) = default;
};
BOOST_DESCRIBE_STRUCT(Adjusted, (),
                      (sku, location, delta, reason, fills, note, counted, transfer_id))
static_assert(describes_every_field<Adjusted>());

/// Available has come down to the warning level. It may be negative: safety stock in use.
struct RanLow {
    Sku sku;
    Location location;
    std::int64_t available{0};
    friend bool operator==(RanLow const&, RanLow const&) = default;
};
BOOST_DESCRIBE_STRUCT(RanLow, (), (sku, location, available))
static_assert(describes_every_field<RanLow>());

/// `low_at` 0 warns never.
struct PolicySet {
    Count safety;
    Count backorder_max;
    Count low_at;
    friend bool operator==(PolicySet const&, PolicySet const&) = default;
};
BOOST_DESCRIBE_STRUCT(PolicySet, (), (safety, backorder_max, low_at))
static_assert(describes_every_field<PolicySet>());

struct Reserved {
    ReservationId reservation_id;
    Count reserved;
    Count backordered;
    friend bool operator==(Reserved const&, Reserved const&) = default;
};
BOOST_DESCRIBE_STRUCT(Reserved, (), (reservation_id, reserved, backordered))
static_assert(describes_every_field<Reserved>());

struct Released {
    ReservationId reservation_id;
    Count reserved;
    Count backordered;
    Fills fills;
    friend bool operator==(Released const&, Released const&) = default;
};
BOOST_DESCRIBE_STRUCT(Released, (), (reservation_id, reserved, backordered, fills))
static_assert(describes_every_field<Released>());

struct Issued {
    ReservationId reservation_id;
    FulfilmentId fulfilment_id;
    Quantity quantity;
    friend bool operator==(Issued const&, Issued const&) = default;
};
BOOST_DESCRIBE_STRUCT(Issued, (), (reservation_id, fulfilment_id, quantity))
static_assert(describes_every_field<Issued>());

/// Units came back from a buyer; only in condition `restock` do they go on the shelf.
struct Restocked {
    OrderId order_id;
    ReturnId return_id;
    Quantity quantity;
    ItemCondition condition{ItemCondition::restock};
    Fills fills{};
    friend bool operator==(Restocked const&, Restocked const&) = default;
};
BOOST_DESCRIBE_STRUCT(Restocked, (), (order_id, return_id, quantity, condition, fills))
static_assert(describes_every_field<Restocked>());

/// Backorders beyond the first 40 get the units that are already there.
struct BackordersFilled {
    Fills fills;
    friend bool operator==(BackordersFilled const&, BackordersFilled const&) = default;
};
BOOST_DESCRIBE_STRUCT(BackordersFilled, (), (fills))
static_assert(describes_every_field<BackordersFilled>());

using Event = std::variant<Received, Adjusted, RanLow, PolicySet, Reserved, Released, Issued,
                           Restocked, BackordersFilled>;

} // namespace kontor::stock

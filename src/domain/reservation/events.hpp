#pragma once

/// What happened to all promises of one order: held until paid, then confirmed, or given back.
/// Field names are the JSON format and their sequence is the binary one: a stored fact changes only
/// by an optional field added at its end.
/// Source: DOMAIN sections 5 and 10.

#include "domain/values/ids.hpp"
#include "domain/values/lines.hpp"

#include "base/describe.hpp"
#include "base/instant.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace kontor::reservation {

/// Units of one SKU promised at one location: `K` of the event catalogue is a list of these.
struct Item {
    Sku sku;
    Location location;
    Count reserved;
    Count backordered;
    friend bool operator==(Item const&, Item const&) = default;
};
BOOST_DESCRIBE_STRUCT(Item, (), (sku, location, reserved, backordered))
static_assert(describes_every_field<Item>());

using Items = std::vector<Item>;

/// Why promises were given back. Stored as its number: only ever added to.
enum class ReleaseReason : std::uint8_t {
    order_rejected = 1,
    order_expired = 2,
    order_cancelled = 3,
    edit_abandoned = 4,
    superseded = 5,
    settled = 6
};
BOOST_DESCRIBE_ENUM(ReleaseReason, order_rejected, order_expired, order_cancelled, edit_abandoned,
                    superseded, settled)

/// An order of many SKUs is held in parts, 40 at a time; it is held when the last part is.
struct Held {
    OrderId order_id;
    std::uint16_t attempt{1};
    Items items;
    Instant expires_at;
    std::uint16_t part{1};
    std::uint16_t parts{1};
    friend bool operator==(Held const&, Held const&) = default;
};
BOOST_DESCRIBE_STRUCT(Held, (), (order_id, attempt, items, expires_at, part, parts))
static_assert(describes_every_field<Held>());

struct Rejected {
    OrderId order_id;
    std::uint16_t attempt{1};
    std::vector<Shortage> shortages;
    friend bool operator==(Rejected const&, Rejected const&) = default;
};
BOOST_DESCRIBE_STRUCT(Rejected, (), (order_id, attempt, shortages))
static_assert(describes_every_field<Rejected>());

struct Extended {
    Instant expires_at;
    friend bool operator==(Extended const&, Extended const&) = default;
};
BOOST_DESCRIBE_STRUCT(Extended, (), (expires_at))
static_assert(describes_every_field<Extended>());

struct Confirmed {
    OrderId order_id;
    friend bool operator==(Confirmed const&, Confirmed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Confirmed, (), (order_id))
static_assert(describes_every_field<Confirmed>());

/// `items` are the units given back: those that had not left. Empty when nothing was held yet.
struct Released {
    OrderId order_id;
    Items items;
    std::optional<ReleaseReason> reason{};
    friend bool operator==(Released const&, Released const&) = default;
};
BOOST_DESCRIBE_STRUCT(Released, (), (order_id, items, reason))
static_assert(describes_every_field<Released>());

struct Expired {
    OrderId order_id;
    Items items;
    std::optional<ReleaseReason> reason{};
    friend bool operator==(Expired const&, Expired const&) = default;
};
BOOST_DESCRIBE_STRUCT(Expired, (), (order_id, items, reason))
static_assert(describes_every_field<Expired>());

/// Backordered units came in: `items` are those that changed, as they are promised from now on.
struct Filled {
    OrderId order_id;
    Items items;
    std::optional<ReleaseReason> reason{};
    friend bool operator==(Filled const&, Filled const&) = default;
};
BOOST_DESCRIBE_STRUCT(Filled, (), (order_id, items, reason))
static_assert(describes_every_field<Filled>());

using Event = std::variant<Held, Rejected, Extended, Confirmed, Released, Expired, Filled>;

} // namespace kontor::reservation

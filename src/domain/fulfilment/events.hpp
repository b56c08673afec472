#pragma once

/// What happened to one parcel: packed, handed over, brought, or brought back.
/// Field names are the JSON format and their sequence is the binary one: a stored fact changes only
/// by an optional field added at its end.
/// Source: DOMAIN sections 7 and 10.

#include "domain/values/ids.hpp"
#include "domain/values/lines.hpp"
#include "domain/values/personal.hpp"

#include "base/describe.hpp"
#include "base/inline_text.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::fulfilment {

/// Who brings it: "demo", "dhl".
using Carrier = InlineText<31>;

/// Units of one line in the parcel.
struct Line {
    LineNumber line;
    Sku sku;
    Quantity quantity;
    friend bool operator==(Line const&, Line const&) = default;
};
BOOST_DESCRIBE_STRUCT(Line, (), (line, sku, quantity))
static_assert(describes_every_field<Line>());

using Lines = std::vector<Line>;

/// Why a parcel waits or will never leave. Stored as its number: only ever added to.
enum class HoldReason : std::uint8_t {
    order_edit = 1,
    in_review = 2,
    operator_ = 3,
    order_cancelled = 4,
    lines_cancelled = 5,
    stock_missing = 6
};
BOOST_DESCRIBE_ENUM(HoldReason, order_edit, in_review, operator_, order_cancelled, lines_cancelled,
                    stock_missing)

/// Why a parcel did not reach the buyer. Stored as its number: only ever added to.
enum class DeliveryReason : std::uint8_t {
    nobody_home = 1,
    address_unknown = 2,
    refused = 3,
    not_collected = 4,
    damaged = 5,
    other = 6
};
BOOST_DESCRIBE_ENUM(DeliveryReason, nobody_home, address_unknown, refused, not_collected, damaged,
                    other)

struct Created {
    OrderId order_id;
    Location location;
    Lines lines;
    Instant ship_by;
    friend bool operator==(Created const&, Created const&) = default;
};
BOOST_DESCRIBE_STRUCT(Created, (), (order_id, location, lines, ship_by))
static_assert(describes_every_field<Created>());

struct Held {
    OrderId order_id;
    HoldReason reason{HoldReason::operator_};
    friend bool operator==(Held const&, Held const&) = default;
};
BOOST_DESCRIBE_STRUCT(Held, (), (order_id, reason))
static_assert(describes_every_field<Held>());

struct Resumed {
    OrderId order_id;
    HoldReason reason{HoldReason::operator_};
    friend bool operator==(Resumed const&, Resumed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Resumed, (), (order_id, reason))
static_assert(describes_every_field<Resumed>());

struct Cancelled {
    OrderId order_id;
    HoldReason reason{HoldReason::order_cancelled};
    friend bool operator==(Cancelled const&, Cancelled const&) = default;
};
BOOST_DESCRIBE_STRUCT(Cancelled, (), (order_id, reason))
static_assert(describes_every_field<Cancelled>());

struct Dispatched {
    OrderId order_id;
    Carrier carrier;
    Personal<std::string> tracking;
    Lines lines;
    friend bool operator==(Dispatched const&, Dispatched const&) = default;
};
BOOST_DESCRIBE_STRUCT(Dispatched, (), (order_id, carrier, tracking, lines))
static_assert(describes_every_field<Dispatched>());

struct Delivered {
    OrderId order_id;
    Instant at;
    friend bool operator==(Delivered const&, Delivered const&) = default;
};
BOOST_DESCRIBE_STRUCT(Delivered, (), (order_id, at))
static_assert(describes_every_field<Delivered>());

struct DeliveryFailed {
    OrderId order_id;
    std::uint16_t attempt{1};
    DeliveryReason reason{DeliveryReason::other};
    friend bool operator==(DeliveryFailed const&, DeliveryFailed const&) = default;
};
BOOST_DESCRIBE_STRUCT(DeliveryFailed, (), (order_id, attempt, reason))
static_assert(describes_every_field<DeliveryFailed>());

struct ReturnedToSender {
    OrderId order_id;
    std::uint16_t attempt{1};
    DeliveryReason reason{DeliveryReason::other};
    friend bool operator==(ReturnedToSender const&, ReturnedToSender const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReturnedToSender, (), (order_id, attempt, reason))
static_assert(describes_every_field<ReturnedToSender>());

using Event = std::variant<Created, Held, Resumed, Cancelled, Dispatched, Delivered, DeliveryFailed,
                           ReturnedToSender>;

} // namespace kontor::fulfilment

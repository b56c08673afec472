#pragma once

/// What happened to one coupon code.
/// Field names are the JSON format and their sequence is the binary one: a stored fact changes only
/// by an optional field added at its end.
/// Source: DOMAIN sections 3 and 10.

#include "domain/values/ids.hpp"
#include "domain/values/money.hpp"
#include "domain/values/names.hpp"
#include "domain/values/quantity.hpp"

#include "base/describe.hpp"
#include "base/instant.hpp"

#include <optional>
#include <variant>

namespace kontor::coupon {

/// Either a share (`bp`) or an `amount` off the goods. Valid from `from` until just before `until`.
struct Issued {
    CouponCode code;
    Instant from;
    Instant until;
    Count uses;
    std::optional<BasisPoints> bp{};
    std::optional<Money> amount{};
    std::optional<Money> minimum{};
    friend bool operator==(Issued const&, Issued const&) = default;
};
BOOST_DESCRIBE_STRUCT(Issued, (), (code, from, until, uses, bp, amount, minimum))
static_assert(describes_every_field<Issued>());

struct Used {
    CouponCode code;
    OrderId order_id;
    friend bool operator==(Used const&, Used const&) = default;
};
BOOST_DESCRIBE_STRUCT(Used, (), (code, order_id))
static_assert(describes_every_field<Used>());

struct GivenBack {
    CouponCode code;
    OrderId order_id;
    friend bool operator==(GivenBack const&, GivenBack const&) = default;
};
BOOST_DESCRIBE_STRUCT(GivenBack, (), (code, order_id))
static_assert(describes_every_field<GivenBack>());

using Event = std::variant<Issued, Used, GivenBack>;

} // namespace kontor::coupon

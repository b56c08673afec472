#pragma once

/// What is derived of an order and never stored: what is due, the labels that people see, and the
/// number that they read to each other.   Source: DOMAIN section 4.

#include "domain/order/state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::order {

/// Total less cancelled value less refunds granted for returns, goodwill and shipping; nothing when
/// the order did not come about.   Requires: there is an order.
Money due(State const& state);

/// What the payments of an order add up to.
struct PaymentSums {
    Money authorised;
    Money captured;
    Money refunded;
};

enum class PaymentLabel : std::uint8_t { unpaid, authorised, part_paid, paid, overpaid, refunded };
BOOST_DESCRIBE_ENUM(PaymentLabel, unpaid, authorised, part_paid, paid, overpaid, refunded)
/// An order that costs nothing is paid; where nothing is due for another reason, nobody paid.
PaymentLabel payment_label(Money total, Money due, PaymentSums const& sums);

/// How far the units got that were not cancelled. The furthest thing counts that happened to any.
enum class FulfilmentLabel : std::uint8_t {
    none,
    part_shipped,
    shipped,
    part_delivered,
    delivered,
    part_returned,
    returned
};
BOOST_DESCRIBE_ENUM(FulfilmentLabel, none, part_shipped, shipped, part_delivered, delivered,
                    part_returned, returned)

/// How many units got how far; `wanted` are those that were not cancelled.
struct UnitSums {
    std::uint64_t wanted{0};
    std::uint64_t shipped{0};
    std::uint64_t delivered{0};
    std::uint64_t returned{0};
};

/// Of the counts that are kept for each line, here or in a read model.
template <class Lines>
UnitSums sum_units(Lines const& lines) {
    UnitSums sums;
    for (auto const& line : lines) {
        sums.wanted += line.ordered - line.cancelled;
        sums.shipped += line.shipped;
        sums.delivered += line.delivered;
        sums.returned += line.returned;
    }
    return sums;
}

FulfilmentLabel fulfilment_label(UnitSums const& units);
/// Requires: there is an order.
FulfilmentLabel fulfilment_label(State const& state);

/// "K7QM-2F9T": 40 of the id's random bits in Crockford's base 32.
std::string order_number(OrderId id);
/// These bits. Two orders may share them: where a number is looked up, all that have it are found.
std::uint64_t order_number_bits(OrderId id);
/// Reads a number as people write it: in any case, O for 0, I and L for 1. The hyphen tells it from
/// a word. Empty: it is none.
/// Source: D. Crockford, "Base 32", on decoding.
std::optional<std::uint64_t> parse_order_number(std::string_view text);

} // namespace kontor::order

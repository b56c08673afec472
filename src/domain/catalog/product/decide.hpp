#pragma once

/// The rules of one SKU of the catalogue. Every command repeated on its own outcome changes
/// nothing, so that a list of products read twice is read once.
/// Source: DOMAIN section 3.

#include "domain/catalog/product/state.hpp"

#include "domain/values/context.hpp"

#include "base/shapes.hpp"

namespace kontor::product {

enum class Rejection : std::uint8_t {
    unknown_sku,
    sku_exists, ///< with another description
    title_missing,
    kind_fixed,   ///< goods stay goods: stock and open orders rest on it
    bad_parent,   ///< a variant of itself
    bad_amount,   ///< a price below zero
    price_exceeds ///< a price that no order could carry
};
BOOST_DESCRIBE_ENUM(Rejection, unknown_sku, sku_exists, title_missing, kind_fixed, bad_parent,
                    bad_amount, price_exceeds)

using Decision = DecisionOf<Event, Rejection>;

/// The largest list price, in minor units: what an order's total may be.
inline constexpr std::int64_t price_max = 1'000'000'000'000;

/// Errors: sku_exists, title_missing, bad_parent.
Decision decide(State const& state, Add const& command, Context const& context);
/// Errors: unknown_sku, title_missing, kind_fixed, bad_parent.
Decision decide(State const& state, Change const& command, Context const& context);
/// Errors: unknown_sku, bad_amount, price_exceeds.
Decision decide(State const& state, SetPrice const& command, Context const& context);
/// Errors: unknown_sku.
Decision decide(State const& state, Withdraw const& command, Context const& context);
/// Errors: unknown_sku.
Decision decide(State const& state, Restore const& command, Context const& context);

} // namespace kontor::product

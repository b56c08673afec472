#pragma once

/// Tax on several costs at once, by the order's own rounding policy.

#include "domain/order/terms.hpp"

#include <span>
#include <vector>

namespace kontor::pricing {

/// What something costs, with its tax or without it as the policy says, and the rate.
struct TaxedCost {
    Money cost;
    BasisPoints rate;
};

/// Each cost as net value and tax, in the same sequence. On the level `line` each is rounded by
/// itself; on the level `order` the tax of each rate is rounded once, on the sum, and allocated.
/// Shape: net + tax is the cost when tax is included; net is the cost when it is not.
/// Requires: no cost is negative, one currency.   Source: DOMAIN section 2.
std::vector<NetTax> taxed(std::span<TaxedCost const> costs, order::RoundingPolicy const& policy);

} // namespace kontor::pricing

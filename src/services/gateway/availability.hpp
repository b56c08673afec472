#pragma once

/// Whether a product can be had, as everybody is told: a few are counted, many are not.

#include "services/gateway/answers.hpp"

namespace kontor::services::gateway {

/// Fewer than so many are shown as a number.
inline constexpr std::int64_t few_units = 5;

/// `left` can be had at once, `beyond` may be ordered before it comes.
inline AvailabilityAnswer availability_of(std::int64_t left, std::int64_t beyond) {
    if (left > few_units)
        return {Availability::available, {}};
    if (left > 0)
        return {Availability::low, left};
    return {beyond > 0 ? Availability::backorder : Availability::sold_out, {}};
}

} // namespace kontor::services::gateway

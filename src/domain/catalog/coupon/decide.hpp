#pragma once

/// The rules of one coupon code: inside its window, above its minimum, as often as it says, once an
/// order. Every command repeated on its own outcome changes nothing.
/// Source: DOMAIN section 3.

#include "domain/catalog/coupon/commands.hpp"
#include "domain/catalog/coupon/state.hpp"

#include "domain/values/context.hpp"

#include "base/shapes.hpp"

namespace kontor::coupon {

enum class Rejection : std::uint8_t {
    unknown_code,
    code_exists, ///< with other terms
    bad_terms,   ///< no discount or two, no use, no window, or amounts not above zero
    currency_mixed,
    not_yet_valid,
    no_longer_valid,
    used_up,
    below_minimum
};
BOOST_DESCRIBE_ENUM(Rejection, unknown_code, code_exists, bad_terms, currency_mixed, not_yet_valid,
                    no_longer_valid, used_up, below_minimum)

using Decision = DecisionOf<Event, Rejection>;

/// Errors: code_exists, bad_terms, currency_mixed.
Decision decide(State const& state, Issue const& command, Context const& context);
/// Errors: unknown_code, not_yet_valid, no_longer_valid, used_up, currency_mixed, below_minimum.
Decision decide(State const& state, Use const& command, Context const& context);
/// Errors: none; what was not used cannot come back.
Decision decide(State const& state, GiveBack const& command, Context const& context);

} // namespace kontor::coupon

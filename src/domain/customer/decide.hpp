#pragma once

/// The rules of one customer: known once, forgotten once, and not before every order has ended.
/// Every command repeated on its own outcome changes nothing.
/// Source: DOMAIN section 11.

#include "domain/customer/state.hpp"

#include "domain/values/context.hpp"

#include "base/shapes.hpp"

namespace kontor::customer {

enum class Rejection : std::uint8_t {
    unknown_customer,
    customer_exists, ///< with another profile
    customer_erased,
    open_orders,
    open_dispute
};
BOOST_DESCRIBE_ENUM(Rejection, unknown_customer, customer_exists, customer_erased, open_orders,
                    open_dispute)

using Decision = DecisionOf<Event, Rejection>;

/// Errors: customer_exists, customer_erased.
Decision decide(State const& state, Register const& command, Context const& context);
/// Errors: unknown_customer, customer_erased.
Decision decide(State const& state, Change const& command, Context const& context);
/// Errors: unknown_customer, open_orders, open_dispute.
Decision decide(State const& state, Erase const& command, Context const& context);

} // namespace kontor::customer

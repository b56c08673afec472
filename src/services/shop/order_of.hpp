#pragma once

/// The order that a fact belongs to: most say it, the others share their command's correlation.

#include "domain/values/ids.hpp"

#include <concepts>
#include <variant>

namespace kontor::services {

template <class Fact>
OrderId order_of(Fact const& fact, OrderId correlated) {
    return std::visit(
        [&](auto const& of) {
            if constexpr (requires {
                              { of.order_id } -> std::convertible_to<OrderId>;
                          })
                return of.order_id;
            else
                return correlated;
        },
        fact);
}

} // namespace kontor::services

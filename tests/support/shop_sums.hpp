#pragma once

/// What a log says of a shop, summed up by folds of its own that know no decider.

#include "domain/values/ids.hpp"
#include "ports/event_store.hpp"

#include <vector>

namespace kontor::testing {

/// Units: pieces of goods, minor units of money.
struct ShopSums {
    std::uint64_t events{0};
    std::uint64_t placed{0};
    std::vector<OrderId> completed{}; ///< in the sequence of the log, as often as it says so
    std::int64_t total{0};            ///< of the orders placed
    std::int64_t captured{0};
    std::int64_t ordered{0};
    std::int64_t reserved{0};
    std::int64_t issued{0};

    /// Every order is complete, and units and money are what was ordered.
    bool agree() const {
        return placed == completed.size() && total == captured && issued == ordered &&
               reserved == ordered;
    }
};

/// Requires: the log can be read; it is a defect otherwise.
ShopSums sum_up(ports::EventStore& store);

} // namespace kontor::testing

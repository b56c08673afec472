#pragma once

/// What the shop makes of each row: nothing is dropped, everything gets exactly one class.

#include "services/import/table.hpp"

namespace kontor::online_retail {

/// Gives every readable row its class, the first that fits. Exact repeats stay.
/// Source: DOMAIN section 13. Beyond it: an order that no shop takes (too many lines, units or
/// pounds) is out of range as a whole, and so is a cancellation of that size.
void classify(Table& table);

} // namespace kontor::online_retail

#pragma once

/// Which purchases a cancellation undoes. The file does not say: a cancellation names customer, SKU
/// and price, but no order.

#include "services/import/plan.hpp"

namespace kontor::online_retail {

/// Fills `matches`, `goodwill` and `unmatched` of a plan that has its orders and lines, and the
/// sums of these. By time, then row, each cancellation takes units from order lines of the same
/// customer, SKU and price placed at or before, newest first by time, invoice and row, over
/// several. What remains is goodwill on the customer's orders placed at or before, newest first, up
/// to what was captured less all that is matched. The rest is unmatched.
/// Source: DOMAIN section 13.
void match_cancellations(Table const& table, Plan& plan);

} // namespace kontor::online_retail

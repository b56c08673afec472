#pragma once

/// Orders by the time in their ids, from either end.   Thread: the reader's.

#include "services/views/queries.hpp"

namespace kontor::services::views {

/// As list_orders, which begins with the newest; a page goes on behind `after` in its direction.
/// Errors: unavailable, corrupt.
Result<OrderPage> list_orders(ports::RowReader& orders, OrderFilter const& filter,
                              ports::Direction direction);

} // namespace kontor::services::views

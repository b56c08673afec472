#pragma once

/// Stock items as the API shows them.   Thread: the edge's.

#include "services/gateway/answers.hpp"
#include "services/gateway/paging.hpp"

#include "services/shop/aggregates.hpp"

namespace kontor::services::gateway {

StockItemAnswer answer_of(StockKey const& key, ports::StreamVersion version,
                          stock::Item const& item);

/// How a cursor names a stock item, and where the page before ended.   Errors:
/// cursor_invalid.
std::string item_key(views::StockItemRow const& item);
Result<std::optional<views::StockItemRow>, Trouble> item_after(PageAsked const& page);

} // namespace kontor::services::gateway

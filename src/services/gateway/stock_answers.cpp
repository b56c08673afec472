#include "services/gateway/stock_answers.hpp"

#include <algorithm>

namespace kontor::services::gateway {

StockItemAnswer answer_of(StockKey const& key, ports::StreamVersion version,
                          stock::Item const& item) {
    return {key.sku,
            key.location,
            version.value(),
            item.on_hand.value(),
            item.reserved.value(),
            item.safety.value(),
            item.available(),
            item.backordered.value(),
            item.backorder_max.value(),
            item.low_at.value()};
}

std::string item_key(views::StockItemRow const& item) {
    return std::string(item.sku.view()) + "/" + std::string(item.location.view());
}

Result<std::optional<views::StockItemRow>, Trouble> item_after(PageAsked const& page) {
    if (!page.after)
        return std::optional<views::StockItemRow>();
    auto const slash = std::min(page.after->find('/'), page.after->size());
    auto const sku = Sku::parse(page.after->substr(0, slash));
    auto const location =
        Location::parse(page.after->substr(std::min(slash + 1, page.after->size())));
    if (!sku || !location)
        return unexpected(trouble("cursor_invalid"));
    views::StockItemRow item{};
    item.sku = *sku;
    item.location = *location;
    return std::optional(std::move(item));
}

} // namespace kontor::services::gateway

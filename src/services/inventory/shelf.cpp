#include "services/inventory/shelf.hpp"

#include <algorithm>

namespace kontor::services {

Result<Shelf> find_shelf(ports::EventStore& log, std::span<Location const> locations,
                         StockKey const& key) {
    KONTOR_TRY(auto const item, log.head(StreamId::stock(key.location, key.sku)));
    if (item.value() > 0)
        return Shelf::is_there;
    KONTOR_TRY(auto const product, log.head(StreamId::product(key.sku)));
    if (product.value() == 0)
        return Shelf::unknown_sku;
    bool const is_ours =
        locations.empty() || std::ranges::find(locations, key.location) != locations.end();
    return is_ours ? Shelf::is_there : Shelf::unknown_place;
}

std::string names_of(std::span<Location const> locations) {
    std::string names;
    for (auto const& location : locations)
        names += (names.empty() ? "" : ", ") + std::string(location.view());
    return names;
}

} // namespace kontor::services

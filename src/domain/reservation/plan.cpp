#include "domain/reservation/plan.hpp"

#include "base/assert.hpp"

namespace kontor::reservation {

std::vector<Demand> sum_by_sku(std::span<Wanted const> lines) {
    std::vector<Demand> demands;
    demands.reserve(lines.size());
    for (auto const& [sku, quantity] : lines)
        demands.push_back({sku, quantity});
    std::ranges::sort(demands, {}, &Demand::sku);
    std::size_t kept = 0;
    for (std::size_t each = 1; each < demands.size(); ++each) {
        if (demands[each].sku == demands[kept].sku)
            demands[kept].units += demands[each].units;
        else
            demands[++kept] = demands[each];
    }
    if (!demands.empty())
        demands.resize(kept + 1);
    return demands;
}

Item promise_from(Offered const& offered, Demand const& demand, Location const& location) {
    KONTOR_ASSERT(demand.units <= offered.units(), "{} units are asked of {}", demand.units.value(),
                  offered.units().value());
    auto const reserved = std::min(demand.units, offered.on_shelf);
    return {demand.sku, location, reserved, demand.units - reserved};
}

Items items_after_fill(Items const& promised, Location const& location, Sku const& sku,
                       Quantity quantity) {
    for (auto item : promised) {
        if (item.sku != sku || item.location != location || item.backordered < Count(quantity))
            continue;
        item.reserved += quantity;
        item.backordered -= quantity;
        return {item};
    }
    return {};
}

} // namespace kontor::reservation

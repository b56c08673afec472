#pragma once

/// Plans for the compounds of a reservation: what to promise where, what to give back, what a
/// filled backorder changes. Pure; the caller brings views of the stock items as plain values and
/// makes one stock command of each item of a plan. The desk plans and decides in one step, so a
/// plan is true when it is decided; elsewhere the stock item refuses one that is not
/// (`plan_outdated`).
/// Source: DOMAIN section 5.

#include "domain/reservation/events.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <concepts>
#include <span>
#include <vector>

namespace kontor::reservation {

/// Units that one line of an order wants. Several lines may want the same SKU.
struct Wanted {
    Sku sku;
    Quantity quantity;
};

/// All that the lines want of one SKU.
struct Demand {
    Sku sku;
    Count units;
    friend bool operator==(Demand const&, Demand const&) = default;
};

/// What one stock item can promise: units on the shelf first, then units beyond it.
struct Offered {
    Count on_shelf;
    Count beyond_shelf;
    Count units() const { return on_shelf + beyond_shelf; }
};

/// What one stock item still owes to the reservation.
struct Owed {
    Count reserved;
    Count backordered;
};

template <class F>
concept OfferView = std::is_invocable_r_v<Offered, F, Location const&, Sku const&>;
template <class F>
concept OwedView = std::is_invocable_r_v<Owed, F, Location const&, Sku const&>;

using Shortages = std::vector<Shortage>;

/// Sums the lines by SKU, ascending. Two lines of the last unit would each look possible alone.
std::vector<Demand> sum_by_sku(std::span<Wanted const> lines);

/// The demand from the shelf as far as it goes, the rest beyond it.   Requires: it can be served.
Item promise_from(Offered const& offered, Demand const& demand, Location const& location);

/// Promises all lines or none: from the first location by rank that serves them all, else each SKU,
/// unsplit, from the first that serves it.
/// Shape:  one item for each SKU, ascending by SKU.
/// Errors: all shortages; `sellable` is the most that one location could promise.
template <OfferView View>
Result<Items, Shortages> plan_hold(std::span<Wanted const> lines, std::span<Location const> by_rank,
                                   View const& offer_of) {
    auto const demands = sum_by_sku(lines);
    Items items;
    items.reserve(demands.size());
    for (auto const& location : by_rank) {
        items.clear();
        for (auto const& demand : demands) {
            Offered const offered = offer_of(location, demand.sku);
            if (offered.units() < demand.units)
                break;
            items.push_back(promise_from(offered, demand, location));
        }
        if (items.size() == demands.size())
            return items;
    }
    items.clear();
    Shortages shortages;
    for (auto const& demand : demands) {
        Count most;
        auto const server = std::ranges::find_if(by_rank, [&](Location const& location) {
            Offered const offered = offer_of(location, demand.sku);
            most = std::max(most, offered.units());
            if (offered.units() < demand.units)
                return false;
            items.push_back(promise_from(offered, demand, location));
            return true;
        });
        if (server == by_rank.end())
            shortages.push_back({demand.sku, demand.units, most});
    }
    if (!shortages.empty())
        return unexpected(std::move(shortages));
    return items;
}

/// What giving back a reservation gives back: the units that have not left, item by item.
template <OwedView View>
Items plan_release(Items const& promised, View const& owed_at) {
    Items items;
    for (auto const& item : promised) {
        Owed const owed = owed_at(item.location, item.sku);
        if ((owed.reserved + owed.backordered).value() > 0)
            items.push_back({item.sku, item.location, owed.reserved, owed.backordered});
    }
    return items;
}

/// The promised item after `quantity` of its backordered units came in: for reservation::Fill.
/// Empty when the reservation awaits no such units there.
Items items_after_fill(Items const& promised, Location const& location, Sku const& sku,
                       Quantity quantity);

} // namespace kontor::reservation

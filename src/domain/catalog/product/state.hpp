#pragma once

/// What the facts of one SKU of the catalogue add up to. Source: DOMAIN section 3.

#include "domain/catalog/product/commands.hpp"

namespace kontor::product {

struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

/// A list price and the moment it holds from.
struct ListPrice {
    Money price;
    Instant from;
    friend bool operator==(ListPrice const&, ListPrice const&) = default;
};

struct Listed {
    Description description;
    std::vector<ListPrice> prices{}; ///< one for each currency and moment
    bool withdrawn{false};
    friend bool operator==(Listed const&, Listed const&) = default;
};

using State = std::variant<Nothing, Listed>;

State initial();
/// Never: what was withdrawn may be restored.
bool is_terminal(State const& state);

State evolve(State state, Added const& event);
State evolve(State state, Changed const& event);
State evolve(State state, PriceSet const& event);
State evolve(State state, Withdrawn const& event);
State evolve(State state, Restored const& event);

/// The list price in this currency at this moment: of the prices that hold already, the latest.
/// Absent when none holds: then the SKU is not sold in it.
std::optional<Money> price_at(State const& state, Currency currency, Instant now);

/// Whether it is sold at this moment in this currency.
bool is_sellable(State const& state, Currency currency, Instant now);

} // namespace kontor::product

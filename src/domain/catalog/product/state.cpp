#include "domain/catalog/product/state.hpp"

#include "base/assert.hpp"

namespace kontor::product {

namespace {

Listed& listed_in(State& state) {
    auto* const listed = std::get_if<Listed>(&state);
    KONTOR_ASSERT(listed != nullptr, "a fact about a product that nobody added");
    return *listed;
}

template <class Fact>
Description description_of(Fact const& fact) {
    return {fact.kind, fact.title,    fact.tax_class, fact.attributes, fact.images,
            fact.text, fact.category, fact.weight_g,  fact.parent};
}

} // namespace

State initial() {
    return Nothing{};
}

bool is_terminal(State const&) {
    return false;
}

State evolve([[maybe_unused]] State state, Added const& event) {
    KONTOR_ASSERT(std::holds_alternative<Nothing>(state), "added twice");
    return Listed{description_of(event)};
}

State evolve(State state, Changed const& event) {
    listed_in(state).description = description_of(event);
    return state;
}

State evolve(State state, PriceSet const& event) {
    auto& prices = listed_in(state).prices;
    ListPrice const set{event.price, event.from.value_or(Instant{})};
    std::erase_if(prices, [&](ListPrice const& earlier) {
        return earlier.price.currency() == set.price.currency() && earlier.from == set.from;
    });
    prices.push_back(set);
    return state;
}

State evolve(State state, Withdrawn const&) {
    listed_in(state).withdrawn = true;
    return state;
}

State evolve(State state, Restored const&) {
    listed_in(state).withdrawn = false;
    return state;
}

std::optional<Money> price_at(State const& state, Currency currency, Instant now) {
    auto const* const listed = std::get_if<Listed>(&state);
    if (listed == nullptr)
        return std::nullopt;
    ListPrice const* latest = nullptr;
    for (auto const& each : listed->prices)
        if (each.price.currency() == currency && each.from <= now &&
            (latest == nullptr || each.from > latest->from))
            latest = &each;
    return latest == nullptr ? std::nullopt : std::optional(latest->price);
}

bool is_sellable(State const& state, Currency currency, Instant now) {
    auto const* const listed = std::get_if<Listed>(&state);
    return listed != nullptr && !listed->withdrawn && price_at(state, currency, now).has_value();
}

} // namespace kontor::product

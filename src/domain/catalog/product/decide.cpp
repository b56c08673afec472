#include "domain/catalog/product/decide.hpp"

#include <algorithm>

namespace kontor::product {

namespace {

Decision nothing_happens() {
    return Events<Event>{};
}

Result<Listed const*, Rejection> listed_in(State const& state) {
    if (auto const* const listed = std::get_if<Listed>(&state))
        return listed;
    return unexpected(Rejection::unknown_sku);
}

Result<void, Rejection> check_description(Sku const& sku, Description const& description) {
    if (description.title.empty())
        return unexpected(Rejection::title_missing);
    if (description.parent == sku)
        return unexpected(Rejection::bad_parent);
    return {};
}

template <class Fact>
Fact describe(Sku const& sku, Description const& description) {
    return {sku,
            description.kind,
            description.title,
            description.tax_class,
            description.attributes,
            description.images,
            description.text,
            description.category,
            description.weight_g,
            description.parent};
}

} // namespace

Decision decide(State const& state, Add const& command, Context const&) {
    if (auto const* const listed = std::get_if<Listed>(&state)) {
        if (listed->description != command.description)
            return unexpected(Rejection::sku_exists);
        return nothing_happens();
    }
    KONTOR_TRY(check_description(command.sku, command.description));
    return facts<Event>(describe<Added>(command.sku, command.description));
}

Decision decide(State const& state, Change const& command, Context const&) {
    KONTOR_TRY(auto const* const listed, listed_in(state));
    KONTOR_TRY(check_description(command.sku, command.description));
    if (listed->description.kind != command.description.kind)
        return unexpected(Rejection::kind_fixed);
    if (listed->description == command.description)
        return nothing_happens();
    return facts<Event>(describe<Changed>(command.sku, command.description));
}

Decision decide(State const& state, SetPrice const& command, Context const& context) {
    KONTOR_TRY(auto const* const listed, listed_in(state));
    if (command.price.is_negative())
        return unexpected(Rejection::bad_amount);
    if (command.price.minor() > price_max)
        return unexpected(Rejection::price_exceeds);
    auto const from = command.from.value_or(context.now);
    bool const is_known = command.from
                              ? std::ranges::find(listed->prices, ListPrice{command.price, from}) !=
                                    listed->prices.end()
                              : price_at(state, command.price.currency(), from) == command.price;
    if (is_known)
        return nothing_happens();
    return facts<Event>(PriceSet{command.sku, command.price, from});
}

Decision decide(State const& state, Withdraw const& command, Context const&) {
    KONTOR_TRY(auto const* const listed, listed_in(state));
    if (listed->withdrawn)
        return nothing_happens();
    return facts<Event>(Withdrawn{command.sku, command.reason});
}

Decision decide(State const& state, Restore const& command, Context const&) {
    KONTOR_TRY(auto const* const listed, listed_in(state));
    if (!listed->withdrawn)
        return nothing_happens();
    return facts<Event>(Restored{command.sku, command.reason});
}

} // namespace kontor::product

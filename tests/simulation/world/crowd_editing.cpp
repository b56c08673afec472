/// How people change an order that is confirmed: they open an edit, and say within minutes what
/// they want, or think better of it, or forget it.

#include "tests/simulation/world/crowd.hpp"

namespace kontor::simulation {
namespace {

using OnOrder = services::On<services::Orders>;

} // namespace

void Crowd::wish_to_edit(OrderId order) {
    if (!edit_dice_.chance(1, 4))
        return;
    auto const minutes = Duration::minutes(edit_dice_.between(0, 300));
    at(clock_.now() + minutes, [this, order] {
        Actor const editor{ActorKind::customer, InlineText<31>("editor")};
        ask(order, ActorKind::customer,
            services::Compound{{OnOrder{order, order::OpenEdit{editor}}}});
    });
}

void Crowd::edit(OrderId order) {
    auto const after = Duration::seconds(edit_dice_.between(1, 2'400));
    auto const lot = edit_dice_.below(10);
    if (lot == 0)
        return;
    at(clock_.now() + after, [this, order, lot] {
        if (lot == 1)
            ask(order, ActorKind::customer,
                services::Compound{{OnOrder{order, order::AbandonEdit{"as it was, please"}}}});
        else
            ask(order, ActorKind::customer,
                services::AdvanceCheckout{order, lot < 6 ? draw_more(order) : draw_less(order)});
    });
}

/// A line more, which must be paid.
checkout::EditAsked Crowd::draw_more(OrderId order) {
    auto line = orders_[order].lines.front();
    auto const units = edit_dice_.between(1, 3);
    auto const price = Money::of(edit_dice_.between(1, 2'000), line.unit_price.currency());
    line.line = {};
    line.sku = skus_[edit_dice_.below(skus_.size())];
    line.quantity = Quantity::of(units);
    line.unit_price = price;
    line.value = {Money::of(price.minor() * units, price.currency()),
                  Money::zero(price.currency())};
    return {{line}, {}, line.value.gross()};
}

/// A unit less of a line. How much less that costs the order itself finds; here it is only less.
checkout::EditAsked Crowd::draw_less(OrderId order) {
    auto const& lines = orders_[order].lines;
    auto const& line = lines[edit_dice_.below(lines.size())];
    return {{}, {{line.line, Quantity::of(1)}}, Money::of(-1, line.unit_price.currency())};
}

} // namespace kontor::simulation

#include "services/shop/order_of.hpp"
#include "services/shop/shop.hpp"

namespace kontor::services {
namespace {

using ShopTurn = commands::Turn<Shop>;

/// Whom an order is about: its customer, else nobody but itself.
Id128 person_of_order(ShopTurn& turn, OrderId id) {
    auto const* const book = order::book_of(turn.state<Orders>(id));
    return book != nullptr && book->customer_id ? book->customer_id->value() : id.value();
}

Id128 person_of(ShopTurn&, CustomerId id, customer::Event const&) {
    return id.value();
}

Id128 person_of(ShopTurn& turn, OrderId id, order::Event const& fact) {
    auto const* const placed = std::get_if<order::Placed>(&fact);
    if (placed == nullptr)
        return person_of_order(turn, id);
    return placed->customer_id ? placed->customer_id->value() : id.value();
}

Id128 person_of(ShopTurn& turn, auto const&, auto const& fact) {
    return person_of_order(turn, order_of(fact, OrderId(turn.context().correlation_id)));
}

/// An order without a customer is a person of its own, and begins with this fact.
sealing::Seen seen_before(order::Event const& fact) {
    auto const* const placed = std::get_if<order::Placed>(&fact);
    return placed != nullptr && !placed->customer_id ? sealing::Seen::never
                                                     : sealing::Seen::perhaps;
}

sealing::Seen seen_before(auto const&) {
    return sealing::Seen::perhaps;
}

} // namespace

Result<void> Shop::prepare(commands::Turn<Shop>& turn) const {
    if (sealer == nullptr)
        return {};
    sealer->begin();
    Result<void> planned;
    turn.for_each_fact([&]<class A>(commands::KeyOf<A> const& key, commands::EventOf<A> const& fact,
                                    std::uint32_t index) {
        if constexpr (codec::has_personal_facts<commands::EventOf<A>>) {
            if (planned && codec::has_clear_fields(fact))
                planned = sealer->plan(index, person_of(turn, key, fact), seen_before(fact));
        }
    });
    return planned;
}

} // namespace kontor::services

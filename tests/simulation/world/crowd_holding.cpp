/// How an operator lays things aside at the counter, for an order that never comes: no process
/// leads it, so that nobody but inventory gives the units back. Some are given back by hand, often
/// just when the time is over.

#include "tests/simulation/world/crowd.hpp"

namespace kontor::simulation {

void Crowd::plan_holds() {
    for (auto more = counter_dice_.below(5); more > 0; --more)
        at(clock_.now() +
               Duration::microseconds(counter_dice_.between(1, plan_.load.in_microseconds())),
           [this] { hold_at_the_counter(); });
}

void Crowd::hold_at_the_counter() {
    auto const order = OrderId::mint(clock_.now(), counter_dice_);
    auto const id = derive_id<ReservationId>(order, "counter");
    auto const lasts = Duration::minutes(counter_dice_.between(1, 90));
    services::ReserveOrder hold{id, order, 1, {}, plan_.locations, clock_.now() + lasts};
    for (auto skus = counter_dice_.between(1, 2); skus > 0; --skus)
        hold.wanted.push_back(
            {skus_[counter_dice_.below(skus_.size())], Quantity::of(counter_dice_.between(1, 2))});
    ask(order, ActorKind::operator_, hold);
    chaos_.reached("hold.without_order");
    if (!counter_dice_.chance(1, 3))
        return;
    auto const early = Duration::milliseconds(counter_dice_.between(-1'000, 1'000));
    at(clock_.now() + lasts + early, [this, order, id] {
        ask(order, ActorKind::operator_,
            services::ReleaseReservation{id, order, reservation::ReleaseReason::order_cancelled});
    });
}

} // namespace kontor::simulation

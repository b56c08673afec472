/// Units that are carried from one location to another.

#include "tests/simulation/world/crowd.hpp"

namespace kontor::simulation {

/// In some worlds goods are carried about.
void Crowd::plan_moves() {
    if (plan_.locations.size() < 2 || !move_dice_.chance(1, 3))
        return;
    for (auto const& sku : skus_)
        for (auto more = move_dice_.between(2, 6); more > 0; --more)
            at(clock_.now() +
                   Duration::microseconds(move_dice_.between(0, plan_.load.in_microseconds())),
               [this, sku] { move_units(sku); });
}

/// From anywhere to anywhere else; now and then the same move is asked for again later, by somebody
/// who knows nothing of the first command.
void Crowd::move_units(Sku const& sku) {
    auto const& places = plan_.locations;
    auto const from = move_dice_.below(places.size());
    auto const to = (from + 1 + move_dice_.below(places.size() - 1)) % places.size();
    services::TransferStock const move{{places[from], sku},
                                       places[to],
                                       Quantity::of(move_dice_.between(1, 4)),
                                       TransferId(Id128(move_dice_.below(1U << 30), ++moves_))};
    auto const wish = [this, move] { ask(OrderId(), ActorKind::operator_, move); };
    wish();
    for (auto again = move_dice_.below(3); again > 0; --again)
        at(clock_.now() +
               Duration::microseconds(move_dice_.between(0, plan_.load.in_microseconds())),
           wish);
}

} // namespace kontor::simulation

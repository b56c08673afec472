#include "services/carrier/demo_carrier.hpp"

#include "base/overloaded.hpp"

namespace kontor::services {
namespace {

enum class Fate : std::uint8_t { arrives, misses_once, comes_back };

/// One generator a parcel: seeded by its id, so that facts may be read in any sequence.
Random dice_of(FulfilmentId parcel, Random const& seed) {
    auto const id = parcel.value();
    auto shared = seed.fork("demo carrier");
    return Random(shared.next() ^ id.low() ^ (id.high() << 1));
}

struct Journey {
    Duration until_hand_over;
    Duration on_the_way;
    Duration second_way;
    Fate fate;
    Duration until_unpacked;
};

Journey journey_of(FulfilmentId parcel, Random const& seed) {
    auto dice = dice_of(parcel, seed);
    auto const between = [&](Duration least, Duration most) {
        return Duration::microseconds(
            dice.between(least.in_microseconds(), most.in_microseconds()));
    };
    Journey journey{};
    journey.until_hand_over = between(Duration::hours(1), Duration::hours(8));
    journey.on_the_way = between(Duration::days(1), Duration::days(3));
    journey.second_way = between(Duration::days(1), Duration::days(3));
    auto const lot = dice.below(1'000);
    if (lot < 5)
        journey.fate = Fate::comes_back;
    else if (lot < 25)
        journey.fate = Fate::misses_once;
    journey.until_unpacked = between(Duration::hours(1), Duration::hours(8));
    return journey;
}

} // namespace

std::optional<PlannedAct> next_act(FulfilmentId parcel, fulfilment::Event const& fact, Instant now,
                                   Random const& seed) {
    using fulfilment::DeliveryReason;
    auto const journey = journey_of(parcel, seed);
    auto const act = [&](Duration after, CarrierAct what) {
        return PlannedAct{parcel, now + after, std::move(what)};
    };
    auto const hand_over = [&] {
        return act(journey.until_hand_over, HandOver{fulfilment::Carrier("demo")});
    };
    return std::visit(
        overloaded{
            [&](fulfilment::Created const&) -> std::optional<PlannedAct> { return hand_over(); },
            [&](fulfilment::Resumed const&) -> std::optional<PlannedAct> { return hand_over(); },
            [&](fulfilment::Dispatched const&) -> std::optional<PlannedAct> {
                if (journey.fate == Fate::arrives)
                    return act(journey.on_the_way, BringToBuyer{});
                return act(journey.on_the_way, MissBuyer{1, DeliveryReason::nobody_home});
            },
            [&](fulfilment::DeliveryFailed const& failed) -> std::optional<PlannedAct> {
                if (journey.fate == Fate::comes_back)
                    return act(journey.second_way,
                               BringBack{failed.attempt, DeliveryReason::not_collected});
                return act(journey.second_way, BringToBuyer{});
            },
            [](auto const&) -> std::optional<PlannedAct> { return std::nullopt; }},
        fact);
}

PlannedAct take_in(FulfilmentId parcel, ReturnId under, Instant now, Random const& seed) {
    return {parcel, now + journey_of(parcel, seed).until_unpacked, TakeIn{under}};
}

} // namespace kontor::services

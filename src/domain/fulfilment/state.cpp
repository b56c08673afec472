#include "domain/fulfilment/state.hpp"

#include "base/assert.hpp"

#include <utility>

namespace kontor::fulfilment {

namespace {

Lines const nothing_in_it{};

Packed& packed_in(State& state) {
    auto* const packed = std::get_if<Packed>(&state);
    KONTOR_ASSERT(packed != nullptr, "the parcel is not in the house");
    return *packed;
}

UnderWay& under_way_in(State& state) {
    auto* const under_way = std::get_if<UnderWay>(&state);
    KONTOR_ASSERT(under_way != nullptr, "the carrier does not have the parcel");
    return *under_way;
}

} // namespace

State initial() {
    return Nothing{};
}

bool is_terminal(State const& state) {
    return std::holds_alternative<Closed>(state);
}

State evolve([[maybe_unused]] State state, Created const& event) {
    KONTOR_ASSERT(std::holds_alternative<Nothing>(state), "packed twice");
    return Packed{event.order_id, {}, event.lines};
}

State evolve(State state, Held const& event) {
    packed_in(state).holds.add(event.reason);
    return state;
}

State evolve(State state, Resumed const& event) {
    packed_in(state).holds.remove(event.reason);
    return state;
}

State evolve(State state, Cancelled const& event) {
    packed_in(state);
    return Closed{event.order_id, Ending::cancelled};
}

State evolve(State state, Dispatched const& event) {
    if (auto* const again = std::get_if<UnderWay>(&state)) {
        KONTOR_ASSERT(again->at_depot, "handed over twice");
        again->at_depot = false;
        return state;
    }
    auto& packed = packed_in(state);
    KONTOR_ASSERT(packed.holds.empty(), "a held parcel left");
    return UnderWay{event.order_id, 0, false, std::move(packed.lines)};
}

State evolve(State state, Delivered const& event) {
    under_way_in(state);
    return Closed{event.order_id, Ending::delivered};
}

State evolve(State state, DeliveryFailed const& event) {
    auto& under_way = under_way_in(state);
    under_way.failed_attempt = event.attempt;
    under_way.at_depot = true;
    return state;
}

State evolve(State state, ReturnedToSender const& event) {
    under_way_in(state);
    return Closed{event.order_id, Ending::returned_to_sender};
}

Lines const& contents(State const& state) {
    if (auto const* const packed = std::get_if<Packed>(&state))
        return packed->lines;
    if (auto const* const under_way = std::get_if<UnderWay>(&state))
        return under_way->lines;
    return nothing_in_it;
}

} // namespace kontor::fulfilment

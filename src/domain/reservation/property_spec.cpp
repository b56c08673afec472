// The laws of a reservation, over random histories.

#include "domain/reservation/reservation.hpp"

#include "tests/support/draw.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace kontor::reservation {
namespace {

using testing::between;

Sku const skus[] = {Sku::parse("CUP").value(), Sku::parse("PLATE").value()};
Location const main_house = Location::parse("main").value();

Items some_items() {
    Items items;
    for (auto const& sku : skus)
        if (*between(0, 3) > 0)
            items.push_back({sku, main_house, Count(*between<std::int64_t>(0, 4)),
                             Count(*between<std::int64_t>(0, 4))});
    return items;
}

Instant some_instant() {
    return Instant::from_unix_microseconds(*between<std::int64_t>(0, 20));
}

Command random_command() {
    auto const order = *testing::one_of<OrderId>(2);
    switch (*between(0, 8)) {
    case 0: {
        auto const parts = *between<std::uint16_t>(1, 4);
        return Hold{order, 1, some_items(), some_instant(), *between<std::uint16_t>(0, 4), parts};
    }
    case 1: return Hold{order, 1, some_items(), some_instant()};
    case 2: return RejectHold{order, 1, {}};
    case 3: return Extend{some_instant()};
    case 4: return Confirm{order};
    case 5: return Release{order, some_items()};
    case 6: return Expire{order, some_items()};
    default: return Fill{some_items()};
    }
}

bool ends(Event const& event) {
    return std::holds_alternative<Rejected>(event) || std::holds_alternative<Released>(event) ||
           std::holds_alternative<Expired>(event);
}

// One random history; `see` is told every decision that was taken.
template <class See>
void live(See see) {
    State state = Decider::initial();
    auto const wishes = *between(0, 60);
    for (int wish = 0; wish < wishes; ++wish) {
        Context const context{.now = some_instant(), .command_id = {}};
        auto const command = random_command();
        auto const decision = Decider::decide(state, command, context);
        auto const before = state;
        if (decision)
            state = fold<Decider>(std::move(state), *decision);
        see(before, command, context, decision, state);
    }
}

RC_GTEST_PROP(ReservationProperty, what_is_given_back_never_comes_back, ()) {
    bool closed = false;
    live([&](State const&, Command const&, Context const&, Decision const& decision,
             State const& state) {
        if (!decision)
            return;
        for (auto const& event : *decision) {
            RC_ASSERT(!closed);
            closed = ends(event);
        }
        RC_ASSERT(closed == Decider::is_terminal(state));
        RC_ASSERT((!closed || promised_items(state).empty()));
    });
}

RC_GTEST_PROP(ReservationProperty, units_are_promised_by_holds_alone, ()) {
    auto const sum = [](Items const& items) {
        std::int64_t units = 0;
        for (auto const& item : items)
            units += (item.reserved + item.backordered).value();
        return units;
    };
    std::int64_t promised = 0;
    live([&](State const&, Command const&, Context const&, Decision const& decision,
             State const& state) {
        if (!decision)
            return;
        for (auto const& event : *decision) {
            if (auto const* const held = std::get_if<Held>(&event))
                promised += sum(held->items);
            if (ends(event))
                promised = 0;
        }
        RC_ASSERT(sum(promised_items(state)) == promised);
    });
}

RC_GTEST_PROP(ReservationProperty, a_command_repeated_on_its_own_outcome_changes_nothing, ()) {
    live([](State const&, Command const& command, Context const& context, Decision const& decision,
            State const& state) {
        if (!decision)
            return;
        auto const again = Decider::decide(state, command, context);
        RC_ASSERT((!again || again->empty()));
    });
}

RC_GTEST_PROP(ReservationProperty, a_hold_never_expires_before_its_time, ()) {
    Instant expires_at;
    live([&](State const&, Command const&, Context const& context, Decision const& decision,
             State const&) {
        if (!decision)
            return;
        for (auto const& event : *decision) {
            if (auto const* const held = std::get_if<Held>(&event); held && held->part == 1)
                expires_at = held->expires_at;
            if (auto const* const extended = std::get_if<Extended>(&event))
                expires_at = extended->expires_at;
            if (std::holds_alternative<Expired>(event))
                RC_ASSERT(context.now >= expires_at);
        }
    });
}

} // namespace
} // namespace kontor::reservation

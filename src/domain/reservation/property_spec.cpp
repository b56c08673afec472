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

// The next part of a hold that began, so that whole holds come about.
Hold next_part(State const& state) {
    auto const* const begun = std::get_if<OnHold>(&state);
    if (begun == nullptr || begun->part == begun->parts)
        return {*testing::one_of<OrderId>(2), 1, some_items(), some_instant(), 1,
                *between<std::uint16_t>(1, 4)};
    auto const next = static_cast<std::uint16_t>(begun->part + 1);
    return {begun->order_id, 1, some_items(), some_instant(), next, begun->parts};
}

// Moves units that are promised beyond the shelf onto it, and now and then one too many.
Fill some_fill(State const& state) {
    auto items = promised_items(state);
    for (auto& item : items) {
        Count const moved(*between<std::int64_t>(0, item.backordered.value() + 1));
        item.backordered -= moved;
        item.reserved += moved + Count(*between(0, 8) == 0 ? 1 : 0);
    }
    return {items};
}

Command random_command(State const& state) {
    auto const order = *testing::one_of<OrderId>(2);
    switch (*between(0, 16)) {
    case 0:
        return Hold{order,
                    1,
                    some_items(),
                    some_instant(),
                    *between<std::uint16_t>(0, 4),
                    *between<std::uint16_t>(1, 4)};
    case 1: return RejectHold{order, 1, {}};
    case 2: return Extend{some_instant()};
    case 3: return Confirm{order};
    case 4: return Release{order, some_items()};
    case 5:
    case 6:
    case 7: return Expire{order, some_items()};
    case 8: return Fill{some_items()};
    case 9:
    case 10:
    case 11: return some_fill(state);
    default: return next_part(state);
    }
}

bool ends(Event const& event) {
    return std::holds_alternative<Rejected>(event) || std::holds_alternative<Released>(event) ||
           std::holds_alternative<Expired>(event);
}

// Near the end of the hold, where its rules change.
Instant some_now(State const& state) {
    auto const* const held = std::get_if<OnHold>(&state);
    if (held == nullptr)
        return some_instant();
    return held->expires_at + Duration::microseconds(*between<std::int64_t>(-2, 2));
}

// One random history; `see` is told every decision that was taken.
template <class See>
void live(See see) {
    State state = Decider::initial();
    auto const wishes = *between(0, 200);
    for (int wish = 0; wish < wishes; ++wish) {
        Context const context{.now = some_now(state), .command_id = {}};
        auto const command = random_command(state);
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

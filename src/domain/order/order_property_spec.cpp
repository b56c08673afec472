#include "domain/order/labels.hpp"
#include "tests/support/random_order.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kontor::order {
namespace {

using kontor::testing::any_command;
using kontor::testing::drawn;
using kontor::testing::usual_now;

Worth minus(Worth a, Worth b) {
    a -= b;
    return a;
}

bool is_within(Worth pool) {
    return pool.net >= 0 && pool.tax >= 0;
}

/// Each step of a random life: the state before, what was asked, what followed.
template <class Check>
void live(int steps, Check&& check) {
    auto state = initial();
    auto now = usual_now;
    for (int i = 0; i < steps; ++i) {
        auto const command = any_command(state);
        now = now + Duration::minutes(drawn(0, 20)) + Duration::days(drawn(0, 20) / 20 * 20);
        Context const context{
            .now = now,
            .command_id = kontor::testing::nth<CommandId>(static_cast<std::uint64_t>(i) + 100)};
        auto const decision = Decider::decide(state, command, context);
        auto after = decision ? fold<Decider>(state, *decision) : state;
        check(state, command, context, decision, after);
        state = std::move(after);
    }
}

/// Several lives for each run of a property.
template <class Check>
void for_each_life(int steps, Check const& check) {
    for (int life = 0; life < 5; ++life)
        live(steps, check);
}

void check_line(LineTally const& before, LineTally const& after) {
    RC_ASSERT(after.ordered == before.ordered);
    RC_ASSERT(after.cancelled >= before.cancelled);
    RC_ASSERT(after.shipped >= before.shipped);
    RC_ASSERT(after.delivered >= before.delivered);
    RC_ASSERT(after.return_asked >= before.return_asked);
    RC_ASSERT(after.returned >= before.returned);
}

void check_bounds(LineTally const& tally) {
    RC_ASSERT(tally.delivered <= tally.shipped);
    RC_ASSERT(std::uint64_t{tally.shipped} + tally.cancelled <= tally.ordered);
    RC_ASSERT(tally.returned <= tally.return_asked);
    RC_ASSERT(tally.return_asked <= tally.shipped);
    RC_ASSERT(tally.returned_undelivered <= tally.returned);
    RC_ASSERT(std::uint64_t{tally.delivered} + tally.returned_undelivered <= tally.shipped);
}

void check_pools(Book const& book) {
    auto left = book.sold;
    std::uint32_t goods = 0;
    std::uint32_t services = 0;
    std::uint32_t under_way = 0;
    for (auto const& tally : book.lines) {
        left -= tally.open;
        left -= tally.out;
        RC_ASSERT((is_within(tally.open) && is_within(tally.out)));
        RC_ASSERT((tally.open_units() > 0 || tally.open == Worth()));
        RC_ASSERT((tally.out_units() > 0 || tally.out == Worth()));
        (is_service(tally.kind) ? services : goods) += tally.open_units();
        under_way += tally.under_way();
    }
    for (auto const pool : {book.shipping_open, book.shipping_out, book.cancelled, book.returned})
        left -= pool;
    RC_ASSERT(left == Worth());
    RC_ASSERT(is_within(minus(book.cancelled, book.granted_cancel)));
    RC_ASSERT(is_within(minus(book.returned, book.granted_return)));
    RC_ASSERT(is_within(minus(book.shipping_out, book.granted_shipping)));
    RC_ASSERT((book.open_goods == goods && book.open_services == services));
    RC_ASSERT(book.under_way == under_way);
}

RC_GTEST_PROP(OrderProperty, counters_only_grow_and_no_cent_is_lost, ()) {
    for_each_life(60, [](State const& before, auto&&, auto&&, auto&&, State const& after) {
        auto const* const book = book_of(after);
        if (book == nullptr)
            return;
        if (auto const* const old = book_of(before))
            for (std::size_t i = 0; i < old->lines.size(); ++i)
                check_line(old->lines[i], book->lines[i]);
        for (auto const& tally : book->lines)
            check_bounds(tally);
        check_pools(*book);
    });
}

RC_GTEST_PROP(OrderProperty, a_repeated_command_has_no_second_effect, ()) {
    for_each_life(40, [](State const&, Command const& command, Context const& context,
                         Decision const& decision, State const& after) {
        auto const again = Decider::decide(after, command, context);
        if (decision)
            RC_ASSERT((!again.has_value() || again->empty()));
        else
            RC_ASSERT((!again.has_value() && again.error() == decision.error()));
    });
}

/// What the facts alone say the units and the money of an order came to.
struct Sums {
    Worth sold{};
    Worth cancelled{};
    Worth shipped{};
    Worth returned{};

    void add(Placed const& fact) {
        for (auto const& line : fact.lines)
            sold += Worth(line.value);
        sold += Worth(fact.shipping);
        RC_ASSERT(sold.gross() == fact.total.minor());
    }
    void add(Edited const& fact) {
        std::int64_t added = 0;
        for (auto const& line : fact.added) {
            sold += Worth(line.value);
            added += Worth(line.value).gross();
        }
        edited_away += added - fact.delta.minor();
    }
    void add(Cancelled const& fact) { cancelled += Worth(fact.value); }
    void add(LinesCancelled const& fact) { cancelled += Worth(fact.value); }
    void add(Shipped const& fact) { shipped += Worth(fact.value); }
    void add(ReturnReceived const& fact) { returned += Worth(fact.value); }
    void add(RefundGranted const& fact) { RC_ASSERT(fact.value.gross() == fact.amount); }
    void add(auto const&) {}

    std::int64_t edited_away{0};
};

RC_GTEST_PROP(OrderProperty, the_values_in_the_facts_add_up_to_the_order, ()) {
    Sums sums;
    live(60, [&](State const&, auto&&, auto&&, Decision const& decision, State const& after) {
        if (!decision)
            return;
        for (auto const& event : *decision)
            std::visit([&](auto const& fact) { sums.add(fact); }, event);
        auto const* const book = book_of(after);
        if (book == nullptr)
            return;
        RC_ASSERT(book->sold == sums.sold);
        RC_ASSERT(book->cancelled.gross() == sums.cancelled.gross() + sums.edited_away);
        RC_ASSERT(book->returned == sums.returned);
        auto out = book->shipping_out;
        for (auto const& tally : book->lines)
            out += tally.out;
        RC_ASSERT(out == minus(sums.shipped, sums.returned));
        if (book->open_units() == 0 && book->shipping_open == Worth())
            RC_ASSERT(sums.sold.gross() ==
                      sums.cancelled.gross() + sums.edited_away + sums.shipped.gross());
    });
}

void shift(Placed& fact, Duration by) {
    fact.pay_by = fact.pay_by + by;
}
void shift(Confirmed& fact, Duration by) {
    fact.ship_by = fact.ship_by + by;
}
void shift(Expired& fact, Duration by) {
    fact.pay_by = fact.pay_by + by;
}
void shift(EditOpened& fact, Duration by) {
    fact.until = fact.until + by;
}
void shift(Delivered& fact, Duration by) {
    if (fact.returnable_until)
        fact.returnable_until = *fact.returnable_until + by;
}
void shift(auto&, Duration) {}

RC_GTEST_PROP(OrderProperty, shifted_clocks_make_the_same_decisions, ()) {
    auto const by = Duration::minutes(drawn(-2'000'000, 2'000'000));
    auto elsewhere = initial();
    live(60, [&](State const&, Command const& command, Context context, Decision const& decision,
                 State const&) {
        context.now = context.now + by;
        auto shifted = Decider::decide(elsewhere, command, context);
        RC_ASSERT(shifted.has_value() == decision.has_value());
        if (!decision)
            RC_ASSERT(shifted.error() == decision.error());
        if (!decision)
            return;
        elsewhere = fold<Decider>(std::move(elsewhere), *shifted);
        for (auto& event : *shifted)
            std::visit([&](auto& fact) { shift(fact, Duration() - by); }, event);
        RC_ASSERT(*shifted == *decision);
    });
}

RC_GTEST_PROP(OrderProperty, nothing_is_due_for_what_never_came_about, ()) {
    for_each_life(40, [](State const&, auto&&, auto&&, auto&&, State const& after) {
        if (book_of(after) == nullptr)
            return;
        auto const phase = phase_of(after);
        auto const owed = due(after);
        if (phase == Phase::rejected || phase == Phase::expired)
            RC_ASSERT(owed.is_zero());
        auto const label = fulfilment_label(after);
        if (phase == Phase::completed)
            RC_ASSERT(label >= FulfilmentLabel::delivered);
        if (phase == Phase::cancelled || phase == Phase::placed)
            RC_ASSERT(label == FulfilmentLabel::none);
    });
}

} // namespace
} // namespace kontor::order

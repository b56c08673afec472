#include "tests/support/orders.hpp"

#include <gtest/gtest.h>

#include <array>

/// Every cell of the table of DOMAIN section 4: each command in each phase of an order.

namespace kontor::order {
namespace {

using kontor::testing::line;
using kontor::testing::line_number;
using kontor::testing::names_of;
using kontor::testing::nth;
using kontor::testing::pence;
using kontor::testing::place;
using kontor::testing::placed;
using kontor::testing::someone;
using kontor::testing::somewhere;
using kontor::testing::units;
using kontor::testing::usual_now;
using kontor::testing::worth;

using Code = RejectionCode;

/// How far the shipping of a confirmed order has come.
enum class Story { fresh, shipped, delivered, returning };

auto const parcel = nth<FulfilmentId>(1);
auto const second_parcel = nth<FulfilmentId>(2);
auto const a_return = nth<ReturnId>(1);
Actor const editor{ActorKind::customer, {}};

Placed const bought = placed(place({line(1, 3, worth(300, 60)), line(2, 1, worth(1'000, 200))}));
Confirmed const confirmation{nth<PaymentId>(1), nth<ReservationId>(1),
                             usual_now + Duration::days(7)};

/// Two of three units of line 1 leave; when `all`, everything does.
void tell(State& state, Story story, bool all) {
    std::vector<LineQuantity> lines{units(1, all ? 3 : 2)};
    if (all)
        lines.push_back(units(2, 1));
    auto const value = all ? worth(1'800, 260) : worth(700, 40);
    if (story >= Story::shipped)
        state = evolve(std::move(state), Shipped{parcel, lines, value});
    if (story >= Story::delivered)
        state = evolve(std::move(state), Delivered{parcel, lines, usual_now + Duration::days(30)});
    if (story >= Story::returning)
        state = evolve(std::move(state),
                       ReturnRequested{a_return, {units(1, 1)}, "too small", ActorKind::customer});
}

State order_in(Phase phase, Story story) {
    if (phase == Phase::nothing)
        return initial();
    auto state = evolve(initial(), bought);
    switch (phase) {
    case Phase::nothing:
    case Phase::placed: return state;
    case Phase::rejected: return evolve(std::move(state), Rejected{RejectReason::no_stock});
    case Phase::expired: return evolve(std::move(state), Expired{bought.pay_by});
    case Phase::cancelled:
        return evolve(std::move(state),
                      Cancelled{"changed my mind", ActorKind::customer, worth(1'800, 260)});
    case Phase::confirmed:
        state = evolve(std::move(state), confirmation);
        tell(state, story, false);
        return state;
    case Phase::editing:
        state = evolve(std::move(state), confirmation);
        tell(state, story, false);
        return evolve(std::move(state), EditOpened{editor, usual_now + Duration::minutes(30)});
    case Phase::completed:
        state = evolve(std::move(state), confirmation);
        tell(state, std::max(story, Story::delivered), true);
        return evolve(std::move(state), Completed{pence(2'060), pence(0)});
    }
    KONTOR_UNREACHABLE();
}

/// What a cell of the table says.
struct Cell {
    enum class Kind { rejected, same, moves } kind;
    Code code;
    Phase phase; ///< where a move leads; `nothing`: it stays
};
Cell no(Code code) {
    return {Cell::Kind::rejected, code, {}};
}
Cell const same{Cell::Kind::same, {}, {}};
Cell const stays{Cell::Kind::moves, {}, {}};
Cell to(Phase phase) {
    return {Cell::Kind::moves, {}, phase};
}

struct Row {
    char const* name;
    Command command;
    Cell nothing, placed, confirmed, editing, completed, cancelled, rejected, expired;
    Story story{Story::fresh};
    Duration later{};
};

/// The columns as the page prints them: placed, confirmed, editing, completed, and the three ends.
using Columns = std::array<Cell, 5>;

Row row(char const* name, Command command, Columns const& cells) {
    return {name,     std::move(command), no(Code::unknown_order),
            cells[0], cells[1],           cells[2],
            cells[3], cells[4],           cells[4],
            cells[4]};
}

void check(Row const& row, Phase phase, Cell const& cell) {
    SCOPED_TRACE(std::string(row.name) + " of an order that is " +
                 std::string(enumerator_name(phase)));
    auto const before = order_in(phase, row.story);
    ASSERT_EQ(phase_of(before), phase);
    Context const context{.now = usual_now + row.later, .command_id = nth<CommandId>(7)};
    auto const decision = Decider::decide(before, row.command, context);
    if (cell.kind == Cell::Kind::rejected) {
        ASSERT_FALSE(decision.has_value()) << "decided " << names_of(*decision);
        EXPECT_EQ(enumerator_name(decision.error().code), enumerator_name(cell.code));
        return;
    }
    ASSERT_TRUE(decision.has_value()) << enumerator_name(decision.error().code);
    EXPECT_EQ(decision->empty(), cell.kind == Cell::Kind::same) << names_of(*decision);
    auto const after = fold<Decider>(before, *decision);
    auto const wanted = cell.phase == Phase::nothing ? phase : cell.phase;
    EXPECT_EQ(enumerator_name(phase_of(after)), enumerator_name(wanted));
    auto const again = Decider::decide(after, row.command, context);
    EXPECT_TRUE(!again.has_value() || again->empty()) << "a repetition has a second effect";
}

int check(Row const& row) {
    check(row, Phase::nothing, row.nothing);
    check(row, Phase::placed, row.placed);
    check(row, Phase::confirmed, row.confirmed);
    check(row, Phase::editing, row.editing);
    check(row, Phase::completed, row.completed);
    check(row, Phase::cancelled, row.cancelled);
    check(row, Phase::rejected, row.rejected);
    check(row, Phase::expired, row.expired);
    return 8;
}

Row closing_row(char const* name, Command command, Phase phase) {
    auto made = row(name, std::move(command),
                    {to(phase), no(Code::already_confirmed), no(Code::already_confirmed),
                     no(Code::already_confirmed), no(Code::order_closed)});
    (phase == Phase::rejected ? made.rejected : made.expired) = same;
    return made;
}

TEST(OrderTable, placing_happens_once) {
    auto made = row("Place", place({line(1, 1, worth(100))}),
                    {no(Code::order_exists), no(Code::order_exists), no(Code::order_exists),
                     no(Code::order_exists), no(Code::order_exists)});
    made.nothing = to(Phase::placed);
    EXPECT_EQ(check(made), 8);
}

TEST(OrderTable, the_first_answer_to_a_placed_order_stands) {
    check(row("Confirm", Confirm{nth<PaymentId>(1), nth<ReservationId>(1)},
              {to(Phase::confirmed), same, same, same, no(Code::order_closed)}));
    check(closing_row("Reject", Reject{RejectReason::no_stock}, Phase::rejected));
    auto expire = closing_row("Expire", Expire{}, Phase::expired);
    expire.later = Duration::minutes(15);
    check(expire);
    expire.later = Duration::minutes(15) - Duration::microseconds(1);
    expire.placed = no(Code::too_early);
    check(expire);
}

TEST(OrderTable, paying_is_offered_while_it_is_due) {
    check(row("OfferPayment",
              OfferPayment{2, PaymentMethod("card"), Personal<std::string>("tok_approve")},
              {stays, no(Code::nothing_due), no(Code::nothing_due), no(Code::nothing_due),
               no(Code::order_closed)}));
}

TEST(OrderTable, the_whole_is_cancelled_before_anything_ships) {
    auto cancel = row("Cancel", Cancel{"changed my mind", ActorKind::customer},
                      {to(Phase::cancelled), to(Phase::cancelled), no(Code::order_editing),
                       no(Code::already_shipped), no(Code::order_closed)});
    cancel.cancelled = same;
    check(cancel);
    cancel.story = Story::shipped;
    cancel.confirmed = no(Code::already_shipped);
    check(cancel);
}

TEST(OrderTable, units_are_cancelled_while_they_are_open) {
    auto cancel = row("CancelLines", CancelLines{{units(1, 1)}, "too many", ActorKind::customer},
                      {no(Code::not_confirmed), stays, no(Code::order_editing),
                       no(Code::already_shipped), no(Code::order_closed)});
    check(cancel);
    cancel.story = Story::shipped;
    check(cancel);
    cancel.command = CancelLines{{units(1, 2)}, "too many", ActorKind::customer};
    cancel.confirmed = no(Code::already_shipped);
    check(cancel);
    auto all = row("CancelLines of all",
                   CancelLines{{units(1, 3), units(2, 1)}, "too many", ActorKind::customer},
                   {no(Code::not_confirmed), to(Phase::cancelled), no(Code::order_editing),
                    no(Code::already_shipped), no(Code::order_closed)});
    check(all);
}

TEST(OrderTable, the_address_changes_for_parcels_to_come) {
    auto change = row("ChangeAddress", ChangeAddress{somewhere(), someone()},
                      {stays, stays, stays, no(Code::already_shipped), no(Code::order_closed)});
    check(change);
    change.story = Story::shipped;
    check(change);
}

TEST(OrderTable, one_editor_changes_an_order_at_a_time) {
    auto open = row("OpenEdit", OpenEdit{editor},
                    {no(Code::not_confirmed), to(Phase::editing), same, no(Code::already_shipped),
                     no(Code::order_closed)});
    check(open);
    open.command = OpenEdit{{ActorKind::operator_, InlineText<31>("ann")}};
    open.editing = no(Code::order_editing);
    check(open);
    check(row("AbandonEdit", AbandonEdit{"no time"},
              {no(Code::no_open_edit), same, to(Phase::confirmed), same, no(Code::order_closed)}));
    auto const committing = [](char const* name, CommitEdit command, Cell editing) {
        check(row(name, std::move(command),
                  {no(Code::no_open_edit), no(Code::no_open_edit), editing, no(Code::no_open_edit),
                   no(Code::order_closed)}));
    };
    committing("CommitEdit",
               {{line(3, 1, worth(100))}, {units(1, 1)}, nth<PaymentId>(2), nth<ReservationId>(2)},
               to(Phase::confirmed));
    committing("CommitEdit of nothing", {}, no(Code::edit_empty));
    committing("CommitEdit unpaid", {{line(3, 1, worth(1'000))}, {}, {}, nth<ReservationId>(2)},
               no(Code::edit_unpaid));
    committing("CommitEdit unreserved", {{line(3, 1, worth(1'000))}, {}, nth<PaymentId>(2), {}},
               no(Code::edit_unreserved));
}

TEST(OrderTable, parcels_leave_once_and_arrive_once) {
    auto ship = row("Ship", Ship{second_parcel, {units(1, 1)}},
                    {no(Code::not_confirmed), stays, no(Code::order_editing),
                     no(Code::already_shipped), no(Code::order_closed)});
    check(ship);
    ship.story = Story::shipped;
    check(ship);
    ship.command = Ship{parcel, {units(1, 2)}};
    ship.confirmed = ship.completed = same;
    check(ship);
    ship.command = Ship{second_parcel, {units(1, 2)}};
    ship.confirmed = no(Code::cancelled_meanwhile);
    ship.completed = no(Code::already_shipped);
    check(ship);

    auto deliver = row("Deliver", Deliver{parcel},
                       {no(Code::not_shipped), no(Code::not_shipped), no(Code::not_shipped), same,
                        no(Code::not_shipped)});
    check(deliver);
    deliver.story = Story::shipped;
    deliver.confirmed = deliver.editing = stays;
    check(deliver);
    deliver.story = Story::delivered;
    deliver.confirmed = deliver.editing = same;
    check(deliver);
}

TEST(OrderTable, an_order_completes_when_all_has_arrived) {
    auto complete = row("Complete", Complete{pence(2'060), pence(0)},
                        {no(Code::not_confirmed), no(Code::not_delivered), no(Code::order_editing),
                         same, no(Code::order_closed)});
    check(complete);
    complete.story = Story::delivered;
    check(complete);
}

TEST(OrderTable, what_arrived_may_come_back) {
    auto const ask = [](ReturnId id, std::int64_t quantity) {
        return RequestReturn{id, {units(1, quantity)}, "too small", ActorKind::customer};
    };
    auto request = row("RequestReturn", ask(a_return, 1),
                       {no(Code::not_shipped), no(Code::not_returnable), no(Code::not_returnable),
                        stays, no(Code::not_shipped)});
    check(request);
    request.story = Story::delivered;
    request.confirmed = request.editing = stays;
    check(request);
    request.later = Duration::days(30) + Duration::microseconds(1);
    request.confirmed = request.editing = request.completed = no(Code::return_window_closed);
    check(request);
    request.later = {};
    request.command = ask(a_return, 4);
    request.confirmed = request.editing = request.completed = no(Code::not_returnable);
    check(request);
    request.story = Story::returning;
    request.confirmed = request.editing = request.completed = same;
    check(request);
}

TEST(OrderTable, a_return_is_received_or_called_off) {
    auto const receive = [](ReturnId id, std::int64_t quantity) {
        return ReceiveReturn{
            id, {{line_number(1), Quantity::of(quantity), ItemCondition::restock}}, true};
    };
    auto unknown =
        row("ReceiveReturn", receive(a_return, 1),
            {no(Code::unknown_return), no(Code::unknown_return), no(Code::unknown_return),
             no(Code::unknown_return), no(Code::unknown_return)});
    check(unknown);
    auto cancel = unknown;
    cancel.name = "CancelReturn";
    cancel.command = CancelReturn{a_return, "kept it"};
    check(cancel);
    for (auto known : {unknown, cancel}) {
        known.story = Story::returning;
        known.confirmed = known.editing = known.completed = stays;
        check(known);
    }
    unknown.story = Story::returning;
    unknown.command = receive(a_return, 2);
    unknown.confirmed = unknown.editing = unknown.completed = no(Code::not_returnable);
    check(unknown);
}

TEST(OrderTable, refunds_are_granted_once_there_is_an_order_to_pay_for) {
    GrantRefund const goodwill{
        nth<RefundId>(1), nth<PaymentId>(1),   RefundKind::goodwill, pence(100), {}, {},
        "late",           ActorKind::operator_};
    check(row("GrantRefund", goodwill, {no(Code::nothing_captured), stays, stays, stays, stays}));
}

} // namespace
} // namespace kontor::order

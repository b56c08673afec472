#include "services/shop/shop.hpp"

#include "adapters/memory/event_store.hpp"
#include "domain/stock/limits.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/storefront.hpp"

#include <gtest/gtest.h>

namespace kontor::services {
namespace {

Location const warehouse = Location::parse("main").value();
auto const gbp = Currency::gbp();

Sku sku(std::string_view text) {
    return Sku::parse(text).value();
}

/// A shop in memory that takes one request at a time.
class ShopSpec : public ::testing::Test {
protected:
    /// What was refused, or empty when it was done. Asked as an import does, so that no process
    /// adds to what was asked.
    std::optional<Refusal> ask(Work work, ActorKind by = ActorKind::import) {
        clock.pass(Duration::seconds(1));
        ShopRequest request{CommandId(Id128(1, ++asked)),
                            order_id.value(),
                            {},
                            clock.now(),
                            Actor{by, {}},
                            std::move(work)};
        request.ticket = asked;
        EXPECT_TRUE(desk.take(std::move(request)));
        EXPECT_TRUE(desk.flush());
        std::vector<ShopAnswer> answers;
        desk.collect(answers);
        EXPECT_EQ(answers.size(), 1u);
        if (auto const* const refusal = std::get_if<Refusal>(&answers.at(0).content))
            return *refusal;
        EXPECT_TRUE(std::holds_alternative<commands::Accepted>(answers.at(0).content));
        return std::nullopt;
    }

    void receive(char const* name, std::int64_t units) {
        EXPECT_FALSE(ask(Compound{
            {On<StockItems>{{warehouse, sku(name)},
                            stock::Receive{sku(name), warehouse, Quantity::of(units), "po-1"}}}}));
    }

    ReserveOrder reserve_of(ReservationId id, std::vector<reservation::Wanted> wanted) {
        return {
            id, order_id, 1, std::move(wanted), {warehouse}, clock.now() + Duration::minutes(15)};
    }

    stock::Item const& shelf(char const* name) {
        return std::get<stock::Item>(desk.state<StockItems>({warehouse, sku(name)}));
    }

    std::uint64_t events_in_log() { return store.durable().position.value(); }

    kontor::testing::HandClock clock;
    memory::EventStore store{clock};
    ShopDesk desk{store, Shop{{warehouse}}};
    OrderId const order_id{Id128(7, 1)};
    ReservationId const reservation_id{Id128(7, 2)};
    PaymentId const payment_id{Id128(7, 3)};
    FulfilmentId const parcel_id{Id128(7, 4)};
    std::uint64_t asked{0};
};

/// The streams that each command of the log wrote, in their sequence.
std::vector<std::vector<StreamCategory>> commits_in(ports::EventStore& store) {
    auto const page = store.read_log({}, ports::Limit(1000)).value();
    std::vector<std::vector<StreamCategory>> commits;
    std::optional<CommandId> last;
    for (auto const& event : page.events) {
        auto const command = page.commit_of(event).header.command_id;
        if (std::exchange(last, command) != command)
            commits.emplace_back();
        commits.back().push_back(event.stream.category());
    }
    return commits;
}

TEST_F(ShopSpec, what_a_refusal_names_survives_in_the_record_of_the_outcome) {
    for (auto const& rejection :
         {order::Rejection{order::RejectionCode::bad_quantity, LineNumber(3), Count(0)},
          order::Rejection{order::RejectionCode::unknown_line, LineNumber(0), {}},
          order::Rejection{order::RejectionCode::bad_amount, {}, Count(1'000'000)},
          order::Rejection{order::RejectionCode::order_closed}}) {
        auto const found = Shop::unpacked(Shop::particulars(rejection));
        EXPECT_EQ(found.line, rejection.line);
        EXPECT_EQ(found.quantity, rejection.quantity);
    }
}

TEST_F(ShopSpec, two_lines_of_the_last_unit_are_summed_before_they_are_promised) {
    receive("MUG", 1);
    EXPECT_FALSE(ask(reserve_of(reservation_id,
                                {{sku("MUG"), Quantity::of(1)}, {sku("MUG"), Quantity::of(1)}})));
    EXPECT_TRUE(
        std::holds_alternative<reservation::Refused>(desk.state<Reservations>(reservation_id)));
    EXPECT_EQ(shelf("MUG").reserved, Count(0));
}

TEST_F(ShopSpec, an_order_is_promised_whole_or_not_at_all) {
    receive("MUG", 5);
    EXPECT_FALSE(ask(reserve_of(reservation_id,
                                {{sku("MUG"), Quantity::of(2)}, {sku("JUG"), Quantity::of(1)}})));
    EXPECT_EQ(shelf("MUG").reserved, Count(0));
    receive("JUG", 1);
    ReservationId const second(Id128(7, 9));
    EXPECT_FALSE(
        ask(reserve_of(second, {{sku("MUG"), Quantity::of(2)}, {sku("JUG"), Quantity::of(1)}})));
    EXPECT_EQ(shelf("MUG").reserved, Count(2));
    EXPECT_EQ(shelf("JUG").reserved, Count(1));
}

TEST_F(ShopSpec, a_promise_that_is_asked_for_twice_is_made_once_at_one_place) {
    auto const north = Location::parse("north").value();
    receive("MUG", 2);
    EXPECT_FALSE(ask(Compound{{On<StockItems>{
        {north, sku("MUG")}, stock::Receive{sku("MUG"), north, Quantity::of(2), "po-2"}}}}));
    auto reserve = reserve_of(reservation_id, {{sku("MUG"), Quantity::of(2)}});
    reserve.locations = {warehouse, north};
    EXPECT_FALSE(ask(reserve));
    EXPECT_FALSE(ask(reserve));
    EXPECT_EQ(shelf("MUG").reserved, Count(2));
    EXPECT_EQ(std::get<stock::Item>(desk.state<StockItems>({north, sku("MUG")})).reserved,
              Count(0));
}

class Transfer : public ShopSpec {
protected:
    TransferStock move(std::int64_t units, std::uint64_t number, Location from, Location to) {
        return {{from, sku("MUG")}, to, Quantity::of(units), TransferId(Id128(8, number))};
    }
    std::int64_t on_hand(Location at) {
        auto const* const item =
            std::get_if<stock::Item>(&desk.state<StockItems>({at, sku("MUG")}));
        return item == nullptr ? 0 : item->on_hand.value();
    }
    std::int64_t everywhere() { return on_hand(warehouse) + on_hand(north) + on_hand(south); }

    Location const north = Location::parse("north").value();
    Location const south = Location::parse("south").value();
};

TEST_F(Transfer, both_halves_stand_in_one_command_or_none_does) {
    receive("MUG", 5);
    EXPECT_FALSE(ask(move(3, 1, warehouse, north)));
    EXPECT_EQ(on_hand(warehouse), 2);
    EXPECT_EQ(on_hand(north), 3);
    auto const commits = commits_in(store);
    EXPECT_EQ(commits.back(), (std::vector{StreamCategory::stock, StreamCategory::stock}));
    auto const events = events_in_log();
    EXPECT_EQ(ask(move(3, 2, warehouse, north)),
              Refusal(stock::Rejection::would_break_promise)); // there are two
    EXPECT_EQ(ask(move(1, 3, south, north)), Refusal(stock::Rejection::unknown_location));
    EXPECT_EQ(ask(move(1, 4, north, north)), Refusal(stock::Rejection::unknown_location));
    EXPECT_EQ(events_in_log(), events);
}

TEST_F(Transfer, what_is_promised_stays_where_it_is) {
    receive("MUG", 5);
    ask(reserve_of(reservation_id, {{sku("MUG"), Quantity::of(4)}}));
    EXPECT_EQ(ask(move(2, 1, warehouse, north)), Refusal(stock::Rejection::would_break_promise));
    EXPECT_FALSE(ask(move(1, 2, warehouse, north)));
    EXPECT_EQ(shelf("MUG").reserved, Count(4));
}

/// One item forgets a move as soon as it had a half of another; a repeat that moved the half which
/// is forgotten, and not the other, would make units or lose them.
TEST_F(Transfer, a_repeat_moves_nothing_or_everything_whatever_happened_in_between) {
    receive("MUG", 9);
    EXPECT_FALSE(ask(move(2, 1, warehouse, north)));
    EXPECT_FALSE(ask(move(2, 1, warehouse, north)));
    EXPECT_EQ(on_hand(north), 2);
    EXPECT_FALSE(ask(move(1, 2, warehouse, south))); // the warehouse forgets the first
    EXPECT_FALSE(ask(move(2, 1, warehouse, north)));
    EXPECT_EQ(on_hand(north), 2);
    EXPECT_FALSE(ask(move(1, 3, south, north))); // and now the north
    EXPECT_FALSE(ask(move(1, 2, warehouse, south)));
    EXPECT_EQ(everywhere(), 9);
    for (std::uint64_t n = 0; n < 60; ++n) {
        std::vector const places{warehouse, north, south};
        ask(move(1 + static_cast<std::int64_t>(n % 2), 1 + n * n % 7, places[n % 3],
                 places[(n + 1 + n / 7 % 2) % 3]));
        EXPECT_EQ(everywhere(), 9);
    }
}

TEST_F(Transfer, units_that_arrive_go_to_who_waits_for_them) {
    receive("MUG", 3);
    EXPECT_FALSE(ask(Compound{{On<StockItems>{
        {north, sku("MUG")}, stock::SetPolicy{sku("MUG"), north, Count(), Count(5), Count()}}}}));
    auto reserve = reserve_of(reservation_id, {{sku("MUG"), Quantity::of(4)}});
    reserve.locations = {north};
    EXPECT_FALSE(ask(reserve));
    EXPECT_FALSE(ask(move(3, 1, warehouse, north)));
    auto const& item = std::get<stock::Item>(desk.state<StockItems>({north, sku("MUG")}));
    EXPECT_EQ(item.reserved, Count(3));
    EXPECT_EQ(item.backordered, Count(1));
}

TEST_F(ShopSpec, a_release_gives_back_every_unit_once) {
    receive("MUG", 5);
    ask(reserve_of(reservation_id, {{sku("MUG"), Quantity::of(2)}}));
    EXPECT_FALSE(ask(ReleaseReservation{reservation_id, order_id}));
    EXPECT_EQ(shelf("MUG").reserved, Count(0));
    auto const events = events_in_log();
    EXPECT_FALSE(ask(ReleaseReservation{reservation_id, order_id}));
    EXPECT_EQ(events_in_log(), events);
}

TEST_F(ShopSpec, two_lines_of_one_thing_are_given_back_together) {
    receive("MUG", 9);
    ask(reserve_of(reservation_id, {{sku("MUG"), Quantity::of(6)}}));
    checkout::ReleaseReservation const release{
        reservation_id,
        {{sku("MUG"), warehouse, Count(2), Count()}, {sku("MUG"), warehouse, Count(1), Count()}},
        reservation::ReleaseReason::order_cancelled};
    EXPECT_FALSE(ask(CheckoutStep{order_id, checkout::Step::release, {}, release}));
    EXPECT_EQ(shelf("MUG").reserved, Count(3));
}

TEST_F(ShopSpec, a_hold_expires_only_when_it_ran_out_and_is_not_confirmed) {
    receive("MUG", 5);
    ask(reserve_of(reservation_id, {{sku("MUG"), Quantity::of(2)}}));
    EXPECT_TRUE(ask(ExpireReservation{reservation_id, order_id}));
    clock.pass(Duration::minutes(15));
    EXPECT_FALSE(ask(ExpireReservation{reservation_id, order_id}));
    EXPECT_EQ(shelf("MUG").reserved, Count(0));
}

TEST_F(ShopSpec, a_confirmed_hold_does_not_expire) {
    receive("MUG", 5);
    ask(reserve_of(reservation_id, {{sku("MUG"), Quantity::of(2)}}));
    EXPECT_FALSE(ask(Compound{{On<Reservations>{reservation_id, reservation::Confirm{order_id}}}}));
    clock.pass(Duration::minutes(15));
    EXPECT_FALSE(ask(ExpireReservation{reservation_id, order_id}));
    EXPECT_EQ(shelf("MUG").reserved, Count(2));
}

TEST_F(ShopSpec, units_that_arrive_fill_backorders_and_the_reservation_is_told) {
    EXPECT_FALSE(ask(Compound{
        {On<StockItems>{{warehouse, sku("MUG")},
                        stock::SetPolicy{sku("MUG"), warehouse, Count(0), Count(10), Count(0)}}}}));
    ask(reserve_of(reservation_id, {{sku("MUG"), Quantity::of(3)}}));
    EXPECT_EQ(shelf("MUG").backordered, Count(3));
    receive("MUG", 2);
    EXPECT_EQ(shelf("MUG").reserved, Count(2));
    auto const& items = reservation::promised_items(desk.state<Reservations>(reservation_id));
    EXPECT_EQ(items.at(0).reserved, Count(2));
    EXPECT_EQ(items.at(0).backordered, Count(1));
    using enum StreamCategory;
    EXPECT_EQ(commits_in(store).back(), (std::vector{stock, reservation}))
        << "no crash can come between the units and the promise";
}

TEST_F(ShopSpec, a_reservation_that_the_command_asks_itself_is_told_of_its_units_behind_it) {
    EXPECT_FALSE(ask(Compound{
        {On<StockItems>{{warehouse, sku("MUG")},
                        stock::SetPolicy{sku("MUG"), warehouse, Count(0), Count(10), Count(0)}}}}));
    ask(reserve_of(reservation_id, {{sku("MUG"), Quantity::of(3)}}));
    EXPECT_FALSE(ask(Compound{
        {On<Reservations>{reservation_id, reservation::Extend{clock.now() + Duration::minutes(60)}},
         On<StockItems>{{warehouse, sku("MUG")},
                        stock::Receive{sku("MUG"), warehouse, Quantity::of(3), "po-1"}}}}));
    auto const& items = reservation::promised_items(desk.state<Reservations>(reservation_id));
    EXPECT_EQ(items.at(0).backordered, Count(0));
}

TEST_F(ShopSpec, more_backorders_than_one_append_takes_are_filled_by_further_ones) {
    EXPECT_FALSE(ask(Compound{{On<StockItems>{
        {warehouse, sku("MUG")},
        stock::SetPolicy{sku("MUG"), warehouse, Count(0), Count(1000), Count(0)}}}}));
    auto const orders = stock::fills_max * 2 + 3;
    for (std::uint64_t n = 0; n < orders; ++n)
        ask(reserve_of(ReservationId(Id128(8, n)), {{sku("MUG"), Quantity::of(1)}}));
    receive("MUG", static_cast<std::int64_t>(orders));
    EXPECT_EQ(shelf("MUG").reserved, Count(static_cast<std::int64_t>(orders)));
    for (std::uint64_t n = 0; n < orders; ++n)
        EXPECT_EQ(reservation::promised_items(desk.state<Reservations>(ReservationId(Id128(8, n))))
                      .at(0)
                      .backordered,
                  Count(0));
}

order::Place an_order(OrderId id) {
    return testing::storefront_order(id,
                                     {testing::goods_line(1, sku("MUG"), 2, Money::of(250, gbp))});
}

TEST_F(ShopSpec, a_purchase_goes_from_click_to_doorstep) {
    receive("MUG", 5);
    EXPECT_FALSE(ask(Compound{{On<Orders>{order_id, an_order(order_id)}}}));
    EXPECT_FALSE(ask(reserve_of(reservation_id, {{sku("MUG"), Quantity::of(2)}})));
    EXPECT_FALSE(ask(Compound{{On<Payments>{
        payment_id, payment::RecordAuthorised{
                        order_id, 1, Money::of(500, gbp), payment::Provider("sandbox"),
                        payment::ProviderReference("a-1"), clock.now() + Duration::days(7)}}}}));
    EXPECT_FALSE(ask(Compound{{On<Reservations>{reservation_id, reservation::Confirm{order_id}},
                               On<Orders>{order_id, order::Confirm{payment_id, reservation_id}}}}));
    EXPECT_FALSE(ask(Compound{{On<Fulfilments>{
        parcel_id, fulfilment::Create{order_id,
                                      warehouse,
                                      {{LineNumber(1), sku("MUG"), Quantity::of(2)}},
                                      clock.now() + Duration::days(7)}}}}));
    DispatchParcel const dispatch{parcel_id, reservation_id, fulfilment::Carrier("demo"), {}};
    EXPECT_FALSE(ask(dispatch));
    EXPECT_EQ(shelf("MUG").on_hand, Count(3));
    EXPECT_EQ(shelf("MUG").reserved, Count(0));
    EXPECT_FALSE(ask(dispatch)) << "a parcel that left has left";
    EXPECT_EQ(shelf("MUG").on_hand, Count(3));

    CaptureId const capture(Id128(7, 5));
    EXPECT_FALSE(ask(Compound{{On<Payments>{
        payment_id, payment::RecordCaptured{capture, Money::of(500, gbp), true, parcel_id}}}}));
    EXPECT_FALSE(ask(Compound{{On<Fulfilments>{parcel_id, fulfilment::Deliver{clock.now()}},
                               On<Orders>{order_id, order::Deliver{parcel_id}}}}));
    EXPECT_FALSE(ask(
        Compound{{On<Orders>{order_id, order::Complete{Money::of(500, gbp), Money::zero(gbp)}}}}));
    EXPECT_EQ(order::phase_of(desk.state<Orders>(order_id)), order::Phase::completed);
}

TEST_F(ShopSpec, a_fact_and_the_step_of_the_process_are_one_commit) {
    using enum StreamCategory;
    receive("MUG", 5);
    auto const before = commits_in(store).size();
    ask(Compound{{On<Orders>{order_id, an_order(order_id)}}}, ActorKind::customer);
    auto const commits = commits_in(store);
    ASSERT_EQ(commits.size(), before + 2);
    EXPECT_EQ(commits[before], (std::vector{order, checkout}));
    EXPECT_EQ(commits[before + 1], (std::vector{reservation, stock, checkout}));
    EXPECT_EQ(desk.state<Checkouts>(order_id).phase, checkout::Phase::authorising);
}

TEST_F(ShopSpec, an_imported_order_has_no_process) {
    ask(Compound{{On<Orders>{order_id, an_order(order_id)}}}, ActorKind::import);
    EXPECT_EQ(desk.state<Checkouts>(order_id), checkout::initial());
}

TEST_F(ShopSpec, nobody_flags_or_edits_an_order_that_no_process_leads) {
    auto const flagged = ask(AdvanceCheckout{order_id, checkout::RiskFlagged{90}});
    ASSERT_TRUE(flagged);
    EXPECT_EQ(std::get<order::Rejection>(*flagged).code, order::RejectionCode::unknown_order);
    ask(Compound{{On<Orders>{order_id, an_order(order_id)}}}, ActorKind::import);
    EXPECT_TRUE(ask(AdvanceCheckout{order_id, checkout::RiskFlagged{90}}));
}

TEST_F(ShopSpec, two_orders_of_one_command_each_have_their_process) {
    receive("MUG", 5);
    OrderId const other(Id128(7, 99));
    ask(Compound{{On<Orders>{order_id, an_order(order_id)}, On<Orders>{other, an_order(other)}}},
        ActorKind::customer);
    EXPECT_EQ(desk.state<Checkouts>(order_id).phase, checkout::Phase::authorising);
    EXPECT_EQ(desk.state<Checkouts>(other).phase, checkout::Phase::authorising);
    EXPECT_EQ(shelf("MUG").reserved, Count(4));
}

TEST_F(ShopSpec, a_step_that_is_refused_is_told_in_the_same_commit) {
    using enum StreamCategory;
    receive("MUG", 5);
    ask(Compound{{On<Orders>{order_id, an_order(order_id)}}}, ActorKind::customer);
    ask(Compound{{On<Orders>{order_id, order::Cancel{"changed my mind", ActorKind::customer}}}},
        ActorKind::customer);
    // The money comes all the same, and the process asks to confirm what is cancelled.
    auto const before = commits_in(store).size();
    ask(CheckoutStep{order_id, checkout::Step::confirm_order, {}, checkout::ConfirmOrder{}},
        ActorKind::process);
    EXPECT_EQ(commits_in(store).size(), before) << "nothing waits for this step";
    EXPECT_EQ(order::phase_of(desk.state<Orders>(order_id)), order::Phase::cancelled);
}

TEST_F(ShopSpec, units_given_back_and_the_note_that_they_were_are_one_commit) {
    using enum StreamCategory;
    receive("MUG", 5);
    ask(Compound{{On<Orders>{order_id, an_order(order_id)}}}, ActorKind::customer);
    auto const held = checkout::reservation_id(order_id, 1);
    ask(CheckoutStep{order_id, checkout::Step::release, held.value(),
                     checkout::ReleaseReservation{held,
                                                  {{sku("MUG"), warehouse, Count(1), Count(0)}},
                                                  reservation::ReleaseReason::order_cancelled}},
        ActorKind::process);
    EXPECT_EQ(shelf("MUG").reserved, Count(1));
    EXPECT_EQ(commits_in(store).back(), (std::vector{stock, checkout}));
}

TEST_F(ShopSpec, a_coupon_of_an_order_that_is_not_confirmed_may_be_used_again) {
    auto const code = CouponCode::parse("TEN-OFF").value();
    ask(Compound{
        {On<Coupons>{code, coupon::Issue{code, clock.now(), clock.now() + Duration::days(9),
                                         Count(1), BasisPoints::create(1000).value()}}}});
    auto place = an_order(order_id);
    place.quote.coupon = code;
    EXPECT_FALSE(ask(Compound{{On<Coupons>{code, coupon::Use{code, order_id, Money::of(500, gbp)}},
                               On<Orders>{order_id, place}}}));
    EXPECT_EQ(std::get<coupon::Valid>(desk.state<Coupons>(code)).used_by.size(), 1u);
    EXPECT_FALSE(
        ask(Compound{{On<Orders>{order_id, order::Reject{order::RejectReason::no_stock, {}}}}}));
    EXPECT_TRUE(std::get<coupon::Valid>(desk.state<Coupons>(code)).used_by.empty());
}

TEST_F(ShopSpec, an_order_cancelled_first_keeps_its_parcel_in_the_house) {
    receive("MUG", 5);
    auto const refused =
        ask(DispatchParcel{parcel_id, reservation_id, fulfilment::Carrier("demo"), {}});
    ASSERT_TRUE(refused);
    EXPECT_EQ(std::get<fulfilment::Rejection>(*refused), fulfilment::Rejection::unknown_fulfilment);
}

} // namespace
} // namespace kontor::services

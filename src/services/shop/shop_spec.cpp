#include "services/shop/shop.hpp"

#include "adapters/memory/event_store.hpp"
#include "tests/support/hand_clock.hpp"

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
    /// What was refused, or empty when it was done.
    std::optional<Refusal> ask(Work work) {
        clock.pass(Duration::seconds(1));
        ShopRequest request{
            CommandId(Id128(1, ++asked)), order_id.value(), {}, clock.now(), {}, std::move(work)};
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
    ShopDesk desk{store};
    OrderId const order_id{Id128(7, 1)};
    ReservationId const reservation_id{Id128(7, 2)};
    PaymentId const payment_id{Id128(7, 3)};
    FulfilmentId const parcel_id{Id128(7, 4)};
    std::uint64_t asked{0};
};

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
}

order::Line mugs(std::int64_t units) {
    auto const price = Money::of(250, gbp);
    auto const net = Money::of(250 * units, gbp);
    return order::Line{
        LineNumber(1), sku("MUG"),       "A mug",       SkuKind::goods,   Quantity::of(units),
        price,         TaxClass("zero"), BasisPoints(), Money::zero(gbp), {net, Money::zero(gbp)}};
}

TEST_F(ShopSpec, a_purchase_goes_from_click_to_doorstep) {
    receive("MUG", 5);
    order::Quote quote{};
    quote.currency = gbp;
    quote.lines = {mugs(2)};
    quote.shipping = NetTax::zero(gbp);
    quote.discount = Money::zero(gbp);
    quote.total = Money::of(500, gbp);
    order::Place place{};
    place.order_id = order_id;
    place.quote = quote;
    place.country = Country::parse("GB").value();
    EXPECT_FALSE(ask(Compound{{On<Orders>{order_id, place}}}));
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

TEST_F(ShopSpec, an_order_cancelled_first_keeps_its_parcel_in_the_house) {
    receive("MUG", 5);
    auto const refused =
        ask(DispatchParcel{parcel_id, reservation_id, fulfilment::Carrier("demo"), {}});
    ASSERT_TRUE(refused);
    EXPECT_EQ(std::get<fulfilment::Rejection>(*refused), fulfilment::Rejection::unknown_fulfilment);
}

} // namespace
} // namespace kontor::services

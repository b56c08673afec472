#include "domain/order/labels.hpp"
#include "domain/order/limits.hpp"
#include "tests/support/orders.hpp"

#include <gtest/gtest.h>

namespace kontor::order {
namespace {

using kontor::testing::card;
using kontor::testing::given;
using kontor::testing::line;
using kontor::testing::line_number;
using kontor::testing::nth;
using kontor::testing::pence;
using kontor::testing::place;
using kontor::testing::placed;
using kontor::testing::quote;
using kontor::testing::units;
using kontor::testing::usual_now;
using kontor::testing::worth;

using Code = RejectionCode;

auto const parcel = nth<FulfilmentId>(1);
auto const second_parcel = nth<FulfilmentId>(2);
auto const window = usual_now + Duration::days(30);
Confirmed const confirmation{nth<PaymentId>(1), nth<ReservationId>(1),
                             usual_now + Duration::days(7)};
Actor const ann{ActorKind::operator_, InlineText<31>("ann")};

/// Three units for 1.00 and one for 12.00, tax 0.20 of it; shipping 5.00.
Placed two_lines() {
    return placed(place({line(1, 3, worth(100)), line(2, 1, worth(1'000, 200))}));
}
Placed with_services() {
    return placed(place({line(1, 2, worth(100)), line(2, 1, worth(50), SkuKind::voucher),
                         line(3, 1, worth(70), SkuKind::charge)}));
}
Placed services_only() {
    return placed(place({line(1, 2, worth(100, 20), SkuKind::voucher)}, worth(30)));
}

GrantRefund refund(RefundKind kind, std::int64_t amount, ActorKind by = ActorKind::process) {
    return {nth<RefundId>(1), nth<PaymentId>(1), kind, pence(amount), {}, {}, "late", by};
}

ReturnedLine back(int n, std::int64_t quantity, ItemCondition condition = ItemCondition::restock) {
    return {line_number(n), Quantity::of(quantity), condition};
}

TEST(PlaceOrder, gives_lines_their_numbers_and_the_buyer_a_promise) {
    auto command = place({line(7, 1, worth(100, 20)), line(7, 2, worth(300))});
    command.promises = {Duration::minutes(5), Duration::days(2), Duration::days(14),
                        ServicesShip::when_told};
    auto const fact = given<Decider>().when(command).fact<Placed>();
    EXPECT_EQ(fact.lines[0].line, line_number(1));
    EXPECT_EQ(fact.lines[1].line, line_number(2));
    EXPECT_EQ(fact.pay_by, usual_now + Duration::minutes(5));
    EXPECT_EQ(fact.ship_within, Duration::days(2));
    EXPECT_EQ(fact.return_window, Duration::days(14));
    EXPECT_EQ(fact.services_ship, ServicesShip::when_told);
    EXPECT_EQ(fact.total, pence(920));
    EXPECT_EQ(fact.payment, card());
}

TEST(PlaceOrder, refuses_what_does_not_add_up) {
    auto const good = place({line(1, 1, worth(100, 20))});
    auto const refuse = [&](auto change, Rejection why) {
        auto command = good;
        change(command);
        given<Decider>().when(command).then_rejected(why);
    };
    refuse([](Place& p) { p.quote.lines.clear(); }, {Code::empty_order});
    refuse([](Place& p) { p.quote.lines.resize(lines_max + 1, p.quote.lines[0]); },
           {Code::too_many_lines});
    refuse([](Place& p) { p.country = Country(); }, {Code::unknown_country});
    refuse([](Place& p) { p.expected_total = pence(1); }, {Code::price_changed});
    refuse([](Place& p) { p.quote.total = pence(1); }, {Code::quote_inconsistent});
    refuse([](Place& p) { p.quote.discount = pence(1); }, {Code::quote_inconsistent});
    refuse([](Place& p) { p.quote.currency = Currency::eur(); },
           {Code::currency_mixed, line_number(1)});
    refuse([](Place& p) { p.quote.shipping.net = Money::of(500, Currency::eur()); },
           {Code::currency_mixed});
    refuse([](Place& p) { p.quote.lines[0].value.net = pence(-1); },
           {Code::out_of_range, line_number(1)});
    refuse([](Place& p) { p.quote = quote({line(1, 1, worth(total_max + 1))}, worth(0)); },
           {Code::out_of_range});
    given<Decider>().when(place(std::vector<Line>(lines_max, line(1, 1, worth(1))))).fact<Placed>();
}

TEST(ConfirmOrder, promises_a_day_to_ship_by) {
    given<Decider>(two_lines())
        .when(Confirm{nth<PaymentId>(1), nth<ReservationId>(1)})
        .then(confirmation);
}

TEST(ConfirmOrder, ships_services_when_there_are_no_goods) {
    std::vector<LineQuantity> const all{units(1, 2)};
    given<Decider>(services_only())
        .when(Confirm{})
        .then(Confirmed{{}, {}, usual_now + Duration::days(7)}, Shipped{{}, all, worth(130, 20)},
              Delivered{{}, all, window});
}

TEST(ConfirmOrder, keeps_services_back_when_that_was_promised) {
    auto command = place({line(1, 2, worth(100, 20), SkuKind::voucher)}, worth(30));
    command.promises.services_ship = ServicesShip::when_told;
    auto const fact = placed(command);
    given<Decider>(fact).when(Confirm{}).then(Confirmed{{}, {}, usual_now + Duration::days(7)});
    given<Decider>(fact, confirmation)
        .when(Ship{{}, {}})
        .then(Shipped{{}, {units(1, 2)}, worth(130, 20)});
    given<Decider>(fact, confirmation, Shipped{{}, {units(1, 2)}, worth(130, 20)})
        .when(Deliver{{}})
        .then(Delivered{{}, {units(1, 2)}, window});
}

TEST(OfferPayment, is_possible_three_times_before_the_time_is_over) {
    OfferPayment const offer{2, PaymentMethod("card"), Personal<std::string>("tok_approve")};
    PaymentOffered const offered{2, offer.method, offer.token};
    given<Decider>(two_lines()).when(offer).then(offered);
    given<Decider>(two_lines(), offered).when(offer).then_nothing();
    auto next = offer;
    next.attempt = 3;
    given<Decider>(two_lines()).when(next).then_rejected(Code::attempt_skipped);
    given<Decider>(two_lines(), offered)
        .at(usual_now + Duration::minutes(15))
        .when(next)
        .then_rejected(Code::too_late);
    next.attempt = 4;
    given<Decider>(two_lines(), offered).when(next).then_rejected(Code::too_many_attempts);
    given<Decider>(placed(place({line(1, 1, worth(0))}, worth(0))))
        .when(offer)
        .then_rejected(Code::nothing_due);
}

TEST(CancelOrder, gives_the_whole_value_back_with_shipping) {
    given<Decider>(two_lines())
        .when(Cancel{"changed my mind", ActorKind::customer})
        .then(Cancelled{"changed my mind", ActorKind::customer, worth(1'600, 200)});
    given<Decider>(two_lines(), confirmation,
                   LinesCancelled{{units(1, 1)}, worth(33), "", ActorKind::customer, {}})
        .when(Cancel{"", ActorKind::customer})
        .then(Cancelled{"", ActorKind::customer, worth(1'567, 200)});
}

TEST(CancelOrder, names_the_line_that_has_left_and_what_is_still_open_of_it) {
    given<Decider>(two_lines(), confirmation, Shipped{parcel, {units(1, 2)}, worth(567)})
        .when(Cancel{"", ActorKind::customer})
        .then_rejected(Rejection{Code::already_shipped, line_number(1), Count(1)});
}

TEST(CancelLines, takes_the_units_share_and_the_last_unit_carries_the_rest) {
    CancelLines const one{{units(1, 1)}, "too many", ActorKind::customer};
    LinesCancelled fact{one.lines, worth(33), one.reason, one.by, nth<CommandId>(1)};
    given<Decider>(two_lines(), confirmation).under(fact.request).when(one).then(fact);
    auto second = fact;
    second.request = nth<CommandId>(2);
    second.value = worth(34);
    given<Decider>(two_lines(), confirmation, fact).under(second.request).when(one).then(second);
    auto third = fact;
    third.request = nth<CommandId>(3);
    given<Decider>(two_lines(), confirmation, fact, second)
        .under(third.request)
        .when(one)
        .then(third);
}

TEST(CancelLines, adds_up_a_line_that_is_named_twice) {
    given<Decider>(two_lines(), confirmation)
        .under(nth<CommandId>(1))
        .when(CancelLines{{units(2, 1), units(1, 1), units(1, 2)}, "", ActorKind::customer})
        .then(LinesCancelled{{units(1, 3), units(2, 1)},
                             worth(1'100, 200),
                             "",
                             ActorKind::customer,
                             nth<CommandId>(1)},
              Cancelled{"", ActorKind::customer, worth(500)});
}

TEST(CancelLines, says_how_many_units_may_still_go) {
    auto const ask = [](int n, std::int64_t quantity) {
        return CancelLines{{units(n, quantity)}, "", ActorKind::customer};
    };
    given<Decider>(two_lines(), confirmation)
        .when(ask(1, 4))
        .then_rejected(Rejection{Code::bad_quantity, line_number(1), Count(3)});
    given<Decider>(two_lines(), confirmation, Shipped{parcel, {units(1, 2)}, worth(567)})
        .when(ask(1, 2))
        .then_rejected(Rejection{Code::already_shipped, line_number(1), Count(1)});
    given<Decider>(two_lines(), confirmation)
        .when(ask(3, 1))
        .then_rejected(Rejection{Code::unknown_line, line_number(3)});
    given<Decider>(two_lines(), confirmation)
        .when(CancelLines{{}, "", ActorKind::customer})
        .then_rejected(Code::bad_quantity);
}

TEST(CancelLines, does_not_close_an_order_of_which_something_left) {
    given<Decider>(two_lines(), confirmation, Shipped{parcel, {units(1, 3)}, worth(600)})
        .under(nth<CommandId>(1))
        .when(CancelLines{{units(2, 1)}, "", ActorKind::customer})
        .then(LinesCancelled{
            {units(2, 1)}, worth(1'000, 200), "", ActorKind::customer, nth<CommandId>(1)});
}

TEST(ChangeAddress, changes_nothing_without_a_wish_or_after_the_last_parcel) {
    given<Decider>(two_lines()).when(ChangeAddress{}).then_nothing();
    given<Decider>(with_services(), confirmation,
                   Shipped{parcel, {units(1, 2), units(2, 1), units(3, 1)}, worth(720)})
        .when(ChangeAddress{kontor::testing::somewhere(), {}})
        .then_rejected(Code::already_shipped);
}

TEST(EditOrder, adds_lines_and_cancels_units_at_once) {
    EditOpened const opened{ann, usual_now + Duration::minutes(30)};
    given<Decider>(two_lines(), confirmation).when(OpenEdit{ann}).then(opened);
    auto const added = line(9, 2, worth(400));
    auto numbered = added;
    numbered.line = line_number(3);
    given<Decider>(two_lines(), confirmation, opened)
        .when(CommitEdit{{added}, {units(1, 1)}, nth<PaymentId>(2), nth<ReservationId>(2)})
        .then(Edited{
            {numbered}, {units(1, 1)}, pence(367), nth<PaymentId>(2), nth<ReservationId>(2)});
    given<Decider>(two_lines(), confirmation, opened)
        .when(CommitEdit{{}, {units(1, 1)}, {}, {}})
        .then(Edited{{}, {units(1, 1)}, pence(-33)});
}

TEST(EditOrder, asks_for_money_and_stock_only_where_they_are_needed) {
    EditOpened const opened{ann, window};
    auto const edit = given<Decider>(two_lines(), confirmation, opened);
    auto const free = line(3, 1, worth(0));
    auto const service = line(3, 1, worth(100), SkuKind::charge);
    edit.when(CommitEdit{{free}, {}, {}, {}}).then_rejected(Code::edit_unreserved);
    edit.when(CommitEdit{{service}, {}, {}, {}}).then_rejected(Code::edit_unpaid);
    edit.when(CommitEdit{{service}, {}, nth<PaymentId>(2), {}})
        .then(Edited{{service}, {}, pence(100), nth<PaymentId>(2), {}});
    edit.when(CommitEdit{{}, {units(1, 4)}, {}, {}})
        .then_rejected(Rejection{Code::bad_quantity, line_number(1), Count(3)});
    edit.when(CommitEdit{std::vector<Line>(lines_max - 1, service), {}, nth<PaymentId>(2), {}})
        .then_rejected(Code::too_many_lines);
}

TEST(EditOrder, that_takes_everything_away_cancels_the_order) {
    given<Decider>(two_lines(), confirmation, EditOpened{ann, window})
        .when(CommitEdit{{}, {units(1, 3), units(2, 1)}, {}, {}})
        .then(Edited{{}, {units(1, 3), units(2, 1)}, pence(-1'300)},
              Cancelled{"edited away", ActorKind::operator_, worth(500)});
}

TEST(ShipOrder, sends_shipping_and_services_with_the_first_parcel) {
    Shipped const first{parcel, {units(1, 1), units(2, 1), units(3, 1)}, worth(670)};
    given<Decider>(with_services(), confirmation).when(Ship{parcel, {units(1, 1)}}).then(first);
    given<Decider>(with_services(), confirmation, first)
        .when(Ship{second_parcel, {units(1, 1)}})
        .then(Shipped{second_parcel, {units(1, 1)}, worth(50)});
    given<Decider>(with_services(), confirmation, first).when(Ship{{}, {}}).then_nothing();
}

TEST(ShipOrder, pulls_a_parcel_whose_units_were_cancelled_meanwhile) {
    given<Decider>(two_lines(), confirmation,
                   LinesCancelled{{units(1, 2)}, worth(67), "", ActorKind::customer, {}})
        .when(Ship{parcel, {units(1, 2)}})
        .then_rejected(Rejection{Code::cancelled_meanwhile, line_number(1), Count(1)});
    given<Decider>(two_lines(), confirmation)
        .when(Ship{parcel, {}})
        .then_rejected(Code::bad_quantity);
    given<Decider>(two_lines(), confirmation)
        .when(Ship{{}, {units(1, 1)}})
        .then_rejected(Code::bad_quantity);
}

TEST(DeliverOrder, starts_the_time_to_return) {
    Shipped const shipped{parcel, {units(1, 2)}, worth(567)};
    given<Decider>(two_lines(), confirmation, shipped)
        .when(Deliver{parcel})
        .then(Delivered{parcel, shipped.lines, window});
    given<Decider>(two_lines(), confirmation, shipped)
        .when(Deliver{second_parcel})
        .then_rejected(Code::not_shipped);
    auto forever = place({line(1, 3, worth(100))});
    forever.promises.return_window.reset();
    given<Decider>(placed(forever), confirmation, Shipped{parcel, {units(1, 2)}, worth(567)})
        .when(Deliver{parcel})
        .then(Delivered{parcel, {units(1, 2)}, {}});
}

TEST(CompleteOrder, names_the_line_that_has_not_arrived) {
    Complete const complete{pence(0), pence(0)};
    given<Decider>(two_lines(), confirmation)
        .when(complete)
        .then_rejected(Rejection{Code::not_delivered, line_number(1), Count(3)});
    Shipped const all{parcel, {units(1, 3), units(2, 1)}, worth(1'600, 200)};
    Delivered const arrived{parcel, all.lines, window};
    auto const whole = given<Decider>(two_lines(), confirmation, all, arrived);
    whole.when(Complete{pence(1'700), pence(100)}).then(Completed{pence(1'700), pence(100)});
    whole.when(Complete{Money::zero(Currency::eur()), pence(0)})
        .then_rejected(Code::currency_mixed);
    whole.when(Complete{pence(0), pence(-1)}).then_rejected(Code::bad_amount);
}

TEST(ReturnGoods, makes_a_fact_for_each_condition_worth_just_these_units) {
    Shipped const shipped{parcel, {units(1, 3)}, worth(600)};
    Delivered const arrived{parcel, shipped.lines, window};
    ReturnRequested const asked{nth<ReturnId>(1), {units(1, 3)}, "broken", ActorKind::customer};
    auto const request = nth<CommandId>(9);
    given<Decider>(two_lines(), confirmation, shipped, arrived, asked)
        .under(request)
        .when(ReceiveReturn{
            asked.return_id,
            {back(1, 1, ItemCondition::damaged), back(1, 1), back(1, 1, ItemCondition::write_off)},
            true})
        .then(
            ReturnReceived{asked.return_id, {back(1, 1)}, worth(33), false, request},
            ReturnReceived{
                asked.return_id, {back(1, 1, ItemCondition::damaged)}, worth(34), false, request},
            ReturnReceived{
                asked.return_id, {back(1, 1, ItemCondition::write_off)}, worth(33), true, request});
}

TEST(ReturnGoods, may_come_in_several_parcels_and_be_asked_for_again) {
    Shipped const shipped{parcel, {units(1, 3)}, worth(600)};
    Delivered const arrived{parcel, shipped.lines, window};
    RequestReturn const ask{nth<ReturnId>(1), {units(1, 3)}, "", ActorKind::customer, {}};
    ReturnRequested const asked{ask.return_id, ask.lines, "", ActorKind::customer};
    ReturnReceived const first{asked.return_id, {back(1, 1)}, worth(33), false, nth<CommandId>(1)};
    auto const half = given<Decider>(two_lines(), confirmation, shipped, arrived, asked, first);
    half.when(ReceiveReturn{asked.return_id, {back(1, 3)}, true})
        .then_rejected(Rejection{Code::not_returnable, line_number(1), Count(2)});
    ReturnCancelled const called_off{asked.return_id, "kept"};
    auto again = ask;
    again.return_id = nth<ReturnId>(2);
    again.lines = {units(1, 2)};
    half.when(again).then_rejected(Rejection{Code::not_returnable, line_number(1), Count(0)});
    auto const open =
        given<Decider>(two_lines(), confirmation, shipped, arrived, asked, first, called_off);
    open.when(again).then(ReturnRequested{again.return_id, again.lines, "", ActorKind::customer});
    open.when(ReceiveReturn{asked.return_id, {back(1, 1)}, true})
        .then_rejected(Code::return_closed);
    open.when(CancelReturn{asked.return_id, "kept"}).then_nothing();
    EXPECT_EQ(book_of(open.state())->lines[0].return_asked, 3U);
}

TEST(ReturnGoods, the_last_unit_closes_the_return) {
    Shipped const shipped{parcel, {units(2, 1)}, worth(1'500, 200)};
    auto const state =
        given<Decider>(two_lines(), confirmation, shipped, Delivered{parcel, shipped.lines, window},
                       ReturnRequested{nth<ReturnId>(1), {units(2, 1)}, "", ActorKind::customer});
    auto const received =
        state.when(ReceiveReturn{nth<ReturnId>(1), {back(2, 1)}, false}).fact<ReturnReceived>();
    EXPECT_TRUE(received.last);
    EXPECT_EQ(received.value, worth(1'000, 200));
    state.when(ReceiveReturn{nth<ReturnId>(1), {}, false}).then_rejected(Code::bad_quantity);
    state.when(ReceiveReturn{nth<ReturnId>(1), {}, true})
        .then(ReturnReceived{nth<ReturnId>(1), {}, worth(0), true, CommandId(Id128(1, 1))});
}

TEST(ReturnToSender, brings_the_goods_of_a_parcel_back_undelivered) {
    Shipped const shipped{parcel, {units(1, 2), units(2, 1), units(3, 1)}, worth(720)};
    RequestReturn const bring{nth<ReturnId>(1), {}, "undeliverable", ActorKind::service, parcel};
    Delivered const rendered{parcel, {units(2, 1), units(3, 1)}, window};
    ReturnRequested const coming{bring.return_id, {units(1, 2)}, bring.reason, bring.by, parcel};
    given<Decider>(with_services(), confirmation, shipped).when(bring).then(rendered, coming);
    auto const back_home = given<Decider>(with_services(), confirmation, shipped, rendered, coming);
    back_home.when(Deliver{parcel}).then_rejected(Code::coming_back);
    auto other = bring;
    other.return_id = nth<ReturnId>(2);
    back_home.when(other).then_rejected(Code::not_returnable);
    back_home.when(Complete{pence(0), pence(0)}).then_rejected(Code::not_delivered);
    auto const received =
        back_home.when(ReceiveReturn{bring.return_id, {back(1, 2)}, true}).fact<ReturnReceived>();
    given<Decider>(with_services(), confirmation, shipped, rendered, coming, received)
        .when(Complete{pence(0), pence(0)})
        .then(Completed{pence(0), pence(0)});
    given<Decider>(with_services(), confirmation, shipped, rendered, coming,
                   ReturnCancelled{bring.return_id, "found the door"})
        .when(Deliver{parcel})
        .then(Delivered{parcel, {units(1, 2)}, window});
}

TEST(ReturnToSender, is_not_for_parcels_that_are_unknown_or_arrived) {
    Shipped const shipped{parcel, {units(1, 2)}, worth(567)};
    RequestReturn const bring{nth<ReturnId>(1), {}, "", ActorKind::service, parcel};
    given<Decider>(two_lines(), confirmation).when(bring).then_rejected(Code::not_shipped);
    given<Decider>(two_lines(), confirmation, shipped, Delivered{parcel, shipped.lines, window})
        .when(bring)
        .then_rejected(Code::not_returnable);
}

TEST(GrantRefund, gives_back_no_more_than_came_back) {
    Shipped const shipped{parcel, {units(2, 1)}, worth(1'500, 200)};
    ReturnReceived const received{
        nth<ReturnId>(1), {back(2, 1)}, worth(1'000, 200), true, nth<CommandId>(1)};
    auto const returned = given<Decider>(
        two_lines(), confirmation, shipped, Delivered{parcel, shipped.lines, window},
        ReturnRequested{nth<ReturnId>(1), {units(2, 1)}, "", ActorKind::customer}, received);
    EXPECT_EQ(returned.when(refund(RefundKind::return_, 1'200)).fact<RefundGranted>().value,
              worth(1'000, 200));
    EXPECT_EQ(returned.when(refund(RefundKind::return_, 600)).fact<RefundGranted>().value,
              worth(500, 100));
    returned.when(refund(RefundKind::return_, 1'201)).then_rejected(Code::exceeds_refundable);
    EXPECT_EQ(returned.when(refund(RefundKind::shipping, 500)).fact<RefundGranted>().value,
              worth(500));
    returned.when(refund(RefundKind::shipping, 501)).then_rejected(Code::exceeds_refundable);
    returned.when(refund(RefundKind::cancel, 1)).then_rejected(Code::exceeds_refundable);
    EXPECT_EQ(returned.when(refund(RefundKind::compensation, 9'999)).fact<RefundGranted>().value,
              worth(9'999));
    auto unknown = refund(RefundKind::return_, 1);
    unknown.return_id = nth<ReturnId>(2);
    returned.when(unknown).then_rejected(Code::unknown_return);
}

TEST(GrantRefund, goodwill_needs_an_operator_and_a_reason) {
    auto const order = given<Decider>(two_lines(), confirmation);
    order.when(refund(RefundKind::goodwill, 1, ActorKind::customer))
        .then_rejected(Code::operator_required);
    auto silent = refund(RefundKind::goodwill, 1, ActorKind::operator_);
    silent.reason.clear();
    order.when(silent).then_rejected(Code::reason_required);
    order.when(refund(RefundKind::goodwill, 0, ActorKind::operator_))
        .then_rejected(Code::bad_amount);
    auto euros = refund(RefundKind::goodwill, 1, ActorKind::operator_);
    euros.amount = Money::of(1, Currency::eur());
    order.when(euros).then_rejected(Code::currency_mixed);
}

TEST(Labels, follow_from_facts_and_payments) {
    auto const order = given<Decider>(two_lines(), confirmation);
    auto const owed = due(order.state());
    EXPECT_EQ(owed, pence(1'800));
    auto const label = [&](std::int64_t authorised, std::int64_t captured, std::int64_t refunded) {
        return payment_label(owed, owed, {pence(authorised), pence(captured), pence(refunded)});
    };
    EXPECT_EQ(label(0, 0, 0), PaymentLabel::unpaid);
    EXPECT_EQ(label(1'800, 0, 0), PaymentLabel::authorised);
    EXPECT_EQ(label(1'800, 5, 0), PaymentLabel::part_paid);
    EXPECT_EQ(label(1'800, 1'800, 0), PaymentLabel::paid);
    EXPECT_EQ(label(1'800, 1'801, 0), PaymentLabel::overpaid);
    EXPECT_EQ(label(1'800, 1'800, 1'800), PaymentLabel::refunded);
    auto const of_nothing = [&](std::int64_t authorised) {
        return payment_label(owed, pence(0), {pence(authorised), pence(0), pence(0)});
    };
    EXPECT_EQ(of_nothing(0), PaymentLabel::unpaid) << "nobody paid an order that was rejected";
    EXPECT_EQ(of_nothing(1'800), PaymentLabel::authorised) << "nor one that is cancelled";
    PaymentSums const no_money{pence(0), pence(0), pence(0)};
    EXPECT_EQ(payment_label(pence(0), pence(0), no_money), PaymentLabel::paid)
        << "it costs nothing";
    EXPECT_EQ(fulfilment_label(order.state()), FulfilmentLabel::none);
    EXPECT_EQ(due(given<Decider>(two_lines(), Expired{usual_now}).state()), pence(0));
    EXPECT_EQ(order_number(OrderId(Id128(0, 0))), "0000-0000");
    EXPECT_EQ(order_number(OrderId(Id128(7, 0xFF'FFFF'FFFF))), "ZZZZ-ZZZZ");
    EXPECT_EQ(order_number(OrderId(Id128(7, 0xFFFF'FF00'0000'0001))), "0000-0001");
    OrderId const id(Id128(7, 0xABCD'1234'5678'9ABC));
    EXPECT_EQ(parse_order_number(order_number(id)), order_number_bits(id));
    EXPECT_EQ(parse_order_number("zzzz-zzzz"), 0xFF'FFFF'FFFFU);
    EXPECT_EQ(parse_order_number("oOiI-lL10"), parse_order_number("0011-1110"));
    for (auto const* const none :
         {"", "K7QM-2F9", "K7QM-2F9TT", "K7QM2-F9T", "K7QU-2F9T", "K7QM 2F9T", "nonsense",
          "K7QM2F9T", "ord_00000000000000000000000000"})
        EXPECT_EQ(parse_order_number(none), std::nullopt) << none;
}

} // namespace
} // namespace kontor::order

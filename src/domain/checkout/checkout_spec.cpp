#include "tests/support/purchase.hpp"

#include <gtest/gtest.h>

namespace kontor::checkout::spec {
namespace {

TEST(APurchase, goes_from_click_to_doorstep_in_seven_steps) {
    Purchase buy;
    auto const reserve = buy.tell(buy.placed()).then_sends<ReserveLines>().command<ReserveLines>();
    EXPECT_EQ(reserve.lines.size(), 3U);
    EXPECT_EQ(reserve.expires_at, noon + Duration::minutes(15));
    auto const authorise =
        buy.tell(buy.reserved(), buy.held()).then_sends<Authorise>().command<Authorise>();
    EXPECT_EQ(authorise.amount, pounds(300));
    buy.tell(buy.pay(), buy.authorised(300)).then_sends<ConfirmOrder>();
    buy.tell(buy.reserved(), reservation::Confirmed{order_id}).then_nothing();
    auto const parcel =
        buy.tell(buy.confirmed()).then_sends<CreateFulfilment>().command<CreateFulfilment>();
    EXPECT_EQ(parcel.lines.size(), 3U);
    EXPECT_EQ(parcel.location, main_store());
    buy.tell(buy.parcel(), fulfilment::Created{order_id, main_store(), parcel.lines, noon})
        .then_nothing();
    auto const capture = buy.tell(buy.shipped()).then_sends<Capture>().command<Capture>();
    EXPECT_EQ(capture.amount, pounds(300));
    EXPECT_TRUE(capture.last);
    EXPECT_EQ(buy.phase(), Phase::settling);
    buy.tell(buy.pay(), buy.captured(300)).then_sends<>();
    auto const complete = buy.tell(buy.delivered()).then_sends<CompleteOrder>();
    EXPECT_EQ(complete.command<CompleteOrder>().net, pounds(300));
    EXPECT_EQ(complete.command<CompleteOrder>().uncollected, pounds(0));
    buy.tell(order::Completed{pounds(300), pounds(0)}).then_nothing();
    EXPECT_EQ(buy.phase(), Phase::done);
    EXPECT_EQ(buy.steps, 7);
    EXPECT_TRUE(is_terminal(buy.state()));
    EXPECT_FALSE(next_deadline(buy.state()));
}

TEST(APurchase, may_be_delivered_before_it_is_captured) {
    Purchase buy;
    buy.until_shipped();
    buy.tell(buy.delivered()).then_sends<>();
    buy.tell(buy.pay(), buy.captured(300)).then_sends<CompleteOrder>();
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(APurchase, without_stock_is_rejected_and_done) {
    Purchase buy;
    buy.tell(buy.placed());
    auto const reject =
        buy.tell(buy.reserved(), reservation::Rejected{order_id, 1, {{sku(1), Count(2), Count(1)}}})
            .then_sends<RejectOrder>()
            .command<RejectOrder>();
    EXPECT_EQ(reject.reason, order::RejectReason::no_stock);
    EXPECT_EQ(reject.shortages.size(), 1U);
    EXPECT_EQ(buy.phase(), Phase::done);
    buy.tell(order::Rejected{order::RejectReason::no_stock}).then_nothing();
}

TEST(APurchase, that_costs_nothing_needs_no_payment) {
    Purchase buy;
    buy.price = 0;
    buy.tell(buy.placed());
    buy.tell(buy.reserved(), buy.held()).then_sends<ConfirmOrder>();
    buy.tell(buy.confirmed()).then_sends<CreateFulfilment>();
    buy.tell(buy.shipped()).then_sends<>();
    buy.tell(buy.delivered()).then_sends<CompleteOrder>();
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(APurchase, of_services_alone_needs_no_goods) {
    Purchase buy;
    auto placed = buy.placed();
    for (auto& line : placed.lines)
        line.kind = SkuKind::voucher;
    buy.tell(placed).then_sends<Authorise>();
    buy.tell(buy.pay(), buy.authorised(300)).then_sends<ConfirmOrder>();
    buy.tell(buy.confirmed()).then_sends<>();
    auto const capture = buy.tell(order::Shipped{{}, buy.all_lines(), worth(300)})
                             .then_sends<Capture>()
                             .command<Capture>();
    EXPECT_FALSE(capture.fulfilment_id);
    buy.tell(order::Delivered{{}, buy.all_lines()}).then_sends<>();
    buy.tell(buy.pay(), payment::Captured{capture.capture_id, pounds(300), true})
        .then_sends<CompleteOrder>();
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(APurchase, that_is_declined_waits_for_another_card_until_the_time_to_pay_is_over) {
    Purchase buy;
    buy.until_reserved();
    buy.tell(buy.pay(), payment::Declined{order_id, 1, {}, true}).then_sends<>();
    auto const second =
        buy.tell(order::PaymentOffered{2, {}, {}}).then_sends<Authorise>().command<Authorise>();
    EXPECT_EQ(second.payment_id, buy.pay(2));
    buy.tell(buy.pay(2), payment::Declined{order_id, 2, {}, false}).then_sends<>();
    buy.wait().then_sends<ExpireOrder, ReleaseReservation>();
    EXPECT_EQ(buy.process.now(), noon + Duration::minutes(15));
    buy.tell(order::Expired{noon}).then_sends<>();
    buy.tell(buy.reserved(), reservation::Released{order_id, {}}).then_sends<>();
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(APurchase, is_rejected_after_three_declined_cards) {
    Purchase buy;
    buy.until_reserved();
    for (std::uint16_t attempt = 1; attempt <= 2; ++attempt) {
        buy.tell(buy.pay(attempt), payment::Declined{order_id, attempt, {}, false});
        buy.tell(order::PaymentOffered{attempt + 1U, {}, {}}).then_sends<Authorise>();
    }
    buy.tell(buy.pay(3), payment::Declined{order_id, 3, {}, false})
        .then_sends<RejectOrder, ReleaseReservation>();
    EXPECT_EQ(buy.phase(), Phase::unwinding);
}

TEST(APurchase, with_the_wrong_amount_held_is_voided_and_waits_for_another_card) {
    Purchase buy;
    buy.until_reserved();
    buy.tell(buy.pay(), buy.authorised(299)).then_sends<VoidPayment>();
    buy.tell(buy.pay(), payment::Voided{pounds(299), payment::VoidReason::wrong_amount})
        .then_sends<>();
    EXPECT_EQ(buy.phase(), Phase::authorising);
    buy.tell(order::PaymentOffered{2, {}, {}}).then_sends<Authorise>();
}

TEST(AnUnknownOutcome, is_looked_up_then_called_again_and_keeps_the_goods_once) {
    Purchase buy;
    buy.until_reserved();
    buy.tell(buy.pay(), payment::OutcomeUnknown{}).then_sends<ExtendHold>();
    EXPECT_EQ(buy.phase(), Phase::resolving);
    buy.wait().then_sends<FindPayment>();
    auto const again = buy.wait().then_sends<Authorise>().command<Authorise>();
    EXPECT_EQ(buy.process.now() - noon, Duration::seconds(1 + 2));
    EXPECT_EQ(again.payment_id, buy.pay());
    buy.tell(buy.pay(), buy.authorised(300)).then_sends<ConfirmOrder>();
}

TEST(AnUnknownOutcome, of_a_call_that_never_arrived_stays_no_minute_once_the_provider_is_back) {
    Purchase buy;
    buy.until_reserved();
    buy.tell(buy.pay(), payment::OutcomeUnknown{});
    auto asked_at = buy.process.now();
    for (;;) {
        auto const step = buy.wait();
        if (buy.phase() != Phase::resolving)
            break;
        auto const& sent = std::get<Advanced>(step.outputs().events.front()).commands;
        if (sent.empty() || sent.back().step != Step::authorise)
            continue;
        EXPECT_LE(buy.process.now() - asked_at, Duration::seconds(40));
        asked_at = buy.process.now();
    }
    EXPECT_GT(asked_at - noon, Duration::minutes(29)) << "it was asked until the end";
}

TEST(AnUnknownOutcome, that_stays_unknown_ends_the_order_within_46_minutes) {
    Purchase buy;
    buy.until_reserved();
    buy.later(Duration::minutes(14));
    buy.tell(buy.pay(), payment::OutcomeUnknown{});
    while (buy.phase() == Phase::resolving)
        buy.wait();
    EXPECT_EQ(buy.phase(), Phase::unwinding);
    EXPECT_LE(buy.process.now() - noon, Duration::minutes(45));
    buy.tell(order::Rejected{order::RejectReason::payment_unresolved});
    buy.tell(buy.reserved(), reservation::Released{order_id, {}});
    auto const find = buy.wait().then_sends<FindPayment>().command<FindPayment>();
    EXPECT_EQ(find.if_nothing, IfNothingFound::give_up);
    buy.tell(buy.pay(), payment::Declined{order_id, 1, {}, false}).then_sends<>();
    EXPECT_EQ(buy.phase(), Phase::done);
    EXPECT_LE(buy.process.now() - noon, Duration::minutes(46));
}

TEST(AnOrder, in_several_parcels_is_captured_parcel_by_parcel) {
    Purchase buy;
    buy.lines = 50;
    buy.until_paid();
    buy.tell(buy.confirmed()).then_sends<CreateFulfilment, CreateFulfilment>();
    auto const lines = buy.all_lines();
    std::vector<LineQuantity> const first(lines.begin(), lines.begin() + 40);
    std::vector<LineQuantity> const second(lines.begin() + 40, lines.end());
    auto const one = buy.tell(order::Shipped{buy.parcel(1), first, worth(4000)})
                         .then_sends<Capture>()
                         .command<Capture>();
    EXPECT_EQ(one.amount, pounds(4000));
    EXPECT_FALSE(one.last);
    EXPECT_EQ(buy.phase(), Phase::fulfilling);
    buy.tell(buy.pay(), payment::Captured{one.capture_id, pounds(4000), false});
    auto const two = buy.tell(order::Shipped{buy.parcel(2), second, worth(1000)})
                         .then_sends<Capture>()
                         .command<Capture>();
    EXPECT_TRUE(two.last);
    EXPECT_NE(one.capture_id, two.capture_id);
}

TEST(AnOrder, is_captured_whole_with_the_first_parcel_where_the_provider_captures_once) {
    Purchase buy;
    buy.setting = CaptureSetting::once;
    buy.lines = 50;
    buy.until_confirmed();
    auto const lines = buy.all_lines();
    std::vector<LineQuantity> const first(lines.begin(), lines.begin() + 40);
    auto const capture = buy.tell(order::Shipped{buy.parcel(1), first, worth(4000)})
                             .then_sends<Capture>()
                             .command<Capture>();
    EXPECT_EQ(capture.amount, pounds(5000));
    buy.tell(buy.pay(), payment::Captured{capture.capture_id, pounds(5000), false});
    auto const refund =
        buy.tell(order::LinesCancelled{
                     {lines.back()}, worth(100), "", ActorKind::customer, request(1)})
            .then_sends<CancelFulfilment, ReleaseReservation, CreateFulfilment, RefundPayment>()
            .command<RefundPayment>();
    EXPECT_EQ(refund.amount, pounds(100));
    EXPECT_EQ(refund.kind, order::RefundKind::cancel);
}

TEST(AnOrder, with_backorders_ships_them_when_they_come) {
    Purchase buy;
    buy.tell(buy.placed());
    buy.tell(buy.reserved(), buy.held(1, 1));
    buy.tell(buy.pay(), buy.authorised(300));
    auto const first =
        buy.tell(buy.confirmed()).then_sends<CreateFulfilment>().command<CreateFulfilment>();
    EXPECT_EQ(first.lines.front().quantity, Quantity::of(1));
    reservation::Filled filled{order_id, {}};
    for (int i = 1; i <= 3; ++i)
        filled.items.push_back({sku(i), main_store(), Count(1), Count(0)});
    buy.tell(buy.reserved(), filled).then_sends<CreateFulfilment>();
    buy.tell(buy.reserved(), filled).then_nothing();
}

TEST(AnOrder, whose_backorders_do_not_come_in_30_days_is_cancelled_by_line) {
    Purchase buy;
    buy.tell(buy.placed());
    buy.tell(buy.reserved(), buy.held(1, 2));
    buy.tell(buy.pay(), buy.authorised(300));
    buy.tell(buy.confirmed()).then_sends<>();
    auto const confirmed_at = buy.process.now();
    auto last_sent = Step::find;
    while (last_sent != Step::cancel_lines && buy.steps < 50) {
        auto const step = buy.wait();
        auto const& commands = std::get<Advanced>(step.outputs().events.front()).commands;
        last_sent = commands.empty() ? Step::find : commands.back().step;
        if (last_sent != Step::authorise)
            continue;
        auto const renewal = step.command<Authorise>();
        EXPECT_EQ(renewal.initiator, payment::Initiator::merchant);
        auto const old = buy.tell(renewal.payment_id,
                                  buy.authorised(300, static_cast<std::uint16_t>(renewal.attempt)))
                             .then_sends<VoidPayment>()
                             .command<VoidPayment>();
        buy.tell(old.payment_id, payment::Voided{pounds(300), old.reason}).then_sends<>();
    }
    EXPECT_EQ(buy.process.now(), confirmed_at + Duration::days(30));
    EXPECT_EQ(last_sent, Step::cancel_lines);
}

} // namespace
} // namespace kontor::checkout::spec

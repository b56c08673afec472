#include "tests/support/purchase.hpp"

#include <gtest/gtest.h>

namespace kontor::checkout::spec {
namespace {

// The races of DOMAIN section 8, each decided in one sentence.

TEST(Race, a_payment_that_succeeds_after_the_hold_expired_reserves_again) {
    Purchase buy;
    buy.until_reserved();
    buy.tell(buy.reserved(), reservation::Expired{order_id, {}}).then_sends<>();
    auto const again =
        buy.tell(buy.pay(), buy.authorised(300)).then_sends<ReserveLines>().command<ReserveLines>();
    EXPECT_EQ(again.attempt, 2);
    EXPECT_EQ(again.lines.size(), 3U);
    auto const confirm =
        buy.tell(buy.reserved(2), buy.held(2)).then_sends<ConfirmOrder>().command<ConfirmOrder>();
    EXPECT_EQ(confirm.reservation_id, buy.reserved(2));
}

TEST(Race, a_confirmation_that_meets_a_closed_reservation_reserves_again) {
    Purchase buy;
    buy.until_paid();
    buy.refuse(Step::confirm_order, RefusalReason::reservation_closed).then_sends<ReserveLines>();
    EXPECT_EQ(buy.phase(), Phase::reserving);
    buy.refuse(Step::confirm_order, RefusalReason::reservation_closed).then_nothing();
}

TEST(Race, sold_out_while_paying_is_rejected_and_the_money_let_go) {
    Purchase buy;
    buy.until_paid();
    buy.refuse(Step::confirm_order, RefusalReason::reservation_closed);
    auto const step = buy.tell(buy.reserved(2),
                               reservation::Rejected{order_id, 2, {{sku(1), Count(2), Count(0)}}})
                          .then_sends<RejectOrder, VoidPayment>();
    EXPECT_EQ(step.command<RejectOrder>().reason, order::RejectReason::sold_out_while_paying);
    buy.tell(buy.pay(), payment::Voided{pounds(300), payment::VoidReason::compensation});
    buy.tell(order::Rejected{order::RejectReason::sold_out_while_paying}).then_sends<>();
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(Race, a_webhook_before_the_answer_or_twice_counts_once) {
    Purchase buy;
    buy.until_paid();
    buy.tell(buy.pay(), buy.authorised(300)).then_nothing();
    buy.tell(buy.pay(), payment::OutcomeUnknown{}).then_nothing();
}

TEST(Race, a_contradiction_is_decided_by_the_book_and_a_lost_payment_waits_for_another) {
    Purchase buy;
    buy.until_paid();
    // The payment recorded what the provider's book says: nothing is held after all.
    buy.tell(buy.pay(), payment::Declined{order_id, 1, {}, false}).then_sends<>();
    EXPECT_EQ(buy.phase(), Phase::authorising);
}

TEST(Race, a_late_success_after_compensation_is_voided_and_revives_nothing) {
    Purchase buy;
    buy.until_reserved();
    buy.wait().then_sends<ExpireOrder, ReleaseReservation, FindPayment>();
    buy.tell(order::Expired{noon});
    buy.tell(buy.reserved(), reservation::Released{order_id, {}});
    buy.tell(buy.pay(), payment::Declined{order_id, 1, {}, false}).then_sends<>();
    EXPECT_EQ(buy.phase(), Phase::done);
    buy.later(Duration::hours(2));
    buy.tell(buy.pay(), buy.authorised(300)).then_sends<VoidPayment>();
    EXPECT_EQ(buy.phase(), Phase::unwinding);
    buy.tell(buy.pay(), payment::Voided{pounds(300), payment::VoidReason::compensation});
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(Race, a_cancel_before_the_authorisation_voids_what_comes_later) {
    Purchase buy;
    buy.until_reserved();
    buy.tell(order::Cancelled{"", ActorKind::customer, worth(300)})
        .then_sends<ReleaseReservation, FindPayment>();
    buy.tell(buy.pay(), buy.authorised(300)).then_sends<VoidPayment>();
}

TEST(Race, a_cancel_before_the_confirmation_takes_everything_back) {
    Purchase buy;
    buy.until_paid();
    buy.refuse(Step::confirm_order, RefusalReason::order_closed)
        .then_sends<ReleaseReservation, VoidPayment>();
    buy.tell(order::Cancelled{"", ActorKind::customer, worth(300)}).then_nothing();
}

TEST(Race, a_cancel_before_the_dispatch_pulls_the_parcel) {
    Purchase buy;
    buy.until_confirmed();
    buy.tell(order::Cancelled{"", ActorKind::customer, worth(300)})
        .then_sends<ReleaseReservation, CancelFulfilment, VoidPayment>();
    buy.tell(buy.parcel(), fulfilment::Cancelled{order_id}).then_sends<>();
    buy.tell(buy.reserved(), reservation::Released{order_id, {}}).then_sends<>();
    buy.tell(buy.pay(), payment::Voided{pounds(300), payment::VoidReason::compensation});
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(Race, a_dispatch_before_the_cancel_keeps_its_parcel_and_its_money) {
    Purchase buy;
    buy.until_shipped();
    buy.tell(buy.pay(), buy.captured(300));
    buy.tell(buy.delivered()).then_sends<CompleteOrder>();
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(Race, a_confirmation_that_overtakes_the_expiry_is_cancelled) {
    Purchase buy;
    buy.until_reserved();
    buy.wait().then_sends<ExpireOrder, ReleaseReservation, FindPayment>();
    buy.refuse(Step::expire_order, RefusalReason::already_confirmed).then_sends<CancelOrder>();
    buy.refuse(Step::expire_order, RefusalReason::already_confirmed).then_nothing();
}

TEST(Race, an_edit_before_the_dispatch_holds_the_parcel_until_it_is_over) {
    Purchase buy;
    buy.until_confirmed();
    buy.tell(order::EditOpened{{}, buy.process.now() + Duration::minutes(30)})
        .then_sends<HoldFulfilment>();
    buy.wait().then_sends<AbandonEdit>();
    EXPECT_EQ(buy.process.now(), noon + Duration::minutes(30));
    buy.tell(order::EditAbandoned{""}).then_sends<ResumeFulfilment>();
    buy.tell(order::EditAbandoned{""}).then_nothing();
}

TEST(Race, two_captures_for_one_parcel_have_one_id) {
    Purchase buy;
    buy.until_shipped();
    auto const again = buy.wait().then_sends<Capture>().command<Capture>();
    EXPECT_EQ(again.capture_id, buy.capture());
    buy.tell(buy.shipped()).then_nothing();
}

TEST(Race, a_capture_after_expiry_is_authorised_anew_for_that_value) {
    Purchase buy;
    buy.until_shipped();
    auto const late =
        buy.refuse(Step::capture, RefusalReason::authorisation_expired, buy.capture().value())
            .then_sends<Authorise>()
            .command<Authorise>();
    EXPECT_EQ(late.amount, pounds(300));
    EXPECT_EQ(late.initiator, payment::Initiator::merchant);
    buy.tell(late.payment_id, buy.authorised(300, static_cast<std::uint16_t>(late.attempt)))
        .then_sends<Capture>();
}

TEST(Race, a_capture_after_expiry_that_is_declined_is_uncollected) {
    Purchase buy;
    buy.until_shipped();
    auto const late =
        buy.refuse(Step::capture, RefusalReason::authorisation_expired, buy.capture().value())
            .command<Authorise>();
    buy.tell(late.payment_id,
             payment::Declined{order_id, static_cast<std::uint16_t>(late.attempt), {}, false});
    auto const complete =
        buy.tell(buy.delivered()).then_sends<CompleteOrder>().command<CompleteOrder>();
    EXPECT_EQ(complete.net, pounds(0));
    EXPECT_EQ(complete.uncollected, pounds(300));
}

TEST(Race, a_refused_capture_is_tried_until_the_authorisation_ends) {
    Purchase buy;
    buy.until_shipped();
    buy.tell(buy.delivered());
    int tries = 0;
    while (buy.phase() == Phase::settling && ++tries < 50) {
        buy.tell(buy.pay(), payment::CaptureFailed{buy.capture(), {}});
        buy.wait();
    }
    EXPECT_EQ(buy.phase(), Phase::settling);
    EXPECT_GT(tries, 5);
    EXPECT_LE(buy.process.now() - noon, Duration::days(8));
}

TEST(Race, a_refund_waits_for_a_dispute_and_goes_on_when_it_is_won) {
    Purchase buy;
    buy.until_done();
    DisputeId const dispute{Id128(5, 5)};
    buy.tell(buy.pay(),
             payment::Disputed{dispute, pounds(300), buy.process.now() + Duration::days(7)});
    ReturnId const back{Id128(6, 6)};
    buy.tell(order::ReturnRequested{back, buy.all_lines(), "", ActorKind::customer});
    auto const refund =
        buy.tell(order::ReturnReceived{back,
                                       {{LineNumber(1), Quantity::of(2), ItemCondition::restock}},
                                       worth(100),
                                       true,
                                       request(1)})
            .then_sends<RefundPayment>()
            .command<RefundPayment>();
    EXPECT_EQ(refund.amount, pounds(100));
    buy.refuse(Step::refund, RefusalReason::payment_disputed, refund.refund_id.value())
        .then_sends<>();
    buy.tell(buy.pay(), payment::DisputeClosed{dispute, payment::DisputeOutcome::won});
    buy.wait().then_sends<RefundPayment>();
    buy.tell(buy.pay(), payment::RefundPending{refund.refund_id, pounds(100)});
    buy.tell(buy.pay(), payment::Refunded{refund.refund_id, pounds(100), {}});
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(Race, a_return_received_twice_is_refunded_once) {
    Purchase buy;
    buy.until_done();
    ReturnId const back{Id128(6, 6)};
    order::ReturnReceived const received{back,
                                         {{LineNumber(1), Quantity::of(2), ItemCondition::restock}},
                                         worth(100),
                                         true,
                                         request(1)};
    buy.tell(received).then_nothing();
    buy.tell(order::ReturnRequested{back, buy.all_lines(), "", ActorKind::customer});
    buy.tell(received).then_sends<RefundPayment>();
    buy.tell(received).then_nothing();
}

TEST(AReturn, of_damaged_units_waits_for_an_operator_and_alarms_after_14_days) {
    Purchase buy;
    buy.until_done();
    ReturnId const back{Id128(6, 6)};
    buy.tell(order::ReturnRequested{back, buy.all_lines(), "", ActorKind::customer});
    buy.tell(order::ReturnReceived{back,
                                   {{LineNumber(1), Quantity::of(2), ItemCondition::damaged}},
                                   worth(100),
                                   true,
                                   request(1)})
        .then_sends<>();
    buy.wait().then_sends<RaiseAlarm>();
    EXPECT_EQ(buy.process.now() - noon, Duration::days(14));
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(AReturn, of_units_that_were_never_paid_is_not_refunded) {
    Purchase buy;
    buy.until_shipped();
    buy.tell(buy.pay(), buy.captured(200)); // of 300: the rest could not be had
    buy.tell(buy.delivered()).then_sends<CompleteOrder>();
    auto const send_back = [&](std::uint64_t number, std::vector<order::ReturnedLine> lines) {
        ReturnId const back{Id128(6, number)};
        auto const value = worth(100 * static_cast<std::int64_t>(lines.size()));
        buy.tell(order::ReturnRequested{back, buy.all_lines(), "", ActorKind::customer});
        return buy.tell(
            order::ReturnReceived{back, std::move(lines), value, true, request(number)});
    };
    auto const two = Quantity::of(2);
    send_back(1, {{LineNumber(1), two, ItemCondition::restock}}).then_sends<>();
    send_back(2, {{LineNumber(2), two, ItemCondition::restock},
                  {LineNumber(3), two, ItemCondition::restock}})
        .then_sends<RefundPayment, RefundPayment>();
    EXPECT_EQ(buy.state().refunds, 200) << "all that was paid, now that everything is back";
}

TEST(AnEdit, that_is_open_when_the_order_is_taken_back_is_abandoned_first) {
    Purchase buy;
    buy.until_paid();
    buy.tell(buy.pay(), payment::AuthorisationExpired{pounds(300)});
    buy.tell(buy.confirmed()); // it was on its way
    buy.tell(order::EditOpened{{}, buy.process.now() + Duration::minutes(30)});
    buy.wait().then_sends<ExpireOrder, AbandonEdit, CancelOrder, ReleaseReservation>();
}

TEST(AReturn, that_is_never_sent_is_called_off_after_30_days) {
    Purchase buy;
    buy.until_done();
    ReturnId const back{Id128(6, 6)};
    buy.tell(order::ReturnRequested{back, buy.all_lines(), "", ActorKind::customer});
    buy.wait().then_sends<CancelReturn>();
    EXPECT_EQ(buy.process.now() - noon, Duration::days(30));
    buy.tell(order::ReturnCancelled{back, ""}).then_sends<>();
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(AParcel, that_the_carrier_is_silent_about_counts_as_delivered_after_14_days) {
    Purchase buy;
    buy.until_captured();
    buy.wait().then_sends<RaiseAlarm, DeliverFulfilment>();
    EXPECT_EQ(buy.process.now() - noon, Duration::days(14));
    buy.tell(buy.delivered()).then_sends<CompleteOrder>();
}

TEST(AParcel, that_comes_back_opens_a_return_and_is_refunded) {
    Purchase buy;
    buy.until_captured();
    auto const back = buy.tell(buy.parcel(), fulfilment::ReturnedToSender{order_id, 2})
                          .then_sends<RequestReturn>()
                          .command<RequestReturn>();
    EXPECT_EQ(back.lines, buy.all_lines());
    buy.tell(
           order::ReturnRequested{back.return_id, back.lines, "", ActorKind::process, buy.parcel()})
        .then_nothing();
    buy.tell(order::ReturnReceived{back.return_id,
                                   {{LineNumber(1), Quantity::of(2), ItemCondition::restock}},
                                   worth(300),
                                   true,
                                   request(1)})
        .then_sends<RefundPayment>();
}

TEST(AParcel, that_is_not_dispatched_in_time_has_its_lines_cancelled) {
    Purchase buy;
    buy.until_confirmed();
    buy.tell(buy.pay(), payment::AuthorisationExpired{pounds(300)});
    auto const cancel = buy.wait().then_sends<CancelLines>().command<CancelLines>();
    EXPECT_EQ(cancel.lines, buy.all_lines());
    EXPECT_EQ(cancel.because, Deadline::ship_by);
}

TEST(AReview, holds_parcels_until_support_releases_them) {
    Purchase buy;
    buy.until_confirmed();
    buy.process.when(RiskFlagged{90}).then_sends<HoldFulfilment>();
    buy.process.when(RiskFlagged{90}).then_nothing();
    buy.wait().then_sends<RaiseAlarm>();
    EXPECT_EQ(buy.process.now() - noon, Duration::hours(48));
    buy.tell(buy.parcel(), fulfilment::Resumed{order_id, fulfilment::HoldReason::in_review})
        .then_sends<ResumeFulfilment>();
}

TEST(AnEdit, reserves_and_authorises_the_difference_then_commits) {
    Purchase buy;
    buy.until_confirmed();
    buy.tell(order::EditOpened{{}, buy.process.now() + Duration::minutes(30)});
    auto added = buy.placed().lines.front();
    added.sku = sku(9);
    auto const step =
        buy.process.when(EditAsked{{added}, {}, pounds(100)}).then_sends<ReserveLines, Authorise>();
    auto const reserve = step.command<ReserveLines>();
    auto const authorise = step.command<Authorise>();
    EXPECT_EQ(reserve.lines.front().sku, sku(9));
    EXPECT_EQ(authorise.amount, pounds(100));
    buy.tell(
           reserve.reservation_id,
           reservation::Held{order_id, reserve.attempt, {{sku(9), main_store(), Count(2), {}}}, {}})
        .then_sends<>();
    auto const commit = buy.tell(authorise.payment_id,
                                 buy.authorised(100, static_cast<std::uint16_t>(authorise.attempt)))
                            .then_sends<CommitEdit>()
                            .command<CommitEdit>();
    EXPECT_EQ(commit.payment_id, authorise.payment_id);
    EXPECT_EQ(commit.reservation_id, reserve.reservation_id);
    added.line = LineNumber(4);
    auto const parcel = buy.tell(order::Edited{{added}, {}, pounds(100)})
                            .then_sends<CreateFulfilment, ResumeFulfilment>()
                            .command<CreateFulfilment>();
    EXPECT_EQ(parcel.lines.front().line, LineNumber(4));
}

TEST(AnEdit, whose_difference_is_declined_is_abandoned_and_gives_back_what_it_held) {
    Purchase buy;
    buy.until_confirmed();
    buy.tell(order::EditOpened{{}, buy.process.now() + Duration::minutes(30)});
    auto added = buy.placed().lines.front();
    auto const step = buy.process.when(EditAsked{{added}, {}, pounds(100)});
    auto const authorise = step.command<Authorise>();
    buy.tell(authorise.payment_id, payment::Declined{order_id, 17, {}, false})
        .then_sends<AbandonEdit>();
    buy.tell(order::EditAbandoned{""}).then_sends<ReleaseReservation, ResumeFulfilment>();
}

TEST(AnEdit, that_was_abandoned_lets_go_at_once_of_what_is_authorised_for_it_late) {
    Purchase buy;
    buy.until_confirmed();
    buy.tell(order::EditOpened{{}, buy.process.now() + Duration::minutes(30)});
    auto added = buy.placed().lines.front();
    auto const authorise =
        buy.process.when(EditAsked{{added}, {}, pounds(100)}).command<Authorise>();
    buy.tell(order::EditAbandoned{"as it was"});
    auto const late = buy.authorised(100, static_cast<std::uint16_t>(authorise.attempt));
    auto const let_go =
        buy.tell(authorise.payment_id, late).then_sends<VoidPayment>().command<VoidPayment>();
    EXPECT_EQ(let_go.payment_id, authorise.payment_id);
}

TEST(AnEdit, that_is_abandoned_when_it_is_paid_lets_the_money_go) {
    Purchase buy;
    buy.until_confirmed();
    buy.tell(order::EditOpened{{}, buy.process.now() + Duration::minutes(30)});
    auto added = buy.placed().lines.front();
    auto const authorise =
        buy.process.when(EditAsked{{added}, {}, pounds(100)}).command<Authorise>();
    buy.tell(authorise.payment_id,
             buy.authorised(100, static_cast<std::uint16_t>(authorise.attempt)));
    auto const step = buy.tell(order::EditAbandoned{"as it was"})
                          .then_sends<ReleaseReservation, ResumeFulfilment, VoidPayment>();
    EXPECT_EQ(step.command<VoidPayment>().payment_id, authorise.payment_id);
}

TEST(AnEdit, that_was_abandoned_leaves_nothing_to_ship_when_its_goods_are_held_late) {
    Purchase buy;
    buy.until_confirmed();
    buy.tell(order::EditOpened{{}, buy.process.now() + Duration::minutes(30)});
    auto added = buy.placed().lines.front();
    auto const reserve = buy.process.when(EditAsked{{added}, {}, pounds(100)})
                             .then_sends<ReserveLines, Authorise>()
                             .command<ReserveLines>();
    buy.tell(order::EditAbandoned{"as it was"});
    buy.tell(
        reserve.reservation_id,
        reservation::Held{order_id, reserve.attempt, {{sku(1), main_store(), Count(2), {}}}, {}});
    buy.tell(reserve.reservation_id,
             reservation::Released{order_id, {}, reservation::ReleaseReason::edit_abandoned});
    for (auto const& goods : buy.state().goods)
        EXPECT_NE(goods.line, LineNumber{}) << "units of the edit are still to be shipped";
}

TEST(AnEdit, that_is_out_of_time_asks_for_nothing_more) {
    Purchase buy;
    buy.until_confirmed();
    buy.tell(order::EditOpened{{}, buy.process.now() + Duration::minutes(30)});
    buy.wait().then_sends<AbandonEdit>();
    buy.process.when(EditAsked{{buy.placed().lines.front()}, {}, pounds(100)}).then_nothing();
}

TEST(AnEdit, that_cancels_units_pulls_their_parcel_and_packs_the_rest) {
    Purchase buy;
    buy.until_confirmed();
    buy.tell(order::EditOpened{{}, buy.process.now() + Duration::minutes(30)});
    buy.process.when(EditAsked{{}, {{LineNumber(1), Quantity::of(1)}}, pounds(-50)})
        .then_sends<CommitEdit>();
    auto const step = buy.tell(order::Edited{{}, {{LineNumber(1), Quantity::of(1)}}, pounds(-50)})
                          .then_sends<CancelFulfilment, ReleaseReservation, CreateFulfilment>();
    EXPECT_EQ(step.command<CreateFulfilment>().lines.front().quantity, Quantity::of(1));
}

TEST(Unwinding, cancels_once_more_what_somebody_began_to_edit_before_it_was_cancelled) {
    Purchase buy;
    buy.until_paid();
    buy.tell(buy.pay(), payment::AuthorisationExpired{pounds(300)});
    buy.tell(buy.confirmed());
    buy.later(Duration::hours(1));
    buy.process.when(RiskFlagged{81}).then_sends<ExpireOrder, CancelOrder, ReleaseReservation>();
    buy.tell(order::EditOpened{{}, buy.process.now() + Duration::minutes(30)})
        .then_sends<AbandonEdit>();
    buy.refuse(Step::cancel_order, RefusalReason::other).then_sends<CancelOrder>();
    buy.tell(buy.reserved(), reservation::Released{order_id, {}});
    EXPECT_EQ(buy.phase(), Phase::unwinding) << "the order has not ended";
    buy.tell(order::EditAbandoned{""});
    buy.tell(order::Cancelled{"", ActorKind::process, worth(300)});
    EXPECT_EQ(buy.phase(), Phase::done);
}

TEST(Unwinding, asks_again_after_15_minutes_for_what_was_not_acknowledged) {
    Purchase buy;
    buy.until_confirmed();
    buy.tell(order::Cancelled{"", ActorKind::customer, worth(300)});
    buy.wait().then_sends<VoidPayment>();
    buy.tell(buy.pay(), payment::Voided{pounds(300), payment::VoidReason::compensation});
    buy.wait().then_sends<RaiseAlarm, ReleaseReservation, CancelFulfilment>();
}

} // namespace
} // namespace kontor::checkout::spec

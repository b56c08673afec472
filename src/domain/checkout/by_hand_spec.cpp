#include "tests/support/purchase.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::checkout::spec {
namespace {

// Money that people move by hand goes through the process, so that its calls and theirs are never
// two for the same money.

/// A capture as the provider answers it.
payment::Captured done(Capture const& capture) {
    return {capture.capture_id, capture.amount, capture.last, capture.fulfilment_id};
}

auto ask(Purchase& buy, MoneyMove move, std::int64_t minor = 0) {
    return buy.process.when(MoneyAsked{buy.pay(), move, pounds(minor)});
}

TEST(ByHand, what_is_captured_ahead_is_not_captured_again_when_the_parcel_leaves) {
    Purchase buy;
    buy.until_confirmed();
    auto const capture = ask(buy, MoneyMove::capture, 300).then_sends<Capture>().command<Capture>();
    EXPECT_EQ(capture.amount, pounds(300));
    EXPECT_EQ(capture.payment_id, buy.pay());
    EXPECT_FALSE(capture.fulfilment_id);
    buy.tell(buy.pay(), done(capture)).then_sends<>();
    buy.tell(buy.shipped()).then_sends<>();
    auto const complete = buy.tell(buy.delivered()).then_sends<CompleteOrder>();
    EXPECT_EQ(complete.command<CompleteOrder>().net, pounds(300));
}

TEST(ByHand, a_parcel_that_leaves_before_the_provider_has_answered_captures_nothing_either) {
    Purchase buy;
    buy.until_confirmed();
    auto const capture = ask(buy, MoneyMove::capture, 300).command<Capture>();
    EXPECT_TRUE(is_calling(buy.state(), buy.pay()));
    EXPECT_EQ(capturable(buy.state(), buy.pay()), pounds(0));
    buy.tell(buy.shipped()).then_sends<>();
    ask(buy, MoneyMove::capture, 300).then_nothing();
    buy.tell(buy.pay(), done(capture)).then_sends<>();
}

TEST(ByHand, after_the_parcel_has_left_there_is_nothing_more_to_capture) {
    Purchase buy;
    buy.until_shipped();
    EXPECT_EQ(capturable(buy.state(), buy.pay()), pounds(0));
    ask(buy, MoneyMove::capture, 300).then_nothing();
    buy.tell(buy.pay(), buy.captured(300)).then_sends<>();
    ask(buy, MoneyMove::capture, 300).then_nothing();
}

/// A capture ahead of the goods that the provider refuses.
Capture ask_and_be_refused(Purchase& buy, std::int64_t minor) {
    auto const capture = ask(buy, MoneyMove::capture, minor).command<Capture>();
    buy.tell(buy.pay(), payment::CaptureFailed{capture.capture_id, {}}).then_sends<>();
    return capture;
}

// It was taken for the first refusal told again, and the order asked for its capture for ever.
TEST(ByHand, a_refusal_after_nobody_knew_is_an_answer) {
    Purchase buy;
    buy.until_confirmed();
    auto const capture = ask_and_be_refused(buy, 300);
    ask(buy, MoneyMove::retry).then_sends<Capture>();
    buy.tell(buy.pay(), payment::OutcomeUnknown{payment::OperationKind::capture,
                                                capture.capture_id.value(), pounds(300)});
    ASSERT_TRUE(buy.state().transfers.front().unknown);
    buy.tell(buy.pay(), payment::CaptureFailed{capture.capture_id, {}}).then_sends<>();
    EXPECT_FALSE(buy.state().transfers.front().unknown);
    EXPECT_EQ(buy.state().transfers.front().refusals, 2);
    buy.tell(buy.pay(), payment::CaptureFailed{capture.capture_id, {}}).then_nothing();
}

TEST(ByHand, what_was_refused_ahead_is_authorised_anew_when_the_parcel_leaves) {
    Purchase buy;
    buy.until_confirmed();
    ask_and_be_refused(buy, 300);
    buy.tell(buy.pay(), payment::AuthorisationExpired{pounds(300)}).then_sends<>();
    EXPECT_EQ(buy.state().uncollected, 0) << "nothing has left, so nothing was lost";
    auto const late = buy.tell(buy.shipped()).then_sends<Authorise>().command<Authorise>();
    EXPECT_EQ(late.amount, pounds(300));
    auto const attempt = static_cast<std::uint16_t>(late.attempt);
    auto const capture = buy.tell(late.payment_id, buy.authorised(300, attempt))
                             .then_sends<Capture>()
                             .command<Capture>();
    EXPECT_EQ(capture.amount, pounds(300));
}

TEST(ByHand, what_was_refused_ahead_to_the_last_is_captured_when_the_parcel_leaves) {
    Purchase buy;
    buy.setting = CaptureSetting::once;
    buy.until_confirmed();
    ask_and_be_refused(buy, 300);
    buy.later(Duration::days(8));
    ask(buy, MoneyMove::retry).then_sends<RaiseAlarm>();
    EXPECT_EQ(buy.state().uncollected, 0);
    auto const capture = buy.tell(buy.shipped()).then_sends<Capture>().command<Capture>();
    EXPECT_EQ(capture.amount, pounds(300));
}

TEST(ByHand, what_was_given_up_ahead_and_succeeds_after_all_pays_for_the_parcel) {
    Purchase buy;
    buy.until_confirmed();
    auto const capture = ask_and_be_refused(buy, 300);
    buy.tell(buy.pay(), payment::AuthorisationExpired{pounds(300)});
    buy.tell(buy.pay(), done(capture)).then_sends<>();
    buy.tell(buy.shipped()).then_sends<>();
}

TEST(ByHand, what_was_declined_ahead_is_authorised_anew_when_the_parcel_leaves) {
    Purchase buy;
    buy.until_confirmed();
    auto const capture = ask(buy, MoneyMove::capture, 300).command<Capture>();
    auto const late =
        buy.refuse(Step::capture, RefusalReason::authorisation_expired, capture.capture_id.value())
            .then_sends<Authorise>()
            .command<Authorise>();
    auto const attempt = static_cast<std::uint16_t>(late.attempt);
    buy.tell(late.payment_id, payment::Declined{order_id, attempt, {}, false}).then_sends<>();
    auto const again = buy.tell(buy.shipped()).then_sends<Authorise>().command<Authorise>();
    EXPECT_EQ(again.amount, pounds(300));
}

TEST(ByHand, a_refused_capture_is_not_tried_again_when_the_order_is_cancelled) {
    Purchase buy;
    buy.until_confirmed();
    ask_and_be_refused(buy, 300);
    buy.tell(order::Cancelled{"changed my mind", ActorKind::customer, worth(300)})
        .then_sends<ReleaseReservation, CancelFulfilment, VoidPayment>();
    buy.tell(buy.pay(), payment::Voided{pounds(300), payment::VoidReason::compensation})
        .then_sends<>();
    EXPECT_FALSE(waits_for_call(buy.state(), buy.pay()));
    ask(buy, MoneyMove::retry).then_nothing();
}

TEST(ByHand, a_capture_under_way_when_the_order_is_cancelled_is_not_tried_once_more) {
    Purchase buy;
    buy.until_confirmed();
    ask_and_be_refused(buy, 300);
    ask(buy, MoneyMove::retry).then_sends<Capture>(); // a second refusal is not recorded
    buy.tell(order::Cancelled{"changed my mind", ActorKind::customer, worth(300)})
        .then_sends<ReleaseReservation, CancelFulfilment>();
    ask(buy, MoneyMove::retry).then_sends<VoidPayment>();
}

TEST(ByHand, a_capture_that_is_refused_after_the_order_was_cancelled_is_let_go) {
    Purchase buy;
    buy.until_confirmed();
    auto const capture = ask(buy, MoneyMove::capture, 300).command<Capture>();
    buy.tell(order::Cancelled{"changed my mind", ActorKind::customer, worth(300)})
        .then_sends<ReleaseReservation, CancelFulfilment>();
    buy.tell(buy.pay(), payment::CaptureFailed{capture.capture_id, {}}).then_sends<VoidPayment>();
}

order::LinesCancelled without(std::vector<LineQuantity> lines, std::int64_t minor) {
    return {std::move(lines), worth(minor), "", ActorKind::customer, request(1)};
}

TEST(ByHand, a_refused_capture_is_not_tried_again_when_all_lines_are_cancelled) {
    Purchase buy;
    buy.until_confirmed();
    ask_and_be_refused(buy, 300);
    EXPECT_TRUE(waits_for_call(buy.state(), buy.pay()));
    buy.tell(without(buy.all_lines(), 300));
    EXPECT_FALSE(waits_for_call(buy.state(), buy.pay()));
}

TEST(ByHand, what_is_ordered_after_lines_were_cancelled_is_not_captured_ahead) {
    Purchase buy;
    buy.until_confirmed();
    auto const capture = ask(buy, MoneyMove::capture, 300).command<Capture>();
    buy.tell(buy.pay(), done(capture));
    auto const refund =
        buy.tell(without({{LineNumber(3), Quantity::of(2)}}, 100)).command<RefundPayment>();
    EXPECT_EQ(refund.amount, pounds(100));
    buy.tell(order::EditOpened{{}, buy.process.now() + Duration::minutes(30)});
    auto added = buy.placed().lines.front();
    added.line = LineNumber(4);
    added.sku = sku(9);
    auto const step = buy.tell(order::Edited{{added}, {}, pounds(100)});
    auto const asks_for_money = [](Command const& command) {
        return std::holds_alternative<Capture>(command) ||
               std::holds_alternative<Authorise>(command);
    };
    EXPECT_TRUE(std::ranges::none_of(step.outputs().commands, asks_for_money));
}

TEST(ByHand, a_part_captured_ahead_leaves_the_rest_to_the_parcel) {
    Purchase buy;
    buy.until_confirmed();
    auto const part = ask(buy, MoneyMove::capture, 120).command<Capture>();
    EXPECT_EQ(part.amount, pounds(120));
    EXPECT_FALSE(part.last);
    buy.tell(buy.pay(), done(part)).then_sends<>();
    EXPECT_EQ(capturable(buy.state(), buy.pay()), pounds(180));
    auto const rest = buy.tell(buy.shipped()).then_sends<Capture>().command<Capture>();
    EXPECT_EQ(rest.amount, pounds(180));
    EXPECT_NE(rest.capture_id, part.capture_id);
}

TEST(ByHand, an_order_that_is_cancelled_gives_back_what_was_captured_ahead) {
    Purchase buy;
    buy.until_confirmed();
    auto const capture = ask(buy, MoneyMove::capture, 300).command<Capture>();
    buy.tell(buy.pay(), done(capture));
    auto const refund =
        buy.tell(order::Cancelled{"changed my mind", ActorKind::customer, worth(300)})
            .command<RefundPayment>();
    EXPECT_EQ(refund.amount, pounds(300));
}

TEST(ByHand, an_order_that_is_not_confirmed_moves_no_money) {
    Purchase buy;
    buy.until_reserved();
    ask(buy, MoneyMove::capture, 300).then_nothing();
    ask(buy, MoneyMove::void_).then_nothing();
}

TEST(ByHand, what_is_let_go_is_authorised_anew_when_the_parcel_leaves) {
    Purchase buy;
    buy.until_confirmed();
    auto const letting = ask(buy, MoneyMove::void_).then_sends<VoidPayment>();
    EXPECT_EQ(letting.command<VoidPayment>().payment_id, buy.pay());
    ask(buy, MoneyMove::void_).then_nothing();
    ask(buy, MoneyMove::capture, 300).then_nothing();
    buy.tell(buy.pay(), payment::Voided{pounds(300), payment::VoidReason::rest_unused})
        .then_sends<>();
    auto const late = buy.tell(buy.shipped()).then_sends<Authorise>().command<Authorise>();
    EXPECT_EQ(late.amount, pounds(300));
    EXPECT_EQ(late.initiator, payment::Initiator::merchant);
}

TEST(ByHand, nothing_is_let_go_while_it_is_being_captured) {
    Purchase buy;
    buy.until_shipped();
    EXPECT_TRUE(is_calling(buy.state(), buy.pay()));
    ask(buy, MoneyMove::void_).then_nothing();
}

TEST(ByHand, a_refused_capture_is_tried_again_at_once_under_its_own_id) {
    Purchase buy;
    buy.until_shipped();
    EXPECT_TRUE(waits_for_call(buy.state(), buy.pay()));
    buy.tell(buy.pay(), payment::CaptureFailed{buy.capture(), {}});
    auto const again = ask(buy, MoneyMove::retry).then_sends<Capture>().command<Capture>();
    EXPECT_EQ(again.capture_id, buy.capture());
    EXPECT_EQ(again.amount, pounds(300));
}

TEST(ByHand, where_no_call_waits_there_is_nothing_to_try_again) {
    Purchase buy;
    buy.until_done();
    EXPECT_FALSE(waits_for_call(buy.state(), buy.pay()));
    ask(buy, MoneyMove::retry).then_nothing();
}

} // namespace
} // namespace kontor::checkout::spec

#include "adapters/payments/http/wire.hpp"

#include <gtest/gtest.h>

namespace kontor::payments {
namespace {

PaymentId const payment(Id128(7, 1));
ports::ProviderKey const key(Id128(7, 2));
Money const pounds = Money::of(500, Currency::gbp());

TEST(Wire, a_call_arrives_as_it_was_sent) {
    std::vector<ports::ProviderCall> const calls{
        {key, payment,
         ports::AuthoriseCall{pounds, PaymentMethod("card"), "tok_approve",
                              ports::PaymentInitiator::merchant}},
        {key, payment, ports::CaptureCall{CaptureId(Id128(7, 3)), pounds, true}},
        {key, payment, ports::VoidCall{}},
        {key, payment, ports::RefundCall{RefundId(Id128(7, 4)), pounds}},
        {{}, payment, ports::FindCall{key}}};
    for (auto const& call : calls) {
        auto const sent = request_of(call);
        auto const seen = call_in(sent, key.value().to_string());
        ASSERT_TRUE(seen) << sent.path << ' ' << to_string(seen.error());
        EXPECT_EQ(seen->key, call.key);
        EXPECT_EQ(seen->payment_id, payment);
        EXPECT_EQ(seen->call.index(), call.call.index());
        auto const again = request_of(*seen);
        EXPECT_EQ(again.path, sent.path);
        EXPECT_EQ(again.body, sent.body);
    }
}

TEST(Wire, an_outcome_is_an_object_named_after_what_happened) {
    EXPECT_EQ(outcome_text(ports::CardDeclined{"card_declined", false}),
              R"({"card_declined":{"code":"card_declined","may_retry":false}})");
    auto const at = Instant::from_unix_microseconds(1'767'225'600'000'000);
    std::vector<ports::ProviderOutcome> const outcomes{
        ports::MoneyAuthorised{pounds, "ref", at},
        ports::CardDeclined{"code", true},
        ports::BuyerMustAct{"https://bank.example/act", at},
        ports::MoneyCaptured{CaptureId(Id128(1, 1)), pounds, true},
        ports::CaptureRefused{CaptureId(Id128(1, 1)), "code"},
        ports::AuthorisationVoided{pounds},
        ports::AuthorisationLapsed{pounds},
        ports::RefundStarted{RefundId(Id128(1, 1)), pounds},
        ports::MoneyRefunded{RefundId(Id128(1, 1)), pounds, "ref"},
        ports::RefundRefused{RefundId(Id128(1, 1)), "code"},
        ports::DisputeOpened{DisputeId(Id128(1, 1)), pounds, at},
        ports::DisputeEnded{DisputeId(Id128(1, 1)), ports::DisputeEnd::lost},
        ports::NothingFound{},
        ports::Unknown{ports::UnknownCause::server_error}};
    for (auto const& outcome : outcomes) {
        auto const text = outcome_text(outcome);
        auto const read = outcome_in(text);
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(outcome_text(*read), text);
        auto const report =
            report_in(report_text({key, payment, ports::OutcomeSource::webhook, outcome, 9}));
        ASSERT_TRUE(report);
        EXPECT_EQ(report->key, key);
        EXPECT_EQ(report->payment_id, payment);
        EXPECT_EQ(report->source, ports::OutcomeSource::webhook);
        EXPECT_EQ(report->delivery, 0u);
    }
}

TEST(Wire, what_cannot_be_read_is_refused_by_its_place) {
    auto const good = request_of({key, payment, ports::VoidCall{}});
    EXPECT_EQ(call_in(good, "no key").error().kind, FailureKind::invalid);
    EXPECT_EQ(call_in({"GET", good.path, ""}, {}).error().kind, FailureKind::not_found);
    EXPECT_EQ(call_in({"POST", "/v1/payments/pay_1/void", "{}"}, {}).error().kind,
              FailureKind::invalid);
    for (auto const* const path : {"", "/", "/v1/payments", "/v1/payments/", "/v2/payments/x/void"})
        EXPECT_EQ(call_in({"POST", path, "{}"}, {}).error().kind, FailureKind::not_found) << path;
    for (auto const* const text : {"", "[]", "{}", R"({"paid":{}})", R"({"card_declined":{}})",
                                   R"({"nothing_found":{},"unknown":{"cause":"timed_out"}})"})
        EXPECT_EQ(outcome_in(text).error().kind, FailureKind::invalid) << text;
    EXPECT_FALSE(report_in(R"({"outcome":{"nothing_found":{}}})"));
}

} // namespace
} // namespace kontor::payments

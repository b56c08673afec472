#include "tests/contract/payment_provider_contract.hpp"

#include "tests/contract/sentences.hpp"

#include <gtest/gtest.h>

namespace kontor::contract {
namespace {

using ports::PaymentOperation;
using ports::ProviderAnswer;
using ports::ProviderCall;

PaymentId const payment{Id128(std::uint64_t{1'767'225'600'000} << 16, 5)};

Money pounds(std::int64_t minor) {
    return Money::of(minor, Currency::gbp());
}
ProviderCall authorise(std::string token) {
    return {ports::provider_key(payment, PaymentOperation::authorise), payment,
            ports::AuthoriseCall{pounds(500), PaymentMethod("card"), std::move(token)}};
}
ProviderCall capture(std::uint64_t number, std::int64_t minor, bool last) {
    CaptureId const id{Id128(3, number)};
    return {ports::provider_key(payment, PaymentOperation::capture, id.value()), payment,
            ports::CaptureCall{id, pounds(minor), last}};
}
ProviderCall refund(std::uint64_t number, std::int64_t minor) {
    RefundId const id{Id128(4, number)};
    return {ports::provider_key(payment, PaymentOperation::refund, id.value()), payment,
            ports::RefundCall{id, pounds(minor)}};
}
ProviderCall release() {
    return {ports::provider_key(payment, PaymentOperation::void_), payment, ports::VoidCall{}};
}
ProviderCall find(ProviderCall const& sought) {
    return {ports::ProviderKey(Id128(5, 5)), payment, ports::FindCall{sought.key}};
}

std::vector<ProviderAnswer> ask(ProviderUnderTest& under_test, ProviderCall const& call) {
    EXPECT_TRUE(under_test.provider().start(std::span(&call, 1)));
    under_test.wait(ports::provider_timeout + Duration::seconds(1));
    std::vector<ProviderAnswer> answers;
    EXPECT_TRUE(under_test.provider().collect(100, answers));
    return answers;
}

/// The answer to the call itself; webhooks may stand beside it.
template <class Outcome>
Outcome const* answered(std::vector<ProviderAnswer> const& answers, ProviderCall const& call) {
    for (auto const& answer : answers)
        if (answer.key == call.key && answer.source == ports::OutcomeSource::answer)
            return std::get_if<Outcome>(&answer.outcome);
    return nullptr;
}

template <class Outcome>
bool gives(ProviderUnderTest& under_test, ProviderCall const& call) {
    return answered<Outcome>(ask(under_test, call), call) != nullptr;
}

void answers_a_call_only_once_time_has_passed(ProviderUnderTest& under_test) {
    auto const call = authorise(under_test.approved());
    ASSERT_TRUE(under_test.provider().start(std::span(&call, 1)));
    std::vector<ProviderAnswer> answers;
    ASSERT_TRUE(under_test.provider().collect(100, answers));
    EXPECT_TRUE(answers.empty());
    EXPECT_TRUE(gives<ports::MoneyAuthorised>(under_test, call));
}
void a_declined_card_is_an_answer(ProviderUnderTest& under_test) {
    EXPECT_TRUE(gives<ports::CardDeclined>(under_test, authorise(under_test.declined())));
}
void a_key_has_one_effect(ProviderUnderTest& under_test) {
    auto const call = authorise(under_test.approved());
    ask(under_test, call);
    auto const again = ask(under_test, call);
    ASSERT_NE(answered<ports::MoneyAuthorised>(again, call), nullptr);
    EXPECT_EQ(answered<ports::MoneyAuthorised>(again, call)->amount, pounds(500));
    EXPECT_TRUE(gives<ports::MoneyCaptured>(under_test, capture(1, 300, false)));
    EXPECT_TRUE(gives<ports::MoneyCaptured>(under_test, capture(1, 300, false)));
    EXPECT_TRUE(gives<ports::MoneyCaptured>(under_test, capture(2, 200, true)));
    EXPECT_TRUE(gives<ports::MoneyRefunded>(under_test, refund(1, 500)));
    EXPECT_TRUE(gives<ports::MoneyRefunded>(under_test, refund(1, 500)));
}
void no_more_is_captured_than_is_held(ProviderUnderTest& under_test) {
    EXPECT_TRUE(gives<ports::CaptureRefused>(under_test, capture(1, 1, true)));
    ask(under_test, authorise(under_test.approved()));
    EXPECT_TRUE(gives<ports::CaptureRefused>(under_test, capture(2, 501, true)));
    EXPECT_TRUE(gives<ports::MoneyCaptured>(under_test, capture(3, 400, true)));
    EXPECT_TRUE(gives<ports::CaptureRefused>(under_test, capture(4, 100, true)));
}
void no_more_is_refunded_than_was_captured(ProviderUnderTest& under_test) {
    ask(under_test, authorise(under_test.approved()));
    EXPECT_TRUE(gives<ports::RefundRefused>(under_test, refund(1, 1)));
    ask(under_test, capture(1, 400, true));
    EXPECT_TRUE(gives<ports::RefundRefused>(under_test, refund(2, 401)));
    EXPECT_TRUE(gives<ports::MoneyRefunded>(under_test, refund(3, 300)));
    EXPECT_TRUE(gives<ports::RefundRefused>(under_test, refund(4, 101)));
}
void a_void_lets_go_and_may_repeat(ProviderUnderTest& under_test) {
    ask(under_test, authorise(under_test.approved()));
    EXPECT_TRUE(gives<ports::AuthorisationVoided>(under_test, release()));
    EXPECT_TRUE(gives<ports::AuthorisationVoided>(under_test, release()));
    EXPECT_TRUE(gives<ports::CaptureRefused>(under_test, capture(1, 1, true)));
}
void the_book_is_read_by_key(ProviderUnderTest& under_test) {
    auto const call = authorise(under_test.approved());
    EXPECT_TRUE(gives<ports::NothingFound>(under_test, find(call)));
    ask(under_test, call);
    EXPECT_TRUE(gives<ports::MoneyAuthorised>(under_test, find(call)));
    EXPECT_TRUE(gives<ports::NothingFound>(under_test, find(capture(1, 100, false))));
    ask(under_test, capture(1, 100, false));
    EXPECT_TRUE(gives<ports::MoneyCaptured>(under_test, find(capture(1, 100, false))));
}
std::vector<ProviderAnswer> webhooks_in(std::vector<ProviderAnswer> answers) {
    std::erase_if(answers, [](ProviderAnswer const& answer) {
        return answer.source == ports::OutcomeSource::answer;
    });
    return answers;
}
std::vector<ProviderAnswer> webhooks_after(ProviderUnderTest& under_test, Duration time) {
    under_test.wait(time);
    std::vector<ProviderAnswer> answers;
    EXPECT_TRUE(under_test.provider().collect(100, answers));
    return webhooks_in(std::move(answers));
}
void a_webhook_comes_again_until_it_is_receipted(ProviderUnderTest& under_test) {
    auto const call = authorise(under_test.reported());
    auto const first = webhooks_in(ask(under_test, call));
    ASSERT_EQ(first.size(), 1U);
    EXPECT_NE(first[0].delivery, 0U);
    // Whoever took it died before it was durable: the one who comes next is told.
    auto const second = webhooks_after(under_test, ports::webhook_again_after);
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].delivery, first[0].delivery);
    EXPECT_EQ(second[0].key, call.key);
    EXPECT_NE(std::get_if<ports::MoneyAuthorised>(&second[0].outcome), nullptr);
    ASSERT_EQ(webhooks_after(under_test, ports::webhook_again_max).size(), 1U);

    ASSERT_TRUE(under_test.provider().receipt(std::span(&second[0].delivery, 1)));
    ASSERT_TRUE(under_test.provider().receipt(std::span(&second[0].delivery, 1)));
    for (int hour = 0; hour < 4; ++hour)
        EXPECT_TRUE(webhooks_after(under_test, ports::webhook_again_max).empty());
}
void a_webhook_comes_ever_more_seldom(ProviderUnderTest& under_test) {
    ask(under_test, authorise(under_test.reported()));
    std::size_t came = 0;
    for (int minute = 0; minute < 600; ++minute)
        came += webhooks_after(under_test, Duration::minutes(1)).size();
    EXPECT_GE(came, 9U);
    EXPECT_LE(came, 20U);
}
void collects_no_more_than_was_asked_for(ProviderUnderTest& under_test) {
    std::vector<ProviderCall> const calls(5, authorise(under_test.approved()));
    ASSERT_TRUE(under_test.provider().start(calls));
    under_test.wait(ports::provider_timeout);
    std::vector<ProviderAnswer> answers;
    auto const collected = under_test.provider().collect(2, answers);
    ASSERT_TRUE(collected);
    EXPECT_EQ(*collected, 2U);
    EXPECT_EQ(answers.size(), 2U);
}
void refuses_calls_past_its_limit_and_takes_none(ProviderUnderTest& under_test) {
    std::vector<ProviderCall> const calls(ports::provider_calls_max,
                                          authorise(under_test.approved()));
    ASSERT_TRUE(under_test.provider().start(calls));
    auto const one_more = under_test.provider().start(std::span(calls).first(1));
    ASSERT_FALSE(one_more);
    EXPECT_EQ(one_more.error().kind, FailureKind::full);
    under_test.wait(ports::provider_timeout);
    std::vector<ProviderAnswer> answers;
    ASSERT_TRUE(under_test.provider().collect(calls.size(), answers));
    EXPECT_EQ(answers.size(), calls.size());
    EXPECT_TRUE(under_test.provider().start(std::span(calls).first(1)));
}

constexpr Sentence<ProviderUnderTest> sentences[] = {
    {"answers_a_call_only_once_time_has_passed", answers_a_call_only_once_time_has_passed},
    {"a_declined_card_is_an_answer", a_declined_card_is_an_answer},
    {"a_key_has_one_effect", a_key_has_one_effect},
    {"no_more_is_captured_than_is_held", no_more_is_captured_than_is_held},
    {"no_more_is_refunded_than_was_captured", no_more_is_refunded_than_was_captured},
    {"a_void_lets_go_and_may_repeat", a_void_lets_go_and_may_repeat},
    {"the_book_is_read_by_key", the_book_is_read_by_key},
    {"a_webhook_comes_again_until_it_is_receipted", a_webhook_comes_again_until_it_is_receipted},
    {"a_webhook_comes_ever_more_seldom", a_webhook_comes_ever_more_seldom},
    {"collects_no_more_than_was_asked_for", collects_no_more_than_was_asked_for},
    {"refuses_calls_past_its_limit_and_takes_none", refuses_calls_past_its_limit_and_takes_none},
};

} // namespace

bool payment_provider_contract(std::string const& name, MakeProvider make) {
    return hold_to("PaymentProviderContract/" + name, std::move(make), sentences);
}

} // namespace kontor::contract

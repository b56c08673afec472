#include "adapters/payments/sandbox.hpp"
#include "tests/support/hand_clock.hpp"

#include "base/names.hpp"

#include <boost/mp11/algorithm.hpp>
#include <gtest/gtest.h>

namespace kontor::payments {
namespace {

using ports::OutcomeSource;
using ports::PaymentOperation;
using ports::ProviderAnswer;
using ports::ProviderCall;

Money pounds(std::int64_t minor) {
    return Money::of(minor, Currency::gbp());
}

/// A till with a sandbox behind it.
class Till {
public:
    PaymentId const payment{Id128(7, 7)};

    ProviderCall authorise(std::string_view token) const {
        return {ports::provider_key(payment, PaymentOperation::authorise), payment,
                ports::AuthoriseCall{pounds(100), PaymentMethod("card"), std::string(token)}};
    }
    ProviderCall capture(std::uint64_t number, std::int64_t minor, bool last = true) const {
        CaptureId const id{Id128(8, number)};
        return {ports::provider_key(payment, PaymentOperation::capture, id.value()), payment,
                ports::CaptureCall{id, pounds(minor), last}};
    }
    ProviderCall refund(std::uint64_t number, std::int64_t minor) const {
        RefundId const id{Id128(9, number)};
        return {ports::provider_key(payment, PaymentOperation::refund, id.value()), payment,
                ports::RefundCall{id, pounds(minor)}};
    }
    ProviderCall find(ProviderCall const& sought) const {
        return {ports::ProviderKey(Id128(1, 1)), payment, ports::FindCall{sought.key}};
    }

    void start(ProviderCall const& call) { EXPECT_TRUE(sandbox.start(std::span(&call, 1))); }
    std::vector<ProviderAnswer> after(Duration wait) {
        clock.pass(wait);
        std::vector<ProviderAnswer> answers;
        EXPECT_TRUE(sandbox.collect(100, answers));
        return answers;
    }
    std::vector<ProviderAnswer> ask(ProviderCall const& call) {
        start(call);
        return after(Duration::seconds(11));
    }
    BookEntry book() const { return sandbox.book().front(); }

    testing::HandClock clock{};
    Sandbox sandbox{clock, Random(1)};
};

template <class Outcome>
Outcome const* first(std::vector<ProviderAnswer> const& answers) {
    for (auto const& answer : answers)
        if (auto const* const outcome = std::get_if<Outcome>(&answer.outcome))
            return outcome;
    return nullptr;
}

TEST(Sandbox, a_book_that_was_remembered_answers_like_the_one_that_wrote_it) {
    Till till;
    Till again;
    for (auto const& call :
         {till.authorise("tok_approve"), till.capture(1, 60, false), till.refund(1, 20)})
        for (auto const& answer : till.ask(call))
            again.sandbox.remember(again.payment, answer.outcome);
    auto const book = again.book();
    EXPECT_EQ(book.held, till.book().held);
    EXPECT_EQ(book.captured, pounds(60));
    EXPECT_EQ(book.refunded, pounds(20));
    EXPECT_EQ(first<ports::MoneyCaptured>(again.ask(again.capture(1, 60, false)))->amount,
              pounds(60));
    EXPECT_EQ(again.book().captured, pounds(60)) << "the same key moved money twice";
    EXPECT_NE(first<ports::MoneyCaptured>(again.ask(again.capture(2, 40))), nullptr);
}

TEST(Sandbox, a_payment_that_is_not_in_the_book_is_remembered_once_when_a_call_names_it) {
    Till till;
    std::vector<ports::ProviderOutcome> past;
    for (auto const& call : {till.authorise("tok_approve"), till.capture(1, 60)})
        for (auto const& answer : till.ask(call))
            past.push_back(answer.outcome);
    Till again;
    std::vector<PaymentId> asked;
    again.sandbox.ask_memory([&](PaymentId payment) {
        asked.push_back(payment);
        return Result<std::vector<ports::ProviderOutcome>>(past);
    });
    EXPECT_NE(first<ports::MoneyRefunded>(again.ask(again.refund(1, 20))), nullptr);
    EXPECT_NE(first<ports::MoneyRefunded>(again.ask(again.refund(2, 40))), nullptr);
    EXPECT_NE(first<ports::RefundRefused>(again.ask(again.refund(3, 1))), nullptr);
    EXPECT_EQ(again.book().captured, pounds(60));
    EXPECT_EQ(asked, std::vector{again.payment});
}

TEST(Sandbox, approves_captures_and_refunds) {
    Till till;
    EXPECT_EQ(first<ports::MoneyAuthorised>(till.ask(till.authorise("tok_approve")))->amount,
              pounds(100));
    EXPECT_EQ(till.book().held, pounds(100));
    EXPECT_NE(first<ports::MoneyCaptured>(till.ask(till.capture(1, 60))), nullptr);
    EXPECT_EQ(till.book().held, pounds(0));
    EXPECT_NE(first<ports::MoneyRefunded>(till.ask(till.refund(1, 60))), nullptr);
    EXPECT_NE(first<ports::RefundRefused>(till.ask(till.refund(2, 1))), nullptr);
    EXPECT_EQ(till.book().refunded, pounds(60));
}

TEST(Sandbox, declines_as_the_token_says) {
    for (auto const* const token : {"tok_decline", "tok_fraud", "tok_no_funds", "4242"}) {
        Till till;
        auto const answers = till.ask(till.authorise(token));
        ASSERT_NE(first<ports::CardDeclined>(answers), nullptr) << token;
        EXPECT_EQ(first<ports::CardDeclined>(answers)->may_retry,
                  std::string_view(token) == "tok_no_funds");
    }
}

TEST(Sandbox, lets_the_buyer_act_first) {
    Till till;
    EXPECT_NE(first<ports::BuyerMustAct>(till.ask(till.authorise("tok_action"))), nullptr);
    auto const later = till.after(Duration::minutes(3));
    ASSERT_EQ(later.size(), 1U);
    EXPECT_EQ(later.front().source, OutcomeSource::webhook);
}

TEST(Sandbox, is_slow_but_in_time) {
    Till till;
    till.start(till.authorise("tok_slow"));
    EXPECT_TRUE(till.after(Duration::milliseconds(7'999)).empty());
    EXPECT_NE(first<ports::MoneyAuthorised>(till.after(Duration::milliseconds(1))), nullptr);
}

TEST(Sandbox, holds_money_behind_a_timeout_and_a_server_error) {
    for (auto const* const token : {"tok_timeout", "tok_500_charged"}) {
        Till till;
        auto const call = till.authorise(token);
        EXPECT_NE(first<ports::Unknown>(till.ask(call)), nullptr);
        EXPECT_EQ(till.book().held, pounds(100));
        EXPECT_NE(first<ports::MoneyAuthorised>(till.ask(till.find(call))), nullptr);
        EXPECT_NE(first<ports::MoneyAuthorised>(till.ask(call)), nullptr);
        EXPECT_EQ(till.book().held, pounds(100));
    }
}

TEST(Sandbox, loses_a_call_and_takes_it_the_second_time) {
    Till till;
    auto const call = till.authorise("tok_timeout_lost");
    EXPECT_NE(first<ports::Unknown>(till.ask(call)), nullptr);
    EXPECT_TRUE(till.sandbox.book().empty());
    EXPECT_NE(first<ports::NothingFound>(till.ask(till.find(call))), nullptr);
    EXPECT_NE(first<ports::MoneyAuthorised>(till.ask(call)), nullptr);
}

TEST(Sandbox, sends_the_webhook_first_or_everything_twice) {
    Till early;
    auto const answers = early.ask(early.authorise("tok_webhook_first"));
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[0].source, OutcomeSource::webhook);
    EXPECT_EQ(answers[1].source, OutcomeSource::answer);
    Till twice;
    EXPECT_EQ(twice.ask(twice.authorise("tok_twice")).size(), 4U);
    EXPECT_EQ(twice.book().held, pounds(100));
}

TEST(Sandbox, lies_but_its_book_does_not) {
    Till till;
    auto const call = till.authorise("tok_liar");
    auto const answers = till.ask(call);
    EXPECT_NE(first<ports::MoneyAuthorised>(answers), nullptr);
    EXPECT_NE(first<ports::CardDeclined>(answers), nullptr);
    EXPECT_NE(first<ports::MoneyAuthorised>(till.ask(till.find(call))), nullptr);
}

TEST(Sandbox, holds_a_wrong_amount) {
    Till till;
    EXPECT_EQ(first<ports::MoneyAuthorised>(till.ask(till.authorise("tok_wrong_amount")))->amount,
              pounds(99));
}

TEST(Sandbox, lets_authorisations_lapse) {
    Till till;
    till.ask(till.authorise("tok_short_auth"));
    EXPECT_NE(first<ports::AuthorisationLapsed>(till.after(Duration::minutes(1))), nullptr);
    EXPECT_EQ(till.book().held, pounds(0));
    EXPECT_NE(first<ports::AuthorisationLapsed>(till.ask(till.capture(1, 100))), nullptr);
}

TEST(Sandbox, fails_captures_and_refunds_where_the_token_says) {
    Till captures;
    captures.ask(captures.authorise("tok_capture_fails"));
    EXPECT_NE(first<ports::CaptureRefused>(captures.ask(captures.capture(1, 100))), nullptr);
    Till refunds;
    refunds.ask(refunds.authorise("tok_refund_fails"));
    refunds.ask(refunds.capture(1, 100));
    EXPECT_NE(first<ports::RefundRefused>(refunds.ask(refunds.refund(1, 100))), nullptr);
}

TEST(Sandbox, keeps_a_refund_pending_for_eight_days) {
    Till till;
    till.ask(till.authorise("tok_refund_slow"));
    till.ask(till.capture(1, 100));
    auto const call = till.refund(1, 100);
    EXPECT_NE(first<ports::RefundStarted>(till.ask(call)), nullptr);
    EXPECT_NE(first<ports::RefundStarted>(till.ask(till.find(call))), nullptr);
    EXPECT_NE(first<ports::RefundRefused>(till.ask(till.refund(2, 1))), nullptr);
    EXPECT_NE(first<ports::MoneyRefunded>(till.after(Duration::days(8))), nullptr);
    EXPECT_EQ(till.book().refunded, pounds(100));
}

TEST(Sandbox, disputes_a_captured_payment) {
    Till till;
    till.ask(till.authorise("tok_dispute"));
    till.ask(till.capture(1, 100));
    EXPECT_NE(first<ports::DisputeOpened>(till.after(Duration::days(3))), nullptr);
    EXPECT_NE(first<ports::RefundRefused>(till.ask(till.refund(1, 100))), nullptr);
    EXPECT_NE(first<ports::DisputeEnded>(till.after(Duration::days(7))), nullptr);
}

/// What a till that captured with this card hears until the bank has argued, and no longer.
std::vector<ports::ProviderOutcome> until_disputed(Till& till) {
    std::vector<ports::ProviderOutcome> past;
    for (auto const& call : {till.authorise("tok_dispute"), till.capture(1, 100)})
        for (auto const& answer : till.ask(call))
            past.push_back(answer.outcome);
    for (auto const& answer : till.after(Duration::days(3)))
        past.push_back(answer.outcome);
    return past;
}

TEST(Sandbox, a_dispute_that_was_remembered_ends_once_and_refunds_go_on) {
    Till till;
    Till again;
    again.after(Duration::days(3));
    for (auto const& outcome : until_disputed(till))
        again.sandbox.remember(again.payment, outcome);
    EXPECT_NE(first<ports::RefundRefused>(again.ask(again.refund(1, 100))), nullptr);
    EXPECT_NE(first<ports::DisputeEnded>(again.after(Duration::days(8))), nullptr);
    EXPECT_NE(first<ports::MoneyRefunded>(again.ask(again.refund(2, 100))), nullptr);
}

TEST(Sandbox, a_dispute_whose_end_was_remembered_does_not_end_again) {
    Till till;
    Till again;
    auto past = until_disputed(till);
    for (auto const& answer : till.after(Duration::days(7)))
        past.push_back(answer.outcome);
    for (auto const& outcome : past)
        again.sandbox.remember(again.payment, outcome);
    EXPECT_EQ(first<ports::DisputeEnded>(again.after(Duration::days(30))), nullptr);
}

TEST(Sandbox, knows_every_token_by_its_name) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Token>>(
        [](auto token) { EXPECT_EQ(token_named(token.name), token.value); });
    EXPECT_FALSE(token_named("tok_unheard_of"));
}

TEST(Sandbox, repeats_itself_for_a_seed) {
    Till one;
    Till two;
    one.start(one.authorise("tok_approve"));
    two.start(two.authorise("tok_approve"));
    EXPECT_EQ(one.sandbox.next_due(), two.sandbox.next_due());
}

} // namespace
} // namespace kontor::payments

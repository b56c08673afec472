#include "services/checkout/provider_calls.hpp"

#include "adapters/payments/sandbox.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

namespace kontor::services {
namespace {

OrderId const order{Id128(3, 3)};
PaymentId const payment_id{Id128(7, 7)};
CaptureId const capture_id{Id128(8, 8)};
constexpr auto latency = Duration::milliseconds(200);

Money pounds(std::int64_t minor) {
    return Money::of(minor, Currency::gbp());
}

/// What the process asks for, and a provider that answers each call after the same time.
class ProviderCallsSpec : public ::testing::Test {
protected:
    void authorise(std::string const& card) {
        calls.ask(order, checkout::Authorise{payment_id, 1, 1, pounds(500), {}},
                  {{PaymentMethod("card"), Personal<std::string>(card)}});
        EXPECT_TRUE(calls.start());
    }
    void capture(std::int64_t minor) {
        calls.ask(order, checkout::Capture{payment_id, capture_id, {}, pounds(minor), false}, {});
        EXPECT_TRUE(calls.start());
    }
    /// What is to be recorded once so much time has passed.
    std::vector<payment::Command> after(Duration time) {
        clock.pass(time);
        std::vector<PaymentOutcome> outcomes;
        EXPECT_TRUE(calls.collect(
            outcomes, [](PaymentId) { return Result<std::optional<OrderId>>(std::nullopt); }));
        std::vector<payment::Command> records;
        for (auto const& outcome : outcomes)
            records.push_back(outcome.record);
        return records;
    }

    kontor::testing::HandClock clock;
    payments::Sandbox sandbox{clock, Random(1), {.answer_min = latency, .answer_max = latency}};
    ProviderCalls calls{sandbox, payment::Provider("sandbox"), clock};
};

TEST_F(ProviderCallsSpec, the_end_of_an_authorisation_is_not_heard_before_a_capture_under_way) {
    authorise("tok_short_auth");
    auto const granted = after(Duration::seconds(1));
    ASSERT_EQ(granted.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<payment::RecordAuthorised>(granted.front()));
    after(Duration::seconds(59) - Duration::milliseconds(100));
    capture(120); // it is made, and its answer comes after the report that the rest has lapsed
    EXPECT_TRUE(after(Duration::milliseconds(150)).empty());
    auto const made = after(Duration::milliseconds(100));
    ASSERT_EQ(made.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<payment::RecordCaptured>(made.front()));
    auto const ended = after(ports::webhook_again_after);
    ASSERT_EQ(ended.size(), 1U) << "the report comes again until it is receipted";
    EXPECT_TRUE(std::holds_alternative<payment::RecordAuthorisationExpired>(ended.front()));
}

TEST_F(ProviderCallsSpec, the_end_of_an_authorisation_is_heard_at_once_where_nothing_is_under_way) {
    authorise("tok_short_auth");
    after(Duration::seconds(1));
    auto const ended = after(Duration::seconds(60));
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<payment::RecordAuthorisationExpired>(ended.front()));
}

} // namespace
} // namespace kontor::services

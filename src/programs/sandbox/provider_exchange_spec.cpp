#include "programs/sandbox/provider_exchange.hpp"

#include "adapters/payments/http/wire.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

namespace kontor::programs {
namespace {

using services::Answered;
using services::Method;
using services::Ticket;

class ProviderExchangeSpec : public ::testing::Test {
protected:
    static ports::ProviderCall authorise(std::string token) {
        PaymentId const payment(Id128(7, 1));
        return {ports::provider_key(payment, ports::PaymentOperation::authorise), payment,
                ports::AuthoriseCall{Money::of(500, Currency::gbp()), PaymentMethod("card"),
                                     std::move(token)}};
    }

    Ticket start(Method method, std::string_view path, std::string_view body = {},
                 std::string_view key = {}, std::string_view authorization = "Bearer key") {
        services::Header const headers[] = {{"authorization", authorization},
                                            {"idempotency-key", key}};
        services::Request request{};
        request.method = method;
        request.path = path;
        request.headers = headers;
        request.body = body;
        Ticket const ticket(++tickets_);
        exchange.start(ticket, request);
        return ticket;
    }
    Ticket start(ports::ProviderCall const& call) {
        auto const wire = payments::request_of(call);
        return start(Method::post, wire.path, wire.body, call.key.value().to_string());
    }

    /// What is answered within so much time, by its status.
    std::vector<Answered> after(Duration time) {
        std::vector<Answered> answers;
        constexpr Duration step = Duration::milliseconds(100);
        for (Duration passed{}; passed <= time; passed = passed + step) {
            exchange.collect(answers);
            clock.pass(step);
        }
        return answers;
    }
    int status_of(Method method, std::string_view path, std::string_view body = {},
                  std::string_view key = {}, std::string_view authorization = "Bearer key") {
        auto const ticket = start(method, path, body, key, authorization);
        auto const answers = after(Duration());
        EXPECT_EQ(answers.size(), 1u);
        EXPECT_EQ(answers.at(0).ticket, ticket);
        return answers.at(0).reply.status;
    }

    kontor::testing::HandClock clock;
    payments::Sandbox sandbox{clock, Random(1)};
    ProviderExchange exchange{sandbox, "key", nullptr};

private:
    std::uint64_t tickets_{0};
};

TEST_F(ProviderExchangeSpec, without_the_key_nothing_is_told_and_nothing_done) {
    auto const call = payments::request_of(authorise("tok_approve"));
    auto const key = authorise("tok_approve").key.value().to_string();
    for (auto const* const wrong : {"", "Bearer ", "Bearer keys", "key", "bearer key"}) {
        EXPECT_EQ(status_of(Method::get, "/v1/book", {}, {}, wrong), 401) << wrong;
        EXPECT_EQ(status_of(Method::post, call.path, call.body, key, wrong), 401) << wrong;
    }
    after(Duration::seconds(1));
    EXPECT_TRUE(sandbox.book().empty());
    EXPECT_EQ(status_of(Method::get, "/v1/book"), 200);
}

TEST_F(ProviderExchangeSpec, what_cannot_be_read_is_refused_at_once) {
    auto const call = payments::request_of(authorise("tok_approve"));
    auto const key = authorise("tok_approve").key.value().to_string();
    EXPECT_EQ(status_of(Method::get, "/v1/nothing"), 404);
    EXPECT_EQ(status_of(Method::put, call.path, call.body, key), 404);
    EXPECT_EQ(status_of(Method::post, call.path, "{", key), 400);
    EXPECT_EQ(status_of(Method::post, call.path, call.body, "no key"), 400);
    EXPECT_TRUE(sandbox.book().empty());
}

TEST_F(ProviderExchangeSpec, an_outcome_answers_its_call_and_the_book_shows_it) {
    auto const ticket = start(authorise("tok_approve"));
    auto const answers = after(Duration::seconds(1));
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].ticket, ticket);
    auto const outcome = payments::outcome_in(answers[0].reply.body);
    ASSERT_TRUE(outcome);
    EXPECT_TRUE(std::holds_alternative<ports::MoneyAuthorised>(*outcome));
    start(Method::get, "/v1/book");
    auto const book = after(Duration());
    ASSERT_EQ(book.size(), 1u);
    EXPECT_NE(book[0].reply.body.find(R"("authorised":{"amount":500,"currency":"GBP"})"),
              std::string::npos)
        << book[0].reply.body;
}

TEST_F(ProviderExchangeSpec, who_repeats_a_call_while_it_is_under_way_gets_the_same_outcome) {
    start(authorise("tok_approve"));
    start(authorise("tok_approve"));
    auto const answers = after(Duration::seconds(1));
    ASSERT_EQ(answers.size(), 2u);
    EXPECT_EQ(answers[0].reply.body, answers[1].reply.body);
    EXPECT_EQ(sandbox.payments(), 1u);
}

TEST_F(ProviderExchangeSpec, a_token_of_silence_is_not_answered_and_one_of_errors_is_a_500) {
    start(authorise("tok_timeout"));
    EXPECT_TRUE(after(Duration::seconds(60)).empty());
    EXPECT_EQ(exchange.waiting(), 0u);
    EXPECT_EQ(sandbox.payments(), 1u);
    auto other = authorise("tok_500_charged");
    other.payment_id = PaymentId(Id128(7, 2));
    start(other);
    auto const answers = after(Duration::seconds(1));
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].reply.status, 500);
}

TEST_F(ProviderExchangeSpec, who_has_gone_is_not_answered_and_the_call_has_happened) {
    auto const ticket = start(authorise("tok_approve"));
    exchange.abandon(ticket);
    exchange.abandon(ticket);
    EXPECT_TRUE(after(Duration::seconds(1)).empty());
    EXPECT_EQ(exchange.waiting(), 0u);
    EXPECT_EQ(sandbox.payments(), 1u);
}

} // namespace
} // namespace kontor::programs

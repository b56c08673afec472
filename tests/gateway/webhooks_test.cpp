#include "tests/gateway/shop_door.hpp"

#include "adapters/payments/http/wire.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::services::gateway {
namespace {

using webhooks::WebhookSecret;

WebhookSecret secret_of(char const* text) {
    return WebhookSecret::parse(text).value();
}

constexpr char const* key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr char const* fresh_key = "whsec_c2VjcmV0IG9mIHNvbWVib2R5IGVsc2UsIGxvbmcgZW5vdWdo";
constexpr char const* door = "/v1/payments/webhooks/sandbox";

/// What a payment provider outside reports, knocking at the shop's own door.
class WebhooksSpec : public ::testing::Test {
protected:
    WebhooksSpec() {
        shop.put_provider_outside({secret_of(key)});
        shop.stock_the_shelves();
    }

    /// A webhook as its sender makes it, so many seconds ago.
    Knock webhook(std::string id, std::string body, char const* secret = key,
                  std::int64_t seconds_ago = 0) {
        auto const at = shop.clock.now().unix_microseconds() / 1'000'000 - seconds_ago;
        auto const timestamp = std::to_string(at);
        std::vector const secrets{secret_of(secret)};
        auto signature = signature_of({id, timestamp, body}, secrets);
        return {Method::post,
                door,
                std::move(body),
                {},
                {{"webhook-id", std::move(id)},
                 {"webhook-timestamp", timestamp},
                 {"webhook-signature", std::move(signature)}},
                Listener::shop};
    }
    Got report(std::string id, ports::ProviderAnswer const& said) {
        return shop.ask(webhook(std::move(id), payments::report_text(said)));
    }

    std::string place(std::string const& token) {
        auto const placed = shop.post("/v1/orders", shop.order_body(2, token), {}, "key-" + token);
        EXPECT_EQ(placed.status, 201) << placed.body;
        return placed.at("id");
    }
    /// Time passes until the provider has reported so often.
    void wait_for_reports(std::size_t count) {
        for (int steps = 0; shop.outside.reports.size() < count && steps < 5'000; ++steps)
            shop.live(Duration::milliseconds(5));
        ASSERT_GE(shop.outside.reports.size(), count);
    }
    std::string state_of(std::string const& order) {
        shop.settle();
        return shop.get("/v1/orders/" + order).at("state");
    }
    /// How many facts there are about payments.
    std::size_t payment_facts() {
        auto const page = shop.store.read_log({}, ports::Limit(1'000));
        return static_cast<std::size_t>(std::ranges::count_if(page->events, [](auto const& event) {
            return event.stream.category() == StreamCategory::payment;
        }));
    }

    ShopDoor shop;
    std::vector<Answered> answers_; ///< collected past the door
};

TEST_F(WebhooksSpec, a_report_that_comes_before_the_answer_counts_and_the_answer_adds_nothing) {
    shop.outside.holds_back = true;
    auto const order = place("tok_webhook_first");
    wait_for_reports(1);
    EXPECT_EQ(state_of(order), "placed");
    EXPECT_EQ(report("msg_1", shop.outside.reports[0]).status, 200);
    EXPECT_EQ(state_of(order), "confirmed");
    auto const facts = payment_facts();
    EXPECT_EQ(facts, 1u);
    shop.outside.holds_back = false;
    shop.live(Duration::seconds(1));
    EXPECT_EQ(payment_facts(), facts);
    EXPECT_EQ(state_of(order), "confirmed");
}

TEST_F(WebhooksSpec, a_report_that_comes_twice_is_recorded_once) {
    auto const order = place("tok_twice");
    wait_for_reports(2);
    auto const facts = payment_facts();
    EXPECT_EQ(facts, 1u);
    for (auto const* const id : {"msg_1", "msg_1", "msg_2", "msg_1"}) {
        auto const got = report(id, shop.outside.reports[0]);
        EXPECT_EQ(got.status, 200) << id << got.body;
    }
    EXPECT_EQ(payment_facts(), facts);
    EXPECT_EQ(state_of(order), "confirmed");
}

TEST_F(WebhooksSpec, a_report_that_contradicts_the_answer_changes_nothing_for_the_book_decides) {
    auto const order = place("tok_liar");
    wait_for_reports(1);
    auto const& lie = shop.outside.reports[0];
    ASSERT_TRUE(std::holds_alternative<ports::CardDeclined>(lie.outcome));
    EXPECT_EQ(report("msg_1", lie).status, 200);
    shop.live(Duration::seconds(5));
    EXPECT_EQ(state_of(order), "confirmed");
    EXPECT_NE(shop.get("/v1/orders/" + order).at("payments.0.state"), "declined");
}

TEST_F(WebhooksSpec, what_is_forged_is_refused_and_has_no_effect) {
    shop.outside.holds_back = true;
    auto const order = place("tok_webhook_first");
    wait_for_reports(1);
    auto const good = payments::report_text(shop.outside.reports[0]);
    auto const stranger = shop.ask(webhook("msg_1", good, fresh_key));
    EXPECT_EQ(stranger.status, 401);
    EXPECT_EQ(stranger.at("code"), "E6001");
    EXPECT_EQ(stranger.header("WWW-Authenticate"), "Webhook-Signature");
    auto changed = webhook("msg_1", good);
    changed.body += ' ';
    EXPECT_EQ(shop.ask(changed).status, 401);
    auto other_id = webhook("msg_1", good);
    other_id.headers["webhook-id"] = "msg_2";
    EXPECT_EQ(shop.ask(other_id).status, 401);
    for (auto const* const header : {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
        auto without = webhook("msg_1", good);
        without.headers.erase(header);
        auto const got = shop.ask(without);
        EXPECT_EQ(got.status, 400) << header;
        EXPECT_EQ(got.at("code"), "E1003") << header;
    }
    shop.live(Duration::seconds(1));
    EXPECT_EQ(payment_facts(), 0u);
    EXPECT_EQ(state_of(order), "placed");
}

TEST_F(WebhooksSpec, what_is_old_or_ahead_is_refused_for_it_may_be_a_recording) {
    shop.outside.holds_back = true;
    place("tok_webhook_first");
    wait_for_reports(1);
    auto const good = payments::report_text(shop.outside.reports[0]);
    for (std::int64_t const seconds : {301, 86'400, -301}) {
        auto const got = shop.ask(webhook("msg_1", good, key, seconds));
        EXPECT_EQ(got.status, 400) << seconds;
        EXPECT_EQ(got.at("code"), "E6002") << seconds;
    }
    EXPECT_EQ(payment_facts(), 0u);
    EXPECT_EQ(shop.ask(webhook("msg_1", good, key, 299)).status, 200);
    EXPECT_EQ(shop.ask(webhook("msg_2", good, key, -299)).status, 200);
    EXPECT_EQ(payment_facts(), 1u);
}

TEST_F(WebhooksSpec, while_a_secret_is_replaced_both_count_and_then_the_new_one_alone) {
    auto const order = place("tok_twice");
    wait_for_reports(1);
    auto const said = payments::report_text(shop.outside.reports[0]);
    shop.put_provider_outside({secret_of(key), secret_of(fresh_key)});
    EXPECT_EQ(shop.ask(webhook("msg_1", said, key)).status, 200);
    EXPECT_EQ(shop.ask(webhook("msg_2", said, fresh_key)).status, 200);
    shop.put_provider_outside({secret_of(fresh_key)});
    EXPECT_EQ(shop.ask(webhook("msg_3", said, key)).status, 401);
    EXPECT_EQ(shop.ask(webhook("msg_3", said, fresh_key)).status, 200);
    EXPECT_EQ(state_of(order), "confirmed");
}

TEST_F(WebhooksSpec, what_cannot_be_read_is_refused_and_what_concerns_answers_is_taken) {
    for (auto const* const body : {"", "{", "[]", R"({"outcome":{}})"}) {
        auto const got = shop.ask(webhook("msg_1", body));
        EXPECT_EQ(got.status, 400) << body;
        EXPECT_EQ(got.at("code"), "E1001") << body << got.body;
    }
    auto const nobodys = payments::report_text({ports::ProviderKey(), PaymentId(Id128(5, 5)),
                                                ports::OutcomeSource::webhook,
                                                ports::CardDeclined{"card_declined", false}});
    EXPECT_EQ(shop.ask(webhook("msg_1", nobodys)).status, 200);
    EXPECT_EQ(payment_facts(), 0u);
    auto elsewhere = webhook("msg_2", nobodys);
    elsewhere.path = "/v1/payments/webhooks/somebody";
    EXPECT_EQ(shop.ask(elsewhere).status, 404);
}

TEST_F(WebhooksSpec, a_shop_that_dies_before_it_is_durable_has_not_answered_and_is_told_again) {
    shop.outside.holds_back = true;
    auto const order = place("tok_webhook_first");
    wait_for_reports(1);
    auto const said = payments::report_text(shop.outside.reports[0]);
    auto const ticket = shop.start(webhook("msg_1", said));
    shop.gateway().collect(answers_);
    EXPECT_FALSE(shop.collected(ticket)) << "it answered what is not durable";
    EXPECT_TRUE(answers_.empty()) << "it answered what is not durable";
    shop.crash();
    EXPECT_EQ(payment_facts(), 0u);
    EXPECT_EQ(shop.ask(webhook("msg_1", said)).status, 200);
    EXPECT_EQ(payment_facts(), 1u);
    EXPECT_EQ(state_of(order), "confirmed");
}

TEST_F(WebhooksSpec, a_report_that_does_not_become_durable_is_not_taken_for_good) {
    shop.outside.holds_back = true;
    place("tok_webhook_first");
    wait_for_reports(1);
    auto const said = payments::report_text(shop.outside.reports[0]);
    auto const ticket = shop.start(webhook("msg_1", said));
    shop.clock.pass(Duration::seconds(11));
    shop.gateway().collect(answers_);
    ASSERT_EQ(answers_.size(), 1u);
    EXPECT_EQ(answers_[0].ticket, ticket);
    EXPECT_EQ(answers_[0].reply.status, 503);
    EXPECT_NE(answers_[0].reply.headers.text().find("Retry-After"), std::string::npos);
    shop.settle();
    EXPECT_EQ(shop.ask(webhook("msg_1", said)).status, 200);
    EXPECT_EQ(payment_facts(), 1u);
}

} // namespace
} // namespace kontor::services::gateway

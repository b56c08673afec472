#include "services/webhooks/webhook_world.hpp"

namespace kontor::services::hooks {
namespace {

class WebhookDeliveries : public WebhookWorld {};

TEST_F(WebhookDeliveries, what_the_pattern_names_is_brought_signed_and_nothing_else) {
    receive_goods(); // before anybody wanted to know
    add(1);
    add(2, R"({"detail-type":["order.placed"]})");
    auto const position = receive_goods();
    ASSERT_EQ(heard(1).size(), 1U);
    EXPECT_TRUE(heard(2).empty());
    auto const& call = heard(1).front();
    EXPECT_EQ(header(call, "webhook-id"), message_id(hook(1), position));
    EXPECT_EQ(header(call, "content-type"), cloud_event_type);
    EXPECT_NE(call.body.find(R"("type":"kontor.stock.received.v1")"), std::string::npos);
    std::vector const keys{secrets.secret_of(hook(1), 1)};
    auto const id = header(call, "webhook-id");
    auto const timestamp = header(call, "webhook-timestamp");
    EXPECT_TRUE(is_signed({id, timestamp, call.body}, header(call, "webhook-signature"), keys));
    pass(Duration::seconds(2));
    ASSERT_EQ(kept_tries().size(), 1U);
    EXPECT_EQ(kept_tries().front().outcome, Outcome::delivered);
    EXPECT_EQ(kept_tries().front().status, 204);
    EXPECT_EQ(figures.counts().delivered, 1U);
    EXPECT_EQ(figures.lane_of(hook(1))->waiting, 0U);
}

TEST_F(WebhookDeliveries, a_receiver_that_says_nothing_delays_nobody) {
    add(1);
    add(2);
    receivers.say_nothing(url(1));
    for (int i = 0; i < 200; ++i)
        receive_goods();
    EXPECT_EQ(heard(2).size(), 200U);
    EXPECT_EQ(heard(1).size(), in_flight_max);
    auto const slow = figures.lane_of(hook(1));
    EXPECT_EQ(slow->waiting, waiting_max);
    EXPECT_GT(slow->lag_events, 100U); // the log keeps the rest
    EXPECT_LT(figures.lane_of(hook(2))->lag_events, 10U);
    receivers.answer(url(1), 200);
    for (int i = 0; i < 100; ++i)
        pass(Duration::seconds(1));
    EXPECT_EQ(heard(1).size(), 200U); // and is read again
    auto all = ids(1);
    std::ranges::sort(all);
    EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST_F(WebhookDeliveries, a_failed_delivery_comes_again_under_its_id_and_signed_anew) {
    add(1);
    receivers.answer(url(1), 500);
    receive_goods();
    EXPECT_EQ(heard(1).size(), 1U);
    pass(Duration::seconds(4));
    EXPECT_EQ(heard(1).size(), 1U);
    pass(Duration::seconds(1));
    EXPECT_EQ(heard(1).size(), 2U);
    receivers.break_off(url(1));
    pass(Duration::minutes(5));
    EXPECT_EQ(heard(1).size(), 3U);
    receivers.answer(url(1), 200);
    pass(Duration::minutes(30));
    ASSERT_EQ(heard(1).size(), 4U);
    for (auto const& id : ids(1))
        EXPECT_EQ(id, ids(1).front());
    EXPECT_NE(header(heard(1)[0], "webhook-timestamp"), header(heard(1)[3], "webhook-timestamp"));
    pass(Duration::days(1));
    EXPECT_EQ(heard(1).size(), 4U);
    auto const tries = kept_tries();
    ASSERT_EQ(tries.size(), 4U);
    EXPECT_EQ(tries[0].answer, "said");
    EXPECT_EQ(tries[2].status, 0);
    EXPECT_EQ(tries[2].answer, "the line is dead");
    EXPECT_EQ(tries[3].number, 4U);
    EXPECT_EQ(tries[3].outcome, Outcome::delivered);
}

TEST_F(WebhookDeliveries, what_failed_ten_times_is_given_up_and_the_webhook_disabled) {
    add(1);
    receivers.answer(url(1), 503);
    auto const position = receive_goods();
    for (int hour = 0; hour < 80; ++hour)
        pass(Duration::hours(1));
    EXPECT_EQ(heard(1).size(), webhooks::tries_max);
    EXPECT_FALSE(is_enabled(1));
    EXPECT_EQ(std::get<webhook::Standing>(state(1)).disabled_by,
              (webhook::Disabled{webhook::Why::exhausted, position}));
    EXPECT_EQ(kept_tries().back().outcome, Outcome::exhausted);
    receive_goods();
    pass(Duration::days(30));
    EXPECT_EQ(heard(1).size(), webhooks::tries_max);
    // Enabled again, it goes on where it stopped; what was given up stays so.
    receivers.answer(url(1), 200);
    ask(On<Webhooks>{hook(1), webhook::Change{.enabled = true}});
    settle();
    ASSERT_EQ(heard(1).size(), webhooks::tries_max + 1);
    EXPECT_NE(ids(1).back(), ids(1).front());
}

TEST_F(WebhookDeliveries, a_receiver_that_is_gone_hears_nothing_more) {
    add(1);
    receivers.answer(url(1), 410);
    receive_goods();
    receive_goods();
    pass(Duration::days(4));
    EXPECT_EQ(heard(1).size(), 1U);
    EXPECT_EQ(std::get<webhook::Standing>(state(1)).disabled_by->why, webhook::Why::gone);
    EXPECT_EQ(figures.counts().gone, 1U);
}

TEST_F(WebhookDeliveries, a_receiver_that_asks_for_a_pause_gets_it) {
    add(1);
    receivers.answer(url(1), 429, "60");
    receive_goods();
    receivers.answer(url(1), 200);
    receive_goods();
    receive_goods();
    EXPECT_EQ(heard(1).size(), 1U);
    pass(Duration::seconds(59));
    EXPECT_EQ(heard(1).size(), 1U);
    pass(Duration::seconds(1));
    EXPECT_EQ(heard(1).size(), 4U);
}

TEST_F(WebhookDeliveries, after_a_crash_nothing_is_missing_and_repetitions_keep_their_id) {
    add(1);
    receivers.answer(url(1), 500);
    receive_goods();
    pass(Duration::seconds(2)); // the failure is in a page
    receivers.answer(url(1), 200);
    receive_goods();
    receive_goods(); // delivered, and in no page so soon after the one before
    EXPECT_EQ(heard(1).size(), 3U);
    start();
    settle();
    pass(Duration::seconds(10));
    auto const all = ids(1);
    ASSERT_EQ(all.size(), 5U); // once more: what was in no page, and the retry of what failed
    EXPECT_EQ(all[3], all[2]);
    EXPECT_EQ(all[4], all[0]);
    start();
    pass(Duration::days(1));
    EXPECT_EQ(heard(1).size(), 5U);
    EXPECT_EQ(kept_tries().back().number, 2U);
}

TEST_F(WebhookDeliveries, a_book_that_is_full_is_followed_by_the_next) {
    add(1);
    for (std::uint64_t i = 0; i < webhook_book::pages_max + 5; ++i) {
        receive_goods();
        pass(Duration::seconds(1));
    }
    EXPECT_EQ(figures.lane_of(hook(1))->book, 2U);
    start();
    EXPECT_EQ(figures.lane_of(hook(1))->book, 2U);
    pass(Duration::seconds(5));
    EXPECT_EQ(heard(1).size(), webhook_book::pages_max + 5);
    EXPECT_EQ(kept_tries().size(), webhook_book::pages_max + 5);
    auto const book = desk->desk().state<WebhookBooks>({hook(1), 1});
    EXPECT_TRUE(webhook_book::is_terminal(book));
}

TEST_F(WebhookDeliveries, a_test_and_a_repetition_come_when_they_are_asked_for) {
    add(1);
    auto const position = receive_goods();
    ask(On<Webhooks>{hook(1), webhook::SendTest{}});
    settle();
    ASSERT_EQ(heard(1).size(), 2U);
    EXPECT_NE(heard(1)[1].body.find(R"("type":"kontor.webhook.tested.v1")"), std::string::npos);
    ask(On<Webhooks>{hook(1), webhook::AskResend{position}});
    settle();
    ASSERT_EQ(heard(1).size(), 3U);
    EXPECT_EQ(ids(1)[2], ids(1)[0]);
}

TEST_F(WebhookDeliveries, two_secrets_sign_for_a_day_after_a_rotation) {
    add(1);
    ask(On<Webhooks>{hook(1), webhook::RotateSecret{}});
    receive_goods();
    pass(Duration::hours(25));
    receive_goods();
    ASSERT_EQ(heard(1).size(), 2U);
    auto const signs = [&](std::size_t which, std::uint32_t number) {
        auto const& call = heard(1)[which];
        std::vector const keys{secrets.secret_of(hook(1), number)};
        auto const id = header(call, "webhook-id");
        auto const timestamp = header(call, "webhook-timestamp");
        return is_signed({id, timestamp, call.body}, header(call, "webhook-signature"), keys);
    };
    EXPECT_TRUE(signs(0, 1) && signs(0, 2));
    EXPECT_TRUE(!signs(1, 1) && signs(1, 2));
}

TEST_F(WebhookDeliveries, one_that_is_removed_hears_nothing_more_and_leaves_nothing_open) {
    add(1);
    receive_goods();
    pass(Duration::seconds(2));
    receivers.say_nothing(url(1));
    receive_goods();
    ask(On<Webhooks>{hook(1), webhook::Remove{}});
    receive_goods();
    EXPECT_TRUE(figures.lanes().empty());
    receivers.answer(url(1), 500);
    pass(Duration::days(1));
    EXPECT_EQ(heard(1).size(), 2U);
    EXPECT_TRUE(webhook_book::is_terminal(desk->desk().state<WebhookBooks>({hook(1), 1})));
    start();
    receive_goods();
    EXPECT_EQ(heard(1).size(), 2U);
}

} // namespace
} // namespace kontor::services::hooks

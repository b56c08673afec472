#include "adapters/payments/http/webhook_inbox.hpp"

#include "adapters/payments/http/wire.hpp"

#include <gtest/gtest.h>

namespace kontor::payments {
namespace {

std::string const report =
    report_text({ports::ProviderKey(Id128(7, 2)), PaymentId(Id128(7, 1)),
                 ports::OutcomeSource::webhook, ports::CardDeclined{"card_declined", false}});

std::vector<ports::ProviderAnswer> collected(WebhookInbox& inbox) {
    std::vector<ports::ProviderAnswer> answers;
    inbox.collect(10'000, answers);
    return answers;
}

TEST(WebhookInbox, a_report_is_collected_each_time_it_came_until_it_is_durable) {
    WebhookInbox inbox;
    int woken = 0;
    inbox.wake_with([&] { ++woken; });
    ASSERT_TRUE(inbox.take("msg_1", report));
    ASSERT_TRUE(inbox.take("msg_1", report)); // still waiting: once is enough
    auto const first = collected(inbox);
    ASSERT_EQ(first.size(), 1u);
    EXPECT_NE(first[0].delivery, 0u);
    EXPECT_FALSE(inbox.is_durable("msg_1"));
    EXPECT_TRUE(collected(inbox).empty());
    ASSERT_TRUE(inbox.take("msg_1", report)); // whoever collected it has died since
    auto const second = collected(inbox);
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second[0].delivery, first[0].delivery);
    inbox.receipt(std::span(&second[0].delivery, 1));
    inbox.receipt(std::span(&second[0].delivery, 1));
    EXPECT_GE(woken, 1);
    EXPECT_TRUE(inbox.is_durable("msg_1"));
    ASSERT_TRUE(inbox.take("msg_1", report));
    EXPECT_TRUE(collected(inbox).empty());
}

TEST(WebhookInbox, another_id_is_another_report) {
    WebhookInbox inbox;
    ASSERT_TRUE(inbox.take("msg_1", report));
    ASSERT_TRUE(inbox.take("msg_2", report));
    auto const both = collected(inbox);
    ASSERT_EQ(both.size(), 2u);
    EXPECT_NE(both[0].delivery, both[1].delivery);
}

TEST(WebhookInbox, what_is_no_report_is_refused) {
    WebhookInbox inbox;
    EXPECT_EQ(inbox.take("msg_1", "{").error().kind, FailureKind::invalid);
    EXPECT_TRUE(collected(inbox).empty());
}

TEST(WebhookInbox, when_it_is_full_what_was_collected_makes_room_and_else_the_sender_waits) {
    WebhookInbox inbox;
    for (std::size_t i = 0; i < WebhookInbox::pending_max; ++i)
        ASSERT_TRUE(inbox.take("msg_" + std::to_string(i), report));
    EXPECT_EQ(inbox.take("one more", report).error().kind, FailureKind::full);
    std::vector<ports::ProviderAnswer> answers;
    EXPECT_EQ(inbox.collect(1, answers), 1u);
    EXPECT_TRUE(inbox.take("one more", report));
    EXPECT_EQ(inbox.take("yet one more", report).error().kind, FailureKind::full);
    inbox.receipt(std::span(&answers[0].delivery, 1)); // it has made room, and is forgotten
    EXPECT_FALSE(inbox.is_durable("msg_0"));
}

} // namespace
} // namespace kontor::payments

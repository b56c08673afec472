#include "platform/webhooks/retry_plan.hpp"

#include "platform/webhooks/limits.hpp"
#include "platform/webhooks/secret_maker.hpp"

#include <gtest/gtest.h>

namespace kontor::webhooks {
namespace {

TEST(RetryPlan, ten_tries_take_three_days) {
    auto total = Duration();
    std::uint32_t tries = 1;
    for (; wait_after(tries); ++tries)
        total = total + *wait_after(tries);
    EXPECT_EQ(tries, tries_max);
    EXPECT_EQ(total, Duration::hours(75) + Duration::minutes(35) + Duration::seconds(5));
    EXPECT_EQ(wait_after(1), Duration::seconds(5));
    EXPECT_EQ(wait_after(2), Duration::minutes(5));
    EXPECT_EQ(wait_after(9), Duration::hours(24));
    EXPECT_FALSE(wait_after(0));
}

TEST(RetryPlan, only_2xx_is_success) {
    for (std::uint16_t status = 100; status < 600; ++status) {
        auto const expected = status / 100 == 2                                 ? Verdict::delivered
                              : status == 410                                   ? Verdict::gone
                              : status == 429 || status == 502 || status == 504 ? Verdict::throttled
                                                                                : Verdict::failed;
        EXPECT_EQ(verdict_of(status), expected) << status;
    }
    EXPECT_EQ(verdict_of(0), Verdict::failed);
}

TEST(RetryPlan, a_pause_is_asked_for_in_seconds_or_by_a_date) {
    auto const now = to_instant({1994, 11, 6, 8, 49, 7}).value();
    EXPECT_EQ(pause_asked("120", now), Duration::minutes(2));
    EXPECT_EQ(pause_asked("0", now), Duration());
    EXPECT_EQ(pause_asked("Sun, 06 Nov 1994 08:49:37 GMT", now), Duration::seconds(30));
    EXPECT_EQ(pause_asked("Sun, 06 Nov 1994 08:00:00 GMT", now), Duration());
    EXPECT_EQ(pause_asked("86400", now), pause_max);
    for (auto const* const text : {"", "-1", "soon", "1.5", "Sun, 06 Nom 1994 08:49:37 GMT",
                                   "Sun, 46 Nov 1994 08:49:37 GMT", "99999999999999"})
        EXPECT_FALSE(pause_asked(text, now)) << text;
}

TEST(SecretMaker, each_webhook_and_number_has_its_own_secret_and_always_the_same) {
    SecretMaker const maker(std::string(32, 'k'));
    SecretMaker const other(std::string(32, 'l'));
    WebhookId const one(Id128(1, 2));
    WebhookId const two(Id128(1, 3));
    auto const text = maker.secret_of(one, 1).text();
    EXPECT_TRUE(text.starts_with("whsec_"));
    EXPECT_EQ(WebhookSecret::parse(text)->bytes(), maker.secret_of(one, 1).bytes());
    EXPECT_EQ(text, maker.secret_of(one, 1).text());
    EXPECT_NE(text, maker.secret_of(one, 2).text());
    EXPECT_NE(text, maker.secret_of(two, 1).text());
    EXPECT_NE(text, other.secret_of(one, 1).text());
}

TEST(SecretMaker, for_a_day_after_a_rotation_two_secrets_sign) {
    SecretMaker const maker(std::string(32, 'k'));
    WebhookId const one(Id128(1, 2));
    auto const at = Instant() + Duration::days(9);
    EXPECT_EQ(maker.signing(one, 1, {}, at).size(), 1U);
    auto const both = maker.signing(one, 2, at, at + Duration::hours(23));
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].bytes(), maker.secret_of(one, 2).bytes());
    EXPECT_EQ(both[1].bytes(), maker.secret_of(one, 1).bytes());
    EXPECT_EQ(maker.signing(one, 2, at, at + Duration::hours(24)).size(), 1U);
}

} // namespace
} // namespace kontor::webhooks

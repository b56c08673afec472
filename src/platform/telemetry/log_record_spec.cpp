#include "platform/telemetry/log_record.hpp"

#include <gtest/gtest.h>

namespace kontor::telemetry {
namespace {

TEST(LogRecord, a_line_is_an_object_with_the_fixed_members_first) {
    LogRecord const record{
        Instant::from_unix_microseconds(0), Level::warning, "edge", "the answer was \"late\"",
        {{"route", "/v1/orders"}},          "ord_1",        "",     "abc"};
    EXPECT_EQ(to_json(record), R"({"at":"1970-01-01T00:00:00Z","level":"warning","area":"edge",)"
                               R"("message":"the answer was \"late\"","correlation_id":"ord_1",)"
                               R"("trace_id":"abc","route":"/v1/orders"})");
}

TEST(LogRecord, keys_and_addresses_and_card_numbers_do_not_leave) {
    EXPECT_EQ(redacted("bearer ktk_dev_AB-12 was refused"), "bearer [redacted] was refused");
    EXPECT_EQ(redacted("mail to ann.b+x@example.org."), "mail to [redacted]");
    EXPECT_EQ(redacted("card 4242 4242 4242 4242!"), "card [redacted]!");
    EXPECT_EQ(redacted("card 4242424242424242"), "card [redacted]");
}

TEST(LogRecord, what_only_resembles_a_secret_stays) {
    EXPECT_EQ(redacted("order 4242424242424241"), "order 4242424242424241");
    EXPECT_EQ(redacted("ord_01k0abcdefghjkmnpqrstvwxyz"), "ord_01k0abcdefghjkmnpqrstvwxyz");
    EXPECT_EQ(redacted("3 @ 12.50"), "3 @ 12.50");
}

TEST(LogRecord, a_field_with_a_secret_name_never_shows_its_value) {
    auto const line = to_json({{}, Level::notice, "edge", "signed in", {{"token", "harmless"}}});
    EXPECT_EQ(line.find("harmless"), std::string::npos) << line;
}

TEST(LogLimiter, a_message_passes_so_often_a_second_and_says_how_many_were_held_back) {
    LogLimiter limiter(2);
    auto const now = Duration::seconds(5);
    EXPECT_TRUE(limiter.admit("a", now).may_pass);
    EXPECT_TRUE(limiter.admit("a", now).may_pass);
    EXPECT_FALSE(limiter.admit("a", now).may_pass);
    EXPECT_TRUE(limiter.admit("b", now).may_pass);
    auto const later = limiter.admit("a", now + Duration::seconds(1));
    EXPECT_TRUE(later.may_pass);
    EXPECT_EQ(later.held_back, 1u);
}

} // namespace
} // namespace kontor::telemetry

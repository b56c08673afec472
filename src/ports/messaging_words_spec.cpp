#include "ports/arn.hpp"
#include "ports/event_archive.hpp"

#include <gtest/gtest.h>

namespace kontor::ports {
namespace {

TEST(Arn, what_was_written_is_read_again) {
    auto const text = "arn:aws:events:eu-west-1:123456789012:rule/shop/stock-facts:1";
    auto const arn = Arn::parse(text);
    ASSERT_TRUE(arn.has_value());
    EXPECT_EQ(arn->service, "events");
    EXPECT_EQ(arn->place, (CloudPlace{"123456789012", "eu-west-1"}));
    EXPECT_EQ(arn->resource, "rule/shop/stock-facts:1");
    EXPECT_EQ(arn->to_string(), text);
}

TEST(Arn, what_is_none_is_refused) {
    for (auto const* const text :
         {"", "analytics", "arn:aws:sqs:us-east-1:000000000000:", "arn:aws::r:a:q",
          "arn::sqs:r:a:q", "urn:aws:sqs:us-east-1:000000000000:q",
          "arn:aws:sqs:us-east-1:000000000000"})
        EXPECT_FALSE(Arn::parse(text).has_value()) << text;
}

TEST(EventEntry, a_time_and_every_text_count) {
    EventEntry entry{"kontor.order", "order.placed", "{}"};
    EXPECT_EQ(entry_size(entry), 12U + 12U + 2U);
    entry.time = Instant{};
    entry.resources = {"o-1", "\u00e9"};
    EXPECT_EQ(entry_size(entry), 26U + 14U + 3U + 2U);
}

TEST(EventEntry, only_what_may_pass_by_itself_may_be_repeated) {
    EXPECT_TRUE(may_be_repeated(EntryFault::throttled));
    EXPECT_TRUE(may_be_repeated(EntryFault::internal_failure));
    EXPECT_FALSE(may_be_repeated(EntryFault::malformed_detail));
    EXPECT_FALSE(may_be_repeated(EntryFault::not_authorized_for_source));
}

TEST(MessagingRefusal, each_fault_has_its_kind_of_failure) {
    EXPECT_EQ(to_failure({MessagingFault::not_found, "x"}), (Failure{FailureKind::not_found, "x"}));
    EXPECT_EQ(to_failure({MessagingFault::limit_exceeded, ""}).kind, FailureKind::full);
    EXPECT_EQ(to_failure({MessagingFault::already_exists, ""}).kind, FailureKind::conflict);
}

} // namespace
} // namespace kontor::ports

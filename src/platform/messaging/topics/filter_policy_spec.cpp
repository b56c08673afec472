#include "platform/messaging/topics/filter_policy.hpp"
#include "platform/messaging/topics/retry_schedule.hpp"

#include <gtest/gtest.h>

namespace kontor::topics {
namespace {

std::string fault(std::string_view policy, FilterScope scope = FilterScope::body) {
    auto const checked = check_filter_policy(policy, scope);
    return checked ? "" : checked.error().what;
}

TEST(FilterPolicy, what_sns_takes_is_taken) {
    for (auto const* const policy :
         {"", "{}", " { } ", R"({"kind":[{"anything-but":"order.placed"}]})",
          R"({"a":["x"],"b":[1,{"numeric":[">",0.00001,"<=",1000000000]}],"c":[null],"d":[true]})",
          R"({"$or":[{"a":["x"]},{"b":["y"]}]})"}) {
        EXPECT_EQ(fault(policy), "") << policy;
        EXPECT_EQ(fault(policy, FilterScope::attributes), "") << policy;
    }
    EXPECT_EQ(fault(R"({"a":{"b":{"c":["x"]}}})"), "");
}

TEST(FilterPolicy, what_cannot_be_is_refused_in_the_words_of_aws) {
    EXPECT_TRUE(fault("[]").starts_with("Invalid parameter: FilterPolicy: "));
    EXPECT_TRUE(fault("{").starts_with("Invalid parameter: FilterPolicy: failed to parse JSON"));
    EXPECT_EQ(fault(R"({"a":{"b":["x"]}})", FilterScope::attributes),
              "Invalid parameter: FilterPolicy: Filter policy scope MessageAttributes does not "
              "support nested filter policy");
    EXPECT_EQ(fault(R"({"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]})"),
              "Invalid parameter: FilterPolicy: Filter policy can not have more than 5 keys");
    EXPECT_EQ(fault(R"({"a":[{"exactly":"x"}]})"),
              "Invalid parameter: FilterPolicy: Unrecognized match type exactly");
    EXPECT_NE(fault(R"({"a":"x"})"), "");
}

std::string list_of(int count) {
    std::string list = "[";
    for (int i = 0; i < count; ++i)
        list += (i > 0 ? "," : "") + std::to_string(i);
    return list + "]";
}

TEST(FilterPolicy, combinations_are_multiplied_and_in_a_body_each_times_its_depth) {
    EXPECT_EQ(fault(R"({"a":)" + list_of(10) + R"(,"b":)" + list_of(15) + "}"), "");
    EXPECT_EQ(fault(R"({"a":)" + list_of(10) + R"(,"b":)" + list_of(16) + "}"),
              "Invalid parameter: FilterPolicy: Filter policy is too complex");
    EXPECT_EQ(fault(R"({"a":{"b":)" + list_of(75) + "}}"), "");
    EXPECT_NE(fault(R"({"a":{"b":)" + list_of(76) + "}}"), "");
    EXPECT_NE(fault(R"({"a":[{"anything-but":)" + list_of(151) + "}]}"), "");
}

TEST(FilterPolicy, a_policy_has_at_most_256_kib) {
    auto const of = [](std::size_t size) {
        std::string const frame = R"({"a":[""]})";
        return R"({"a":[")" + std::string(size - frame.size(), 'x') + R"("]})";
    };
    for (auto const scope : {FilterScope::attributes, FilterScope::body}) {
        EXPECT_EQ(fault(of(4'097), scope), "");
        EXPECT_EQ(fault(of(262'144), scope), "");
        EXPECT_EQ(fault(of(262'145), scope),
                  "Invalid parameter: FilterPolicy: it has 262145 bytes of at most 262144");
    }
}

TEST(FilterPolicy, numbers_are_bounded) {
    EXPECT_EQ(fault(R"({"a":[1000000000,-1000000000,0.12345]})"), "");
    EXPECT_NE(fault(R"({"a":[1000000001]})"), "");
    EXPECT_NE(fault(R"({"a":[0.123456]})"), "");
    EXPECT_NE(fault(R"({"a":[{"numeric":["<",2e9]}]})"), "");
}

TEST(FilterPolicy, attributes_become_an_object) {
    EXPECT_EQ(attributes_as_json({{"s", "String", "a\"b"},
                                  {"n", "Number.int", "1.50"},
                                  {"l", "String.Array", R"(["x",1])"},
                                  {"b", "Binary", "zz"},
                                  {"t", "String.label", "5"}}),
              R"({"s":"a\"b","n":1.50,"l":["x",1],"t":"5"})");
    EXPECT_EQ(attributes_as_json({}), "{}");
}

TEST(RetrySchedule, queues_are_tried_for_weeks) {
    auto const schedule = RetrySchedule::of_queues();
    for (std::uint32_t tries = 1; tries <= 3; ++tries)
        EXPECT_EQ(schedule.wait_after(tries), Duration{});
    EXPECT_EQ(schedule.wait_after(4), Duration::seconds(1));
    EXPECT_EQ(schedule.wait_after(5), Duration::seconds(1));
    EXPECT_GT(*schedule.wait_after(6), Duration::seconds(1));
    EXPECT_LT(*schedule.wait_after(14), Duration::seconds(20));
    EXPECT_EQ(schedule.wait_after(15), Duration::seconds(20));
    EXPECT_EQ(schedule.wait_after(100'015), Duration::seconds(20));
    EXPECT_EQ(schedule.wait_after(100'016), std::nullopt);
}

TEST(RetrySchedule, endpoints_are_tried_three_times_more) {
    auto const schedule = RetrySchedule::of_endpoints();
    EXPECT_EQ(schedule.wait_after(3), Duration::seconds(20));
    EXPECT_EQ(schedule.wait_after(4), std::nullopt);
}

TEST(RetrySchedule, a_policy_says_how_it_grows) {
    for (auto const* const backoff : {"linear", "arithmetic", "geometric", "exponential"}) {
        auto const schedule = RetrySchedule::parse(
            R"({"healthyRetryPolicy":{"minDelayTarget":2,"maxDelayTarget":60,"numRetries":10,)"
            R"("numNoDelayRetries":1,"numMinDelayRetries":2,"numMaxDelayRetries":3,)"
            R"("backoffFunction":")" +
            std::string(backoff) + R"("}})");
        ASSERT_TRUE(schedule.has_value()) << schedule.error().what;
        EXPECT_EQ(schedule->retries(), 10U);
        EXPECT_EQ(schedule->wait_after(1), Duration{});
        EXPECT_EQ(schedule->wait_after(3), Duration::seconds(2));
        for (std::uint32_t tries = 4; tries < 10; ++tries)
            EXPECT_LE(*schedule->wait_after(tries), *schedule->wait_after(tries + 1)) << backoff;
        EXPECT_EQ(schedule->wait_after(10), Duration::seconds(60));
        EXPECT_EQ(schedule->wait_after(11), std::nullopt);
    }
}

TEST(RetrySchedule, what_cannot_be_is_refused) {
    for (auto const* const policy :
         {"x", R"({"healthyRetryPolicy":{"minDelayTarget":0}})",
          R"({"healthyRetryPolicy":{"minDelayTarget":30,"maxDelayTarget":20}})",
          R"({"healthyRetryPolicy":{"numRetries":101}})",
          R"({"healthyRetryPolicy":{"numRetries":2,"numNoDelayRetries":3}})",
          R"({"healthyRetryPolicy":{"numRetries":"3"}})",
          R"({"healthyRetryPolicy":{"backoffFunction":"sudden"}})",
          R"({"healthyRetryPolicy":{"minDelayTarget":3600,"maxDelayTarget":3600}})"})
        EXPECT_FALSE(RetrySchedule::parse(policy).has_value()) << policy;
    auto const topics = RetrySchedule::parse(
        R"({"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,)"
        R"("numRetries":5}}})");
    ASSERT_TRUE(topics.has_value());
    EXPECT_EQ(topics->growing, 5U);
}

} // namespace
} // namespace kontor::topics

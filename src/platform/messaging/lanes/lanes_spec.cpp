#include "platform/messaging/lanes/lanes.hpp"

#include <gtest/gtest.h>

namespace kontor::lanes {
namespace {

constexpr Instant at(std::int64_t seconds) {
    return Instant::from_unix_microseconds(seconds * 1'000'000);
}

/// "lane:parcel lane:parcel"
std::string started(std::vector<Lanes<int>::Attempt> const& attempts) {
    std::string names;
    for (auto const& each : attempts)
        names += (names.empty() ? "" : " ") + each.lane + ":" + std::to_string(each.parcel);
    return names;
}

TEST(Lanes, one_that_never_answers_delays_no_other) {
    Lanes<int> lanes;
    for (int i = 0; i < 1'000; ++i)
        ASSERT_TRUE(lanes.add("slow", Sequence::free, i, at(0)));
    EXPECT_EQ(lanes.start(at(0), 10'000).size(), in_flight_max);
    ASSERT_TRUE(lanes.add("quick", Sequence::free, 7, at(1)));
    EXPECT_EQ(started(lanes.start(at(1), 10)), "quick:7");
}

TEST(Lanes, lanes_take_turns) {
    Lanes<int> lanes;
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(lanes.add("a", Sequence::free, i, at(0)));
    ASSERT_TRUE(lanes.add("b", Sequence::free, 8, at(0)));
    ASSERT_TRUE(lanes.add("c", Sequence::free, 9, at(0)));
    EXPECT_EQ(started(lanes.start(at(0), 2)), "a:0 b:8");
    EXPECT_EQ(started(lanes.start(at(0), 3)), "c:9 a:1 a:2");
}

TEST(Lanes, what_comes_again_waits_its_time_and_the_others_go_on) {
    Lanes<int> lanes;
    ASSERT_TRUE(lanes.add("a", Sequence::free, 1, at(0)));
    ASSERT_TRUE(lanes.add("a", Sequence::free, 2, at(0)));
    auto const first = lanes.start(at(0), 1);
    ASSERT_EQ(started(first), "a:1");
    lanes.again(first.front().number, at(5));
    EXPECT_EQ(started(lanes.start(at(4), 9)), "a:2");
    EXPECT_EQ(lanes.next_due(), at(5));
    auto const second = lanes.start(at(5), 9);
    ASSERT_EQ(started(second), "a:1");
    EXPECT_EQ(second.front().tries, 1U);
    EXPECT_EQ(second.front().first, at(0));
}

TEST(Lanes, where_the_sequence_is_kept_nothing_overtakes) {
    Lanes<int> lanes;
    for (int i = 1; i <= 3; ++i)
        ASSERT_TRUE(lanes.add("a", Sequence::kept, i, at(0)));
    auto const first = lanes.start(at(0), 9);
    ASSERT_EQ(started(first), "a:1");
    lanes.again(first.front().number, at(5));
    EXPECT_EQ(started(lanes.start(at(4), 9)), "");
    auto const again = lanes.start(at(5), 9);
    ASSERT_EQ(started(again), "a:1");
    lanes.end(again.front().number);
    EXPECT_EQ(started(lanes.start(at(5), 9)), "a:2");
}

TEST(Lanes, a_full_lane_takes_no_more_and_says_so) {
    Lanes<int> lanes;
    for (std::size_t i = 0; i < waiting_max; ++i)
        ASSERT_TRUE(lanes.add("a", Sequence::free, 0, at(0)));
    EXPECT_FALSE(lanes.add("a", Sequence::free, 0, at(0)));
    EXPECT_TRUE(lanes.add("b", Sequence::free, 0, at(0)));
    EXPECT_EQ(lanes.waiting("a"), waiting_max);
    EXPECT_EQ(lanes.close("a").size(), waiting_max);
    EXPECT_EQ(lanes.size(), 1U);
}

} // namespace
} // namespace kontor::lanes

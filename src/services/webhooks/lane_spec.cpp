#include "services/webhooks/lane.hpp"

#include <gtest/gtest.h>

namespace kontor::services::hooks {
namespace {

WebhookId const hook(Id128(5, 1));

Lane lane_of_somebody() {
    Lane lane(hook, ports::Position(10));
    lane.see(webhook::Added{{"https://hooks.example/", "{}", "", true}});
    return lane;
}

Instant at(std::int64_t seconds) {
    return Instant() + Duration::days(1) + Duration::seconds(seconds);
}

TEST(Lane, a_full_one_reads_no_further) {
    auto lane = lane_of_somebody();
    for (std::uint64_t i = 0; i < waiting_max; ++i) {
        ASSERT_TRUE(lane.may_read());
        lane.pass(ports::Position(11 + i), true, at(0));
    }
    EXPECT_FALSE(lane.may_read());
    auto const first = lane.due(at(0));
    ASSERT_EQ(first, 11U);
    lane.begin(*first, at(0));
    EXPECT_FALSE(lane.may_read());
    EXPECT_EQ(lane.settle(*first, {.status = 200}, at(0)), Outcome::delivered);
    EXPECT_TRUE(lane.may_read());
}

TEST(Lane, so_many_calls_are_under_way_and_not_more) {
    auto lane = lane_of_somebody();
    for (std::uint64_t i = 0; i < waiting_max; ++i)
        lane.pass(ports::Position(11 + i), true, at(0));
    for (std::size_t i = 0; i < in_flight_max; ++i) {
        auto const due = lane.due(at(0));
        ASSERT_TRUE(due);
        lane.begin(*due, at(0));
    }
    EXPECT_FALSE(lane.due(at(0)));
}

TEST(Lane, without_a_page_it_stops_at_its_limit) {
    auto lane = lane_of_somebody();
    std::uint64_t position = 10;
    std::size_t delivered = 0;
    for (; delivered < tries_unkept_max; ++delivered) {
        lane.pass(ports::Position(++position), true, at(0));
        lane.begin(position, at(0));
        lane.settle(position, {.status = 200}, at(0));
    }
    lane.pass(ports::Position(++position), true, at(0));
    EXPECT_FALSE(lane.due(at(9)));
    auto const page = lane.page(at(9));
    ASSERT_TRUE(page);
    EXPECT_EQ(page->page.tries.size(), tries_unkept_max);
    EXPECT_EQ(page->page.waiting.size(), 1U);
    EXPECT_FALSE(lane.page(at(9))); // one is on its way
    lane.page_is_not_kept();
    EXPECT_FALSE(lane.due(at(9)));
    ASSERT_EQ(lane.page(at(9))->number, 1U); // said again
    lane.page_is_kept(at(9));
    EXPECT_TRUE(lane.due(at(9)));
}

TEST(Lane, who_only_reads_keeps_a_page_now_and_then) {
    auto lane = lane_of_somebody();
    for (std::uint64_t i = 1; i < read_unkept_max; ++i)
        lane.pass(ports::Position(10 + i), false, at(0));
    EXPECT_FALSE(lane.page(at(100)));
    lane.pass(ports::Position(10 + read_unkept_max), false, at(0));
    auto const page = lane.page(at(100));
    ASSERT_TRUE(page);
    EXPECT_EQ(page->page.through, 10 + read_unkept_max);
    lane.page_is_kept(at(100));
    EXPECT_FALSE(lane.page(at(200)));
}

TEST(Lane, a_page_takes_up_where_another_life_stopped) {
    auto lane = lane_of_somebody();
    lane.pass(ports::Position(11), true, at(0));
    lane.pass(ports::Position(12), true, at(0));
    lane.begin(11, at(0));
    lane.settle(11, {.status = 500}, at(0));
    auto const page = lane.page(at(1));
    ASSERT_TRUE(page);
    auto again = lane_of_somebody();
    again.take_up({page->page.through, page->page.waiting, page->page.tries, false}, 3, 17);
    EXPECT_EQ(again.read(), ports::Position(12));
    EXPECT_EQ(again.book(), 3U);
    EXPECT_EQ(again.due(at(0)), 12U);
    again.begin(12, at(0));
    EXPECT_FALSE(again.due(at(4)));
    EXPECT_EQ(again.due(at(5)), 11U);
    again.begin(11, at(5));
    again.settle(11, {.status = 200}, at(5));
    auto const next = again.page(at(9));
    ASSERT_TRUE(next);
    EXPECT_EQ(next->number, 18U);
    EXPECT_EQ(next->page.tries.front().number, 2U);
}

} // namespace
} // namespace kontor::services::hooks

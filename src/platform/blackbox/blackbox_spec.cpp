#include "platform/blackbox/blackbox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>

namespace kontor::blackbox {
namespace {

Id128 const poison(7, 1);
Id128 const harmless(7, 2);

class Box : public ::testing::Test {
protected:
    Box() { start(); }

    /// A process begins; the one before ended however it did.
    void start(std::string_view machine = "monday") {
        box.emplace(std::span(memory), machine, now);
        desk = &box->hand("desk");
        rows = &box->hand("rows");
    }
    void end_with(Id128 what) {
        ASSERT_TRUE(desk->take(what));
        start();
    }

    alignas(64) std::array<std::byte, 16384> memory{};
    Instant now{Instant::from_unix_microseconds(1'700'000'000'000'000)};
    std::optional<Blackbox> box;
    ports::Hand* desk{nullptr};
    ports::Hand* rows{nullptr};
};

TEST_F(Box, what_was_in_hand_at_three_unclean_ends_is_not_handled_any_more) {
    ASSERT_LE(Blackbox::bytes(), memory.size());
    end_with(poison);
    end_with(poison);
    ASSERT_EQ(box->suspects().size(), 1U);
    EXPECT_FALSE(box->suspects()[0].is_quarantined());
    end_with(poison);
    EXPECT_TRUE(box->suspects()[0].is_quarantined());
    EXPECT_EQ(box->suspects()[0].agent, "desk");
    EXPECT_EQ(box->suspects()[0].what, poison);
    EXPECT_EQ(box->suspects()[0].last_end, now);
    EXPECT_FALSE(desk->take(poison));
    EXPECT_FALSE(rows->take(poison)) << "whoever gets it";
    EXPECT_TRUE(desk->take(harmless));
    EXPECT_EQ(box->refused(), 2U);
}

TEST_F(Box, what_was_handled_was_not_in_hand) {
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(desk->take(poison));
        desk->let_go();
        start();
    }
    EXPECT_TRUE(box->suspects().empty());
}

TEST_F(Box, a_suspect_that_is_handled_is_forgiven) {
    end_with(poison);
    end_with(poison);
    ASSERT_TRUE(desk->take(poison));
    desk->let_go();
    EXPECT_TRUE(box->suspects().empty());
    end_with(poison);
    EXPECT_EQ(box->suspects().at(0).ends, 1U);
}

TEST_F(Box, each_agent_has_a_hand_of_its_own) {
    ASSERT_TRUE(desk->take(harmless));
    ASSERT_TRUE(rows->take(poison));
    start();
    EXPECT_EQ(box->suspects().size(), 2U);
}

TEST_F(Box, what_is_released_may_be_handled) {
    for (int i = 0; i < 3; ++i)
        end_with(poison);
    EXPECT_FALSE(box->release(harmless));
    EXPECT_TRUE(box->release(poison));
    EXPECT_TRUE(desk->take(poison));
}

TEST_F(Box, a_machine_that_was_started_anew_blames_nobody) {
    ASSERT_TRUE(desk->take(poison));
    start("tuesday");
    EXPECT_TRUE(box->suspects().empty());
    end_with(poison); // still begun on "tuesday", and started on "monday" again
    EXPECT_TRUE(box->suspects().empty());
    end_with(poison);
    EXPECT_EQ(box->suspects().size(), 1U);
}

TEST_F(Box, memory_of_another_release_begins_empty) {
    end_with(poison);
    memory[7] = std::byte{'0'};
    start();
    EXPECT_TRUE(box->suspects().empty());
}

TEST_F(Box, at_its_limit_the_least_suspect_makes_room_and_the_quarantined_stay) {
    for (int i = 0; i < 3; ++i)
        end_with(poison);
    for (std::uint64_t i = 0; i < 2 * suspects_max; ++i) {
        now = now + Duration::seconds(1);
        end_with(Id128(8, i));
    }
    auto const suspects = box->suspects();
    EXPECT_EQ(suspects.size(), suspects_max);
    EXPECT_FALSE(desk->take(poison));
    EXPECT_TRUE(std::ranges::any_of(
        suspects, [](Suspect const& each) { return each.what == Id128(8, 2 * suspects_max - 1); }));
}

} // namespace
} // namespace kontor::blackbox

/// Filters over many segments: few are asked, and none ever hides what is there.

#include "tests/crash/journal_world.hpp"
#include "tests/support/seed.hpp"

#include "adapters/embedded/journal/merged_filter.hpp"

#include <algorithm>

namespace kontor::crash {
namespace {

/// Works until there are so many sealed segments, and lets upkeep finish.
void seal(World& world, memory::Disk& disk, std::size_t segments) {
    auto const sealed = [&] {
        auto const names = disk.list().value();
        return static_cast<std::size_t>(std::ranges::count_if(
            names, [](std::string const& name) { return name.ends_with(".idx"); }));
    };
    while (sealed() < segments)
        ASSERT_TRUE(world.append() && world.write() && world.keep_up());
    while (world.store().durable().position.value() < world.accepted.size())
        ASSERT_TRUE(world.write()); // streams show what the log does not show yet
    while (world.store().upkeep().do_work({1}).value().items > 0) {
    }
}

std::vector<std::string> merged_on(memory::Disk& disk) {
    auto names = disk.list().value();
    std::erase_if(names, [](std::string const& name) { return !journal::merged_last(name); });
    return names;
}

TEST(MergedFilter, a_search_asks_few_filters_and_finds_all) {
    memory::Disk disk(1);
    World world(disk, testing::seed());
    ASSERT_TRUE(world.open());
    for (std::size_t const segments : {5U, 6U, 36U, 41U, 80U}) {
        seal(world, disk, segments);
        auto const sealed = world.store().report().segments; // of the start: none were there
        EXPECT_EQ(sealed, 1U);
        EXPECT_LE(world.store().filters_asked(), segments < 36 ? 10U : 15U) << segments;
        world.expect_a_true_history();
    }
    ASSERT_TRUE(world.close());
    auto const asked = world.store().filters_asked();
    auto const merged = merged_on(disk);
    EXPECT_GE(merged.size(), 15U);
    ASSERT_TRUE(world.open());
    EXPECT_EQ(world.store().filters_asked(), asked) << "they are taken up by the next life";
    world.expect_a_true_history();
}

TEST(MergedFilter, that_is_missing_damaged_or_of_other_segments_is_made_anew) {
    memory::Disk disk(1);
    World world(disk, testing::seed());
    ASSERT_TRUE(world.open());
    seal(world, disk, 13);
    ASSERT_TRUE(world.close());
    world.drop();
    disk.restore_power();
    auto const names = merged_on(disk);
    ASSERT_GE(names.size(), 2U);
    auto const first = disk.content(names[0]);
    auto const second = disk.content(names[1]);
    auto damaged = first;
    damaged[4096] ^= 1;
    for (auto const& bytes : {damaged, second, std::vector<std::uint8_t>{}}) {
        disk.set_content(names[0], bytes);
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        world.expect_a_true_history();
        while (world.store().upkeep().do_work({1}).value().items > 0) {
        }
        EXPECT_EQ(disk.content(names[0]), first);
        world.drop();
        disk.restore_power();
    }
}

} // namespace
} // namespace kontor::crash

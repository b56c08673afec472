#include "tests/crash/journal_world.hpp"
#include "tests/support/seed.hpp"

#include "adapters/embedded/journal/faults.hpp"

namespace kontor::crash {
namespace {

class CountsGathered final : public Faults {
public:
    bool at(Fault const&) override { return false; }
    void reached(Mark const& mark) override {
        gathered += mark.name == journal::index_gathered.name;
        built += mark.name == journal::index_built.name;
    }
    std::size_t gathered{0};
    std::size_t built{0};
};

std::map<std::string, std::vector<std::uint8_t>> indexes_on(memory::Disk& disk) {
    std::map<std::string, std::vector<std::uint8_t>> indexes;
    auto const names = disk.list().value();
    for (auto const& name : names)
        if (name.ends_with(".idx"))
            indexes[name] = disk.content(name);
    return indexes;
}

/// Works with upkeep every `keep_up_every` rounds, then builds all indexes anew from the segments.
void expect_the_same_indexes(int keep_up_every, CountsGathered& counts) {
    memory::Disk disk(1);
    World world(disk, testing::seed(), counts);
    ASSERT_TRUE(world.open());
    for (int n = 0; n < 150; ++n) {
        ASSERT_TRUE(world.append() && world.write());
        ASSERT_TRUE(n % keep_up_every != 0 || world.keep_up());
        if (n % 13 == 0) {
            world.clock().pass(Duration::seconds(2));
            ASSERT_TRUE(world.write());
        }
    }
    ASSERT_TRUE(world.close());
    world.drop();
    auto const before = indexes_on(disk);
    ASSERT_GE(before.size(), 4u);
    for (auto const& [name, bytes] : before)
        ASSERT_TRUE(disk.remove(name));
    disk.restore_power();
    ASSERT_TRUE(world.open());
    auto const rebuilt = indexes_on(disk);
    for (auto const& [name, bytes] : before)
        EXPECT_EQ(bytes, rebuilt.at(name)) << name;
    world.expect_a_true_history();
}

TEST(GatheredIndex, is_byte_for_byte_what_reading_the_segment_gives) {
    CountsGathered counts;
    expect_the_same_indexes(1, counts);
    EXPECT_EQ(counts.gathered, counts.built) << "a segment was read again for its index";
}

TEST(GatheredIndex, of_a_segment_that_left_memory_is_built_by_reading_it) {
    CountsGathered counts;
    expect_the_same_indexes(40, counts);
    EXPECT_LT(counts.gathered, counts.built);
}

} // namespace
} // namespace kontor::crash

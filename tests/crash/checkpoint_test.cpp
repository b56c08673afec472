#include "tests/crash/journal_world.hpp"
#include "tests/support/seed.hpp"

#include "adapters/embedded/journal/checkpoint.hpp"
#include "adapters/embedded/journal/checkpoint_layout.hpp"

#include <algorithm>

namespace kontor::crash {
namespace {

std::string newest_checkpoint(memory::Disk& disk) {
    auto const names = disk.list().value();
    std::string newest;
    for (auto const& name : names)
        if (journal::checkpoint_generation(name))
            newest = name;
    return newest;
}

/// Works until a checkpoint stands that was made out of one before it.
void work_up_to_a_checkpoint(World& world, memory::Disk& disk) {
    ASSERT_TRUE(world.open());
    std::set<std::string> seen;
    for (int n = 0; seen.size() < 4; ++n) {
        ASSERT_LT(n, 2'000) << "no checkpoint";
        ASSERT_TRUE(world.append() && world.write() && world.keep_up());
        if (auto const name = newest_checkpoint(disk); !name.empty())
            seen.insert(name);
    }
    ASSERT_TRUE(world.close());
    world.drop();
    disk.restore_power();
}

class Checkpoints : public ::testing::Test {
protected:
    void SetUp() override {
        work_up_to_a_checkpoint(world, disk);
        name = newest_checkpoint(disk);
        bytes = disk.content(name);
    }
    /// Opens on what stands there and expects the checkpoint to be refused.
    void expect_refused() {
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        EXPECT_EQ(world.store().report().checkpoints_refused, 1u);
        EXPECT_EQ(world.open_up_to(), 0u);
        world.expect_a_true_history();
        EXPECT_TRUE(disk.content(name).empty());
    }

    memory::Disk disk{1};
    World world{disk, testing::seed()};
    std::string name;
    std::vector<std::uint8_t> bytes;
};

TEST_F(Checkpoints, made_one_after_the_other_and_made_at_once_have_the_same_bytes) {
    ASSERT_TRUE(disk.remove(name));
    ASSERT_TRUE(world.open());
    EXPECT_EQ(world.open_up_to(), 0u);
    for (int n = 0; n < 9 && newest_checkpoint(disk).empty(); ++n)
        ASSERT_TRUE(world.keep_up());
    EXPECT_EQ(newest_checkpoint(disk), name);
    EXPECT_EQ(disk.content(name), bytes);
    world.expect_a_true_history();
    EXPECT_GT(world.checkpoints_seen, 0u);
}

TEST_F(Checkpoints, are_taken_up_by_the_next_life) {
    ASSERT_TRUE(world.open());
    EXPECT_EQ(world.store().report().checkpoints_refused, 0u);
    EXPECT_GT(world.open_up_to(), 0u);
    world.expect_a_true_history();
}

TEST_F(Checkpoints, that_are_damaged_shortened_or_of_another_place_are_refused) {
    auto damaged = bytes;
    damaged[damaged.size() - 4096 + 64] ^= 1;
    disk.set_content(name, damaged);
    expect_refused();

    world.drop();
    disk.restore_power();
    disk.set_content(name, {bytes.begin(), bytes.end() - 4096});
    expect_refused();

    world.drop();
    disk.restore_power();
    name = journal::checkpoint_name(*journal::checkpoint_generation(name) - 1);
    disk.set_content(name, bytes);
    expect_refused();
}

TEST(CheckpointOfUse, is_not_made_while_no_stream_is_at_rest) {
    memory::Disk disk(3);
    World world(disk, testing::seed());
    ASSERT_TRUE(world.open());
    std::uint64_t number = 0;
    auto const commit = [&](bool is_at_rest) {
        ASSERT_TRUE(world.store().append(contract::commit_of(
            ++number, {{contract::stock("A"), std::string(2'000, 'x'), is_at_rest}})));
        ASSERT_TRUE(world.write() && world.keep_up() && world.keep_up());
    };
    for (int n = 0; n < 200; ++n)
        commit(false);
    EXPECT_EQ(newest_checkpoint(disk), "");
    for (int n = 0; n < 200 && newest_checkpoint(disk).empty(); ++n)
        commit(true);
    EXPECT_NE(newest_checkpoint(disk), "");
}

TEST_F(Checkpoints, that_name_another_frame_or_lineage_at_their_position_are_refused) {
    for (std::size_t const at :
         {journal::checkpoint_layout::at_last, journal::checkpoint_layout::at_lineage}) {
        auto other = bytes;
        auto* const last = other.data() + other.size() - ports::disk_block_bytes;
        last[at] ^= 1;
        constexpr auto from = journal::checkpoint_layout::at_version;
        auto const checksum = journal::hash128({last + from, ports::disk_block_bytes - from});
        std::ranges::copy(checksum, last + journal::checkpoint_layout::at_checksum);
        disk.set_content(name, other);
        expect_refused();
        world.drop();
        disk.restore_power();
    }
}

TEST_F(Checkpoints, ahead_of_the_log_are_refused) {
    name = journal::checkpoint_name(10'000);
    disk.set_content(name, bytes);
    ASSERT_TRUE(world.open());
    EXPECT_EQ(world.store().report().checkpoints_refused, 1u);
    EXPECT_GT(world.open_up_to(), 0u) << "the one that fits is taken";
    EXPECT_TRUE(disk.content(name).empty());
}

TEST_F(Checkpoints, of_another_history_are_refused) {
    memory::Disk other(2);
    World stranger(other, testing::seed() + 1);
    work_up_to_a_checkpoint(stranger, other);
    auto const theirs = newest_checkpoint(other);
    ASSERT_TRUE(world.open());
    while (disk.content(journal::segment_name(*journal::checkpoint_generation(theirs) + 1)).empty())
        ASSERT_TRUE(world.append() && world.write());
    ASSERT_TRUE(world.close());
    world.drop();
    disk.restore_power();
    ASSERT_TRUE(disk.remove(name));
    name = theirs;
    disk.set_content(name, other.content(theirs));
    expect_refused();
}

TEST_F(Checkpoints, whose_frame_is_damaged_are_given_up_by_who_reads_them) {
    auto damaged = bytes;
    damaged[300] ^= 1;
    disk.set_content(name, damaged);
    ASSERT_TRUE(world.open());
    auto const page =
        world.store().read_open(ports::Position(0), ports::Position(0), ports::Limit(1'000));
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind, FailureKind::conflict);
    EXPECT_EQ(world.open_up_to(), 0u);
    world.expect_a_true_history();
}

} // namespace
} // namespace kontor::crash

#include "tests/crash/journal_world.hpp"
#include "tests/support/seed.hpp"

#include "adapters/embedded/journal/faults.hpp"

namespace kontor::crash {
namespace {

using ports::Room;

class Unseen final : public Faults {
public:
    bool at(Fault const& fault) override { return fault.name == journal::space_unseen.name; }
    void reached(Mark const&) override {}
};

/// Works until an append is refused or the disk is. Returns the rooms that were seen, in sequence.
std::vector<Room> fill(World& world) {
    std::vector<Room> rooms{world.store().room()};
    for (int n = 0; n < 20'000 && !world.refused; ++n) {
        if (!world.append() || !world.write() || !world.keep_up() || !world.keep_up())
            break;
        if (world.store().room() != rooms.back())
            rooms.push_back(world.store().room());
    }
    return rooms;
}

constexpr std::uint64_t capacity = 4U << 20;

TEST(FullDisk, is_noticed_step_by_step_and_before_a_write_fails) {
    for (std::uint64_t less = 0; less < 40; ++less) {
        SCOPED_TRACE(less);
        memory::Disk disk(less);
        disk.set_capacity(capacity - (less << 15));
        World world(disk, testing::seed() + less);
        ASSERT_TRUE(world.open());
        auto const rooms = fill(world);
        ASSERT_TRUE(world.refused);
        EXPECT_EQ(world.refused->kind, FailureKind::full) << to_string(*world.refused);
        EXPECT_EQ(rooms, (std::vector{Room::ample, Room::scarce, Room::last, Room::none}));
        EXPECT_TRUE(world.write()) << "what was accepted is still written";
        world.expect_a_true_history();
    }
}

TEST(FullDisk, opens_again_and_goes_on_unaided_when_there_is_room) {
    memory::Disk disk(2);
    disk.set_capacity(capacity);
    World world(disk, testing::seed());
    ASSERT_TRUE(world.open());
    fill(world);
    for (bool const power_cut : {false, true}) {
        world.drop();
        if (power_cut)
            disk.cut_power();
        disk.restore_power();
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        world.expect_a_true_history();
        world.go_on();
        ASSERT_TRUE(world.keep_up());
        EXPECT_EQ(world.store().room(), Room::none);
        EXPECT_FALSE(world.append());
        EXPECT_EQ(world.refused->kind, FailureKind::full);
    }
    disk.set_capacity(2 * capacity);
    ASSERT_TRUE(world.keep_up());
    EXPECT_EQ(world.store().room(), Room::ample);
    world.refused.reset();
    ASSERT_TRUE(work(world, 30)) << to_string(*world.refused);
    world.expect_a_true_history();
}

TEST(FullDisk, that_nobody_watches_breaks_a_write) {
    memory::Disk disk(3);
    disk.set_capacity(capacity);
    Unseen unseen;
    World world(disk, testing::seed(), unseen);
    ASSERT_TRUE(world.open());
    fill(world);
    ASSERT_TRUE(world.refused);
    EXPECT_EQ(world.refused->kind, FailureKind::broken) << to_string(*world.refused);
    disk.set_capacity(2 * capacity);
    world.drop();
    disk.restore_power();
    ASSERT_TRUE(world.open()) << to_string(*world.refused);
    world.expect_a_true_history();
}

} // namespace
} // namespace kontor::crash

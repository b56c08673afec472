#include "tests/crash/journal_world.hpp"
#include "tests/support/seed.hpp"

#include "adapters/faulty/disk.hpp"

namespace kontor::crash {
namespace {

/// Cuts the power after `changes` changing calls of some work, and once more while recovering.
/// Returns false when the work ended before.
bool cut_and_look(std::uint64_t changes, std::uint64_t seed, bool honest, bool& lost,
                  bool squeezes = false) {
    memory::Disk disk(seed);
    if (!honest)
        disk.ignore_syncs();
    World world(disk, seed);
    if (squeezes)
        world.squeeze();
    disk.cut_power_after(changes);
    bool const finished = world.open() && work(world, squeezes ? 100 : 40);
    world.drop();
    disk.cut_power();
    disk.restore_power();
    disk.cut_power_after(seed % 9);
    if (!world.open())
        disk.cut_power();
    world.drop();
    disk.restore_power();
    if (honest) {
        EXPECT_TRUE(world.open()) << to_string(*world.refused) << " after " << changes
                                  << " changes, seed " << seed;
        if (world.refused)
            return false;
        world.expect_a_true_history();
        world.go_on();
        EXPECT_TRUE(work(world, 15)) << to_string(*world.refused);
        EXPECT_TRUE(world.open());
        world.expect_a_true_history();
        EXPECT_TRUE(world.store().report().was_closed);
    } else {
        auto const opened = world.open();
        auto const log = opened ? world.read_all() : Result<std::vector<Seen>>(std::vector<Seen>{});
        lost = lost || !log || log->size() < world.acked;
    }
    return !finished;
}

TEST(PowerCut, loses_nothing_acknowledged_at_any_step) {
    bool lost = false;
    std::uint64_t changes = 0;
    while (cut_and_look(changes, testing::seed() + changes, true, lost) && !HasFailure())
        ++changes;
    EXPECT_GT(changes, 50u) << "the work was too short to be a test";
}

TEST(PowerCut, loses_nothing_acknowledged_at_any_step_of_squeezing) {
    bool lost = false;
    std::uint64_t changes = 0;
    while (cut_and_look(changes, testing::seed() + changes, true, lost, true) && !HasFailure())
        ++changes;
    EXPECT_GT(changes, 200u) << "the work was too short to be a test";
}

TEST(PowerCut, a_disk_that_lies_about_syncs_is_caught) {
    bool lost = false;
    for (std::uint64_t changes = 20; changes < 60; ++changes)
        cut_and_look(changes, testing::seed() + changes, false, lost);
    EXPECT_TRUE(lost);
}

TEST(PowerCut, a_killed_process_loses_nothing_accepted_by_the_writer) {
    memory::Disk disk(3);
    World world(disk, testing::seed());
    ASSERT_TRUE(world.open());
    for (int life = 0; life < 6; ++life) {
        ASSERT_TRUE(work(world, 20, false));
        world.drop();
        disk.restore_power();
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        world.expect_a_true_history();
        world.go_on();
    }
}

/// Lets the N-th call to the disk fail for every N, and looks at what a restart finds.
void fail_everywhere(faulty::DiskFault fault, bool for_ever, bool squeezes = false) {
    for (std::uint64_t at = 1;; ++at) {
        memory::Disk disk(at);
        faulty::Disk failing(disk);
        World world(failing, at);
        if (squeezes)
            world.squeeze();
        failing.plan({at, fault, for_ever});
        bool const finished = world.open() && work(world, 40) && world.open() && work(world, 10);
        bool const was_reached = failing.calls() >= at;
        if (!finished) {
            ASSERT_TRUE(world.refused);
            auto const kind = world.refused->kind;
            EXPECT_TRUE(kind == FailureKind::broken || kind == FailureKind::unavailable)
                << to_string(*world.refused) << " at call " << at;
        }
        world.drop();
        failing.plan({});
        disk.restore_power();
        ASSERT_TRUE(world.open()) << to_string(*world.refused) << " after call " << at;
        world.expect_a_true_history();
        world.go_on();
        ASSERT_TRUE(work(world, 5)) << to_string(*world.refused);
        if (::testing::Test::HasFailure()) {
            ADD_FAILURE() << "at call " << at;
            return;
        }
        if (!was_reached) {
            EXPECT_GT(at, 100u) << "the work was too short to be a test";
            return;
        }
    }
}

TEST(FailAtN, input_output_error_once) {
    fail_everywhere(faulty::DiskFault::io_error, false);
}
TEST(FailAtN, input_output_error_for_ever) {
    fail_everywhere(faulty::DiskFault::io_error, true);
}
TEST(FailAtN, no_space_once) {
    fail_everywhere(faulty::DiskFault::no_space, false);
}
TEST(FailAtN, no_space_for_ever) {
    fail_everywhere(faulty::DiskFault::no_space, true);
}
TEST(FailAtN, short_write_once) {
    fail_everywhere(faulty::DiskFault::short_write, false);
}
TEST(FailAtN, input_output_error_once_while_squeezing) {
    fail_everywhere(faulty::DiskFault::io_error, false, true);
}
TEST(FailAtN, no_space_for_ever_while_squeezing) {
    fail_everywhere(faulty::DiskFault::no_space, true, true);
}
TEST(FailAtN, short_write_once_while_squeezing) {
    fail_everywhere(faulty::DiskFault::short_write, false, true);
}

TEST(FailAtN, after_a_failed_write_nothing_is_acknowledged) {
    memory::Disk disk(5);
    faulty::Disk failing(disk);
    World world(failing, 5);
    ASSERT_TRUE(world.open() && world.append() && world.write());
    auto const before = world.store().durable();
    failing.plan({1, faulty::DiskFault::io_error, false});
    ASSERT_TRUE(world.append());
    EXPECT_FALSE(world.write());
    EXPECT_FALSE(world.append());
    EXPECT_EQ(world.refused->kind, FailureKind::broken);
    EXPECT_FALSE(world.write());
    EXPECT_EQ(world.store().durable(), before);
}

} // namespace
} // namespace kontor::crash

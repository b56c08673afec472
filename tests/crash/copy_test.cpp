#include "tests/crash/journal_world.hpp"

#include "adapters/embedded/journal/copy.hpp"

namespace kontor::crash {
namespace {

/// A journal of a few segments, closed in order.
void fill(World& world) {
    ASSERT_TRUE(world.open());
    for (int n = 0; n < 120; ++n) {
        ASSERT_TRUE(world.append());
        ASSERT_TRUE(world.write());
    }
    ASSERT_TRUE(world.close());
    world.drop();
}

/// A world that goes on where another one stands, on another disk.
void take_over(World& copy, World const& original) {
    copy.accepted = original.accepted;
    copy.outcomes = original.outcomes;
    copy.acked = original.acked;
}

journal::Branch another_history() {
    return {Id128(7, 7), {{EventType(11), "test.one.v1"}}, Instant{}};
}

TEST(Copy, a_copied_journal_is_the_journal_and_goes_on_as_it) {
    memory::Disk from(1);
    memory::Disk to(2);
    World original(from);
    fill(original);
    auto const copied = journal::copy(from, to, in_silence);
    ASSERT_TRUE(copied) << to_string(copied.error());
    EXPECT_GT(copied->report.segments, 2U);
    World copy(to);
    take_over(copy, original);
    ASSERT_TRUE(copy.open()) << to_string(*copy.refused);
    EXPECT_EQ(copy.store().report().lineage, Id128(1, 2));
    copy.expect_a_true_history();
}

TEST(Copy, a_branch_has_the_same_past_and_another_lineage) {
    memory::Disk from(1);
    memory::Disk to(2);
    World original(from);
    fill(original);
    auto const copied = journal::copy(from, to, in_silence);
    ASSERT_TRUE(copied) << to_string(copied.error());
    auto const begun = journal::begin_branch(to, *copied, another_history());
    ASSERT_TRUE(begun) << to_string(begun.error());
    World branch(to, 5);
    take_over(branch, original);
    for (int starts = 0; starts < 3; ++starts) {
        ASSERT_TRUE(branch.open()) << to_string(*branch.refused);
        EXPECT_EQ(branch.store().report().lineage, Id128(7, 7));
        branch.expect_a_true_history();
        branch.go_on();
        for (int n = 0; n < 30; ++n) {
            ASSERT_TRUE(branch.append());
            ASSERT_TRUE(branch.write());
        }
        ASSERT_TRUE(branch.close());
        branch.drop();
    }
    auto const verified = journal::verify(to, in_silence);
    EXPECT_TRUE(verified) << to_string(verified.error());
}

TEST(Copy, what_is_damaged_is_not_copied_and_what_is_there_is_not_written_over) {
    memory::Disk from(1);
    memory::Disk to(2);
    World original(from);
    fill(original);
    ASSERT_TRUE(journal::copy(from, to, in_silence));
    EXPECT_EQ(journal::copy(from, to, in_silence).error().kind, FailureKind::conflict);
    auto const name = journal::segment_name(2);
    auto bytes = from.content(name);
    bytes[9000] ^= 1;
    from.set_content(name, bytes);
    memory::Disk third(3);
    EXPECT_EQ(journal::copy(from, third, in_silence).error().kind, FailureKind::corrupt);
    memory::Disk empty(4);
    EXPECT_EQ(journal::copy(empty, third, in_silence).error().kind, FailureKind::not_found);
}

} // namespace
} // namespace kontor::crash

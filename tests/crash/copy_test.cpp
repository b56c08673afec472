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

bool never() {
    return false;
}

Result<journal::Copied> whole_copy(journal::LiveCopy& copy) {
    for (bool is_whole = false; !is_whole;) {
        KONTOR_TRY(is_whole, copy.copy_next());
    }
    return copy.verify(never);
}

/// The rest of a copy, while the original goes on.
Result<journal::Copied> finish_beside(journal::LiveCopy& copy, World& original, int rounds) {
    for (bool is_whole = false; !is_whole;) {
        EXPECT_TRUE(work(original, rounds, false));
        KONTOR_TRY(is_whole, copy.copy_next());
    }
    return copy.verify(never);
}

TEST(LiveCopy, a_journal_that_is_written_meanwhile_is_copied_as_far_as_it_was_durable) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        memory::Disk from(1);
        memory::Disk to(2);
        World original(from, seed);
        if (seed % 2 == 0)
            original.squeeze();
        ASSERT_TRUE(original.open());
        ASSERT_TRUE(work(original, 60, false));
        auto const acked_before = original.acked;
        auto begun = original.store().begin_copy(to);
        ASSERT_TRUE(begun) << to_string(begun.error());
        auto const copied = finish_beside(*begun, original, static_cast<int>(seed * 7 % 40));
        ASSERT_TRUE(copied) << "seed " << seed << ": " << to_string(copied.error());
        EXPECT_GT(copied->report.segments, 2U);
        EXPECT_GE(copied->report.last.value(), acked_before);
        EXPECT_LE(copied->report.last.value(), original.acked);
        World copy(to);
        take_over(copy, original);
        copy.acked = acked_before;
        ASSERT_TRUE(copy.open()) << to_string(*copy.refused);
        copy.expect_a_true_history();
        ASSERT_TRUE(work(original, 20)) << "the original goes on, and closes in order";
        original.expect_a_true_history();
    }
}

TEST(LiveCopy, what_is_accepted_and_not_durable_stays_behind) {
    memory::Disk from(1);
    memory::Disk to(2);
    World original(from);
    ASSERT_TRUE(original.open());
    for (int n = 0; n < 5; ++n)
        ASSERT_TRUE(original.append() && original.write());
    auto const durable = original.store().durable().position;
    while (original.accepted.size() == durable.value())
        ASSERT_TRUE(original.append());
    auto begun = original.store().begin_copy(to);
    ASSERT_TRUE(begun && begun->copy_next());
    auto const copied = begun->verify(never);
    ASSERT_TRUE(copied) << to_string(copied.error());
    EXPECT_EQ(copied->report.last, durable);
}

TEST(LiveCopy, a_rotten_frame_is_found_wherever_it_lies) {
    memory::Disk from(1);
    World original(from);
    ASSERT_TRUE(original.open());
    ASSERT_TRUE(work(original, 60, false));
    auto const last = static_cast<std::uint64_t>(original.store().report().segments);
    ASSERT_EQ(last, 1U) << "as it was opened";
    for (std::uint64_t generation = 1;
         from.open(journal::segment_name(generation), ports::FileUse::read); ++generation) {
        auto const name = journal::segment_name(generation);
        auto const good = from.content(name);
        auto bad = good;
        bad[5000] ^= 1;
        from.set_content(name, bad);
        memory::Disk to(2);
        auto copy = original.store().begin_copy(to);
        ASSERT_TRUE(copy);
        auto const copied = whole_copy(*copy);
        ASSERT_FALSE(copied) << "rot in segment " << generation << " was copied";
        EXPECT_EQ(copied.error().kind, FailureKind::corrupt) << to_string(copied.error());
        EXPECT_NE(copied.error().where, "");
        from.set_content(name, good);
    }
}

TEST(LiveCopy, it_is_not_written_over_another_and_stops_when_it_is_told_to) {
    memory::Disk from(1);
    memory::Disk to(2);
    World original(from);
    ASSERT_TRUE(original.open() && work(original, 10, false));
    auto begun = original.store().begin_copy(to);
    ASSERT_TRUE(begun && whole_copy(*begun));
    EXPECT_EQ(begun->verify([] { return true; }).error().kind, FailureKind::cancelled);
    EXPECT_EQ(original.store().begin_copy(to).error().kind, FailureKind::conflict);
}

} // namespace
} // namespace kontor::crash

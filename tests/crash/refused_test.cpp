/// What the journal refuses before anything of it is written, because it could not be read again.

#include "tests/crash/journal_world.hpp"
#include "tests/support/seed.hpp"

#include <limits>

namespace kontor::crash {
namespace {

StreamId order(std::uint64_t number) {
    return StreamId::order(OrderId(Id128(3, number)));
}

/// A commit of one small event in each of so many streams.
ports::Batch commit_to(std::uint64_t streams) {
    ports::Batch batch;
    batch.begin_commit(contract::header_of(1));
    for (std::uint64_t n = 0; n < streams; ++n) {
        auto const stream = batch.add_stream(order(n), ports::ExpectedVersion::no_stream());
        batch.buffer().push_back(std::uint8_t{1});
        batch.add_event(stream, EventType(11));
    }
    return batch;
}

TEST(Refused, an_append_that_fits_into_no_segment_and_nothing_of_it_is_written) {
    memory::Disk disk(1);
    World world(disk, testing::seed());
    ASSERT_TRUE(world.open() && work(world, 20, false));
    std::string const long_payload(world.limits.segment_bytes, 'x');
    auto const batch = contract::commit_of(1'000'000, {{contract::stock("A"), long_payload}});
    auto const refused = world.store().append(batch);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, FailureKind::invalid) << to_string(refused.error());
    ASSERT_TRUE(work(world, 20)) << to_string(*world.refused);
    world.drop();
    ASSERT_TRUE(world.open()) << to_string(*world.refused);
    world.expect_a_true_history();
}

TEST(Refused, a_commit_to_one_stream_more_than_a_record_counts) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint16_t>::max();
    memory::Disk disk(1);
    World world(disk, testing::seed());
    world.limits.segment_bytes = 32U << 20;
    world.limits.window_bytes = 32U << 20;
    ASSERT_TRUE(world.open());
    auto const refused = world.store().append(commit_to(most + 1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, FailureKind::invalid) << to_string(refused.error());
    ASSERT_TRUE(world.store().append(commit_to(most)));
    ASSERT_TRUE(world.write() && world.close());
    world.drop();
    ASSERT_TRUE(world.open()) << to_string(*world.refused);
    EXPECT_EQ(world.store().durable().position.value(), most);
    EXPECT_EQ(world.store().head(order(most - 1)).value(), ports::StreamVersion(1));
    EXPECT_EQ(world.store().head(order(most)).value(), ports::StreamVersion());
}

TEST(Refused, squeezing_without_room_for_two_segments_and_the_raw_ones_stay) {
    memory::Disk disk(1);
    World world(disk, testing::seed());
    ASSERT_TRUE(world.open() && work(world, 120));
    while (world.store().upkeep().do_work({1}).value().items > 0) {
    }
    world.drop();
    disk.restore_power();
    ASSERT_TRUE(world.open()) << to_string(*world.refused);
    auto const free = disk.state().value().bytes_free;
    auto const taken = (std::uint64_t{1} << 41) - free;
    disk.set_capacity(taken + 2 * std::uint64_t{world.limits.segment_bytes} - 1);
    auto const refused = world.store().compact(in_silence);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, FailureKind::full) << to_string(refused.error());
    world.expect_a_true_history();
    disk.set_capacity(taken + 4 * std::uint64_t{world.limits.segment_bytes});
    auto const done = world.store().compact(in_silence);
    ASSERT_TRUE(done) << to_string(done.error());
    EXPECT_GT(done->segments, 3U);
    world.expect_a_true_history();
}

} // namespace
} // namespace kontor::crash

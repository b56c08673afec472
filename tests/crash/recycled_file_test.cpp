/// Files that served before: behind the log stand frames of another life, with good checksums.

#include "tests/crash/journal_world.hpp"
#include "tests/support/seed.hpp"

#include "adapters/embedded/journal/frame.hpp"
#include "adapters/embedded/journal/segment.hpp"

#include <algorithm>

namespace kontor::crash {
namespace {

struct Place {
    std::string name;
    std::uint64_t offset;      ///< behind the last frame
    journal::FrameHeader last; ///< the last frame
    journal::Hash128 checksum; ///< of it
};

/// The end of the log in the newest segment.
Place end_of_log(memory::Disk& disk) {
    Place end{};
    auto const names = disk.list().value();
    for (auto const& name : names)
        if (journal::segment_generation(name))
            end.name = name;
    auto const bytes = disk.content(end.name);
    while (end.offset < bytes.size()) {
        auto const* const at = bytes.data() + end.offset;
        auto const header = journal::peek_frame(at, bytes.size() - end.offset);
        if (!header)
            break;
        end.last = *header;
        end.checksum = journal::frame_checksum(at);
        end.offset += journal::frame_blocks_bytes(header->length);
    }
    return end;
}

struct Stale {
    Id128 lineage;
    std::uint64_t generation;
    std::uint64_t number_ahead; ///< of the frame that comes next
};

/// Fills the newest segment behind the log with frames of two blocks from another life. The first
/// of them fits the log in everything but its origin.
void leave_stale_frames(memory::Disk& disk, Stale const& stale) {
    auto const end = end_of_log(disk);
    auto bytes = disk.content(end.name);
    journal::Blocks frame(2 * ports::disk_block_bytes);
    journal::FrameHeader header = end.last;
    header.kind = journal::FrameKind::records;
    header.lineage = stale.lineage;
    header.generation = stale.generation;
    header.number += 1 + stale.number_ahead - (end.last.kind == journal::FrameKind::head);
    header.first_position += end.last.events;
    header.previous = end.checksum;
    header.length = 5'000;
    std::uint8_t byte = 7;
    for (auto at = end.offset; at + frame.size() <= bytes.size(); at += frame.size()) {
        std::fill_n(frame.at(journal::frame_header_bytes), header.length, byte++);
        header.previous = journal::close_frame(frame.at(0), header);
        ++header.number;
        std::copy_n(frame.at(0), frame.size(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    }
    disk.set_content(end.name, bytes);
}

/// Puts about half of the sectors that a write has changed into `bytes`. True: all that the frame's
/// checksum covers is there; what was there before may still stand in its padding.
bool tear(Random& random, std::vector<std::uint8_t>& bytes,
          std::vector<std::uint8_t> const& after) {
    constexpr std::size_t sector = memory::Disk::sector_bytes;
    auto const changed =
        static_cast<std::size_t>(std::ranges::mismatch(bytes, after).in1 - bytes.begin());
    auto const begin = journal::round_down(changed);
    auto const header = journal::peek_frame(after.data() + begin, after.size() - begin);
    auto const end = begin + journal::frame_header_bytes + header->length;
    for (auto at = begin; at < begin + journal::frame_blocks_bytes(header->length); at += sector)
        if (random.chance(1, 2))
            std::copy_n(after.data() + at, sector, bytes.data() + at);
    return std::equal(bytes.data() + begin, bytes.data() + end, after.data() + begin);
}

constexpr Id128 ours(1, 2);

std::vector<Stale> other_lives(std::uint64_t generation) {
    return {{ours, generation - 1, 0},
            {ours, generation - 1, 1'000},
            {Id128(9, 9), generation, 0},
            {Id128(9, 9), generation, 1'000},
            {Id128(9, 9), generation + 5, 1'000}};
}

/// A journal with some segments, stopped without a seal.
void begin(World& world, memory::Disk& disk) {
    ASSERT_TRUE(world.open());
    while (end_of_log(disk).last.generation < 3 || end_of_log(disk).offset > 16U << 10)
        ASSERT_TRUE(world.append() && world.write());
    world.drop();
    disk.restore_power();
}

TEST(RecycledFile, frames_of_an_earlier_use_are_neither_read_nor_taken_for_damage) {
    for (std::size_t life = 0; life < 5; ++life) {
        SCOPED_TRACE(life);
        memory::Disk disk(1);
        World world(disk, testing::seed());
        begin(world, disk);
        auto const end = end_of_log(disk);
        leave_stale_frames(disk, other_lives(end.last.generation)[life]);
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        EXPECT_FALSE(world.store().report().cut.has_value());
        EXPECT_EQ(world.store().report().last.value(), world.acked);
        world.expect_a_true_history();
        world.go_on();
        ASSERT_TRUE(work(world, 40)) << to_string(*world.refused);
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        world.expect_a_true_history();
    }
}

TEST(RecycledFile, a_frame_torn_over_them_is_lost_alone) {
    Random random(testing::seed());
    for (int round = 0; round < 60; ++round) {
        SCOPED_TRACE(round);
        memory::Disk disk(static_cast<std::uint64_t>(round));
        World world(disk, testing::seed() + static_cast<std::uint64_t>(round));
        begin(world, disk);
        auto const generation = end_of_log(disk).last.generation;
        leave_stale_frames(disk, other_lives(generation)[random.below(5)]);
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        world.go_on();
        auto const name = end_of_log(disk).name;
        auto torn = disk.content(name);
        auto const acked = world.acked;
        while (world.accepted.size() == acked)
            ASSERT_TRUE(world.append());
        ASSERT_TRUE(world.write());
        auto const after = disk.content(name);
        if (end_of_log(disk).name != name || after == torn)
            continue; // it began another segment
        bool const is_whole = tear(random, torn, after);
        auto const written = std::exchange(world.acked, is_whole ? world.acked : acked);
        world.drop();
        disk.set_content(name, torn);
        disk.restore_power();
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        EXPECT_EQ(world.store().report().last.value(), is_whole ? written : acked);
        world.expect_a_true_history();
        world.go_on();
        ASSERT_TRUE(work(world, 20)) << to_string(*world.refused);
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        world.expect_a_true_history();
    }
}

} // namespace
} // namespace kontor::crash

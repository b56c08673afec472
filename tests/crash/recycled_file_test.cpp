/// Files that served before: behind the log stand frames of another life, with good checksums.

#include "tests/crash/journal_world.hpp"
#include "tests/support/seed.hpp"

#include "adapters/embedded/journal/frame.hpp"
#include "adapters/embedded/journal/segment.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

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
        if (!header || header->generation != journal::segment_generation(end.name))
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
    bool fits_the_chain{true};  ///< no old frame does: its checksum would have to be found first
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
    header.previous[7] ^= stale.fits_the_chain ? 0 : 1;
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

/// What of a frame reached the disk.
struct Torn {
    bool has_header;
    bool is_whole; ///< all that its checksum covers; older bytes may still stand in its padding
};

/// Puts about half of the sectors that a write has changed into `bytes`.
Torn tear(Random& random, std::vector<std::uint8_t>& bytes,
          std::vector<std::uint8_t> const& after) {
    constexpr std::size_t sector = memory::Disk::sector_bytes;
    auto const changed =
        static_cast<std::size_t>(std::ranges::mismatch(bytes, after).in1 - bytes.begin());
    auto const begin = journal::round_down(changed);
    auto const header = journal::peek_frame(after.data() + begin, after.size() - begin);
    auto const body_end = begin + journal::frame_header_bytes + header->length;
    auto const end = begin + journal::frame_blocks_bytes(header->length);
    bool const spares_the_body = random.chance(1, 3);
    for (auto at = begin; at < end; at += sector)
        if (random.chance(1, 2) || (spares_the_body && at < body_end))
            std::copy_n(after.data() + at, sector, bytes.data() + at);
    return {std::equal(bytes.data() + begin, bytes.data() + begin + sector, after.data() + begin),
            std::equal(bytes.data() + begin, bytes.data() + body_end, after.data() + begin)};
}

constexpr Id128 ours(1, 2);

std::vector<Stale> other_lives(std::uint64_t generation) {
    return {{ours, generation - 1, 0},
            {ours, generation - 1, 1'000},
            {Id128(9, 9), generation, 0},
            {Id128(9, 9), generation, 1'000},
            {Id128(9, 9), generation + 5, 1'000}};
}

/// Whether the file of the newest segment was that of another one before.
bool is_used_again(memory::Disk& disk) {
    auto const bytes = disk.content(end_of_log(disk).name);
    auto const head = journal::peek_frame(bytes.data(), bytes.size());
    auto const body = journal::Bytes(bytes).subspan(journal::frame_header_bytes, head->length);
    return journal::read_head_body(body)->earlier > 0;
}

/// A journal with some segments, the last one in a file that served before, stopped without a seal.
void begin(World& world, memory::Disk& disk) {
    world.squeeze();
    ASSERT_TRUE(world.open());
    while (end_of_log(disk).last.generation < 3 || end_of_log(disk).offset > 16U << 10 ||
           !is_used_again(disk))
        ASSERT_TRUE(world.append() && world.write() && world.keep_up() && world.keep_up());
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

TEST(RecycledFile, a_changed_byte_of_an_acknowledged_frame_is_seen_before_them) {
    memory::Disk disk(1);
    World world(disk, testing::seed());
    begin(world, disk);
    ASSERT_TRUE(world.open() && world.append() && world.append() && world.write());
    auto const victim = end_of_log(disk);
    auto const at = victim.offset - journal::frame_blocks_bytes(victim.last.length);
    auto const good = disk.content(victim.name);
    ASSERT_TRUE(world.append() && world.append() && world.write());
    world.drop();
    auto const followed = disk.content(victim.name);
    for (std::size_t byte = 0; byte < journal::frame_header_bytes + victim.last.length; ++byte) {
        SCOPED_TRACE(byte);
        auto bytes = good; // the last one: it is at least reported as cut
        bytes[at + byte] ^= 4;
        disk.set_content(victim.name, bytes);
        auto const verified = journal::verify(disk, in_silence);
        ASSERT_TRUE(!verified || verified->torn_bytes > 0);
        bool const says_its_length = byte < 28 || byte >= 32;
        if (verified && says_its_length) {
            ASSERT_EQ(verified->torn_bytes, journal::frame_blocks_bytes(victim.last.length));
        }
        if (followed == good)
            continue; // the next one began another segment
        bytes = followed;
        bytes[at + byte] ^= 4;
        disk.set_content(victim.name, bytes);
        auto const refused = journal::verify(disk, in_silence);
        ASSERT_FALSE(refused);
        ASSERT_EQ(refused.error().where, victim.name + ", offset " + std::to_string(at));
    }
}

TEST(RecycledFile, one_of_a_generation_to_come_is_not_used) {
    memory::Disk disk(1);
    World world(disk, testing::seed());
    ASSERT_TRUE(world.open() && work(world, 120, false));
    world.drop();
    disk.restore_power();
    auto const later = disk.content(journal::segment_name(4));
    ASSERT_FALSE(later.empty());
    auto const names = disk.list().value();
    for (auto const& name : names) {
        auto const generation = name.size() > 20 ? std::strtoull(name.c_str(), nullptr, 10) : 0;
        bool const is_gone = generation > 3 || (generation == 3 && !name.ends_with(".seg"));
        if (is_gone || name.starts_with("spare")) {
            ASSERT_TRUE(disk.remove(name));
        }
    }
    disk.set_content("spare-900", later);
    world.acked = 0;
    ASSERT_TRUE(world.open()) << to_string(*world.refused);
    world.go_on();
    EXPECT_TRUE(disk.content("spare-900").empty());
    while (end_of_log(disk).last.generation < 4 || end_of_log(disk).offset > 12U << 10)
        ASSERT_TRUE(world.append() && world.write());
    world.drop();
    disk.restore_power();
    ASSERT_TRUE(world.open()) << to_string(*world.refused);
    world.expect_a_true_history();
}

TEST(RecycledFile, a_frame_torn_over_them_is_lost_alone) {
    Random random(testing::seed());
    for (int round = 0; round < 60; ++round) {
        SCOPED_TRACE(round);
        memory::Disk disk(static_cast<std::uint64_t>(round));
        World world(disk, testing::seed() + static_cast<std::uint64_t>(round));
        begin(world, disk);
        auto const generation = end_of_log(disk).last.generation;
        auto stale = other_lives(generation)[random.below(5)];
        stale.fits_the_chain = false;
        leave_stale_frames(disk, stale);
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
        auto const [has_header, is_whole] = tear(random, torn, after);
        auto const written = std::exchange(world.acked, is_whole ? world.acked : acked);
        world.drop();
        disk.set_content(name, torn);
        disk.restore_power();
        auto const before = journal::verify(disk, in_silence);
        ASSERT_TRUE(before) << to_string(before.error());
        EXPECT_EQ(before->torn_bytes > 0, has_header && !is_whole);
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        EXPECT_EQ(world.store().report().last.value(), is_whole ? written : acked);
        EXPECT_EQ(world.store().report().cut.has_value(), has_header && !is_whole);
        world.expect_a_true_history();
        world.go_on();
        ASSERT_TRUE(world.append() && world.write());
        auto const mended = journal::verify(disk, in_silence);
        ASSERT_TRUE(mended) << to_string(mended.error());
        EXPECT_EQ(mended->torn_bytes, 0U);
        ASSERT_TRUE(work(world, 20)) << to_string(*world.refused);
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        world.expect_a_true_history();
    }
}

} // namespace
} // namespace kontor::crash

#include "tests/crash/closed_world.hpp"
#include "tests/support/seed.hpp"

#include "adapters/embedded/journal/checkpoint.hpp"
#include "adapters/embedded/journal/frame.hpp"
#include "adapters/embedded/journal/segment.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace kontor::crash {
namespace {

constexpr std::size_t sector = memory::Disk::sector_bytes;

/// Puts some sectors of a frame that was in flight onto the disk and looks at what recovery says.
void tear(memory::Disk& disk, World& world, std::string const& name,
          std::vector<std::uint8_t> const& before, std::vector<std::uint8_t> const& after,
          std::uint64_t written, std::vector<std::size_t> const& sectors) {
    auto torn = before;
    for (auto const n : sectors)
        std::copy_n(after.begin() + static_cast<std::ptrdiff_t>(n * sector), sector,
                    torn.begin() + static_cast<std::ptrdiff_t>(n * sector));
    disk.set_content(name, torn);
    disk.restore_power();
    ASSERT_TRUE(world.open()) << to_string(*world.refused);
    world.expect_a_true_history();
    auto const& report = world.store().report();
    bool const is_whole = torn == after;
    EXPECT_EQ(report.last.value(), is_whole ? written : world.acked);
    EXPECT_EQ(report.cut.has_value(), torn != before && !is_whole);
    if (report.cut) {
        EXPECT_FALSE(disk.content(report.cut->kept_as).empty());
    }
    world.drop();
    disk.restore_power();
    ASSERT_TRUE(world.open());
    EXPECT_FALSE(world.store().report().cut.has_value()) << "cut twice";
    world.drop();
}

TEST(TornWrite, exactly_the_frame_in_flight_is_cut) {
    Random random(testing::seed());
    std::size_t torn_frames = 0;
    for (std::uint64_t round = 0; round < 14; ++round) {
        memory::Disk disk(round);
        World world(disk, testing::seed() + round);
        ASSERT_TRUE(world.open());
        ASSERT_TRUE(work(world, static_cast<int>(round), round % 2 == 0));
        if (round % 2 == 0) {
            ASSERT_TRUE(world.open());
        }
        while (world.acked < world.accepted.size())
            ASSERT_TRUE(world.write());
        auto const size_before = world.accepted.size();
        while (world.accepted.size() < size_before + 1 + round % 8)
            ASSERT_TRUE(world.append());
        auto const name = newest_segment(disk);
        auto const before = disk.content(name);
        auto const acked = world.acked;
        ASSERT_TRUE(world.write());
        if (newest_segment(disk) != name)
            continue; // it began a segment; the power cuts go through that
        auto const after = disk.content(name);
        auto const written = std::exchange(world.acked, acked);
        world.drop();
        std::vector<std::size_t> changed;
        for (std::size_t n = 0; n < before.size() / sector; ++n)
            if (!std::equal(before.begin() + static_cast<std::ptrdiff_t>(n * sector),
                            before.begin() + static_cast<std::ptrdiff_t>((n + 1) * sector),
                            after.begin() + static_cast<std::ptrdiff_t>(n * sector)))
                changed.push_back(n);
        ++torn_frames;
        for (std::size_t prefix = 0; prefix <= changed.size() && !HasFailure(); ++prefix)
            tear(disk, world, name, before, after, written,
                 {changed.begin(), changed.begin() + static_cast<std::ptrdiff_t>(prefix)});
        for (int n = 0; n < 64 && !HasFailure(); ++n) {
            std::vector<std::size_t> some;
            std::copy_if(changed.begin(), changed.end(), std::back_inserter(some),
                         [&](std::size_t) { return random.chance(1, 2); });
            tear(disk, world, name, before, after, written, some);
        }
    }
    EXPECT_GE(torn_frames, 5u);
}

/// Whether a byte of a segment lies in what checksums cover, by walking the frames as written.
bool is_covered(std::vector<std::uint8_t> const& bytes, std::size_t at) {
    for (std::size_t offset = 0; offset < bytes.size();) {
        auto const header = journal::peek_frame(bytes.data() + offset, bytes.size() - offset);
        if (!header)
            return false;
        if (at < offset + journal::frame_header_bytes + header->length)
            return at >= offset;
        offset += journal::frame_blocks_bytes(header->length);
    }
    return false;
}

void flip(Closed& closed, std::string const& name, std::size_t at, std::uint8_t bit) {
    auto bytes = closed.files[name];
    bytes[at] ^= bit;
    closed.restore();
    closed.disk.set_content(name, bytes);
    SCOPED_TRACE(name + " byte " + std::to_string(at) + " bit " + std::to_string(bit));
    bool const is_segment = journal::segment_generation(name).has_value();
    bool const covered = is_segment && is_covered(closed.files[name], at);
    auto const verified = journal::verify(closed.disk, in_silence);
    if (covered) {
        EXPECT_TRUE(!verified || verified->torn_bytes > 0 || !verified->damages.empty())
            << "damage was not seen";
    }
    if (!verified) {
        EXPECT_NE(verified.error().where, "");
    }
    if (!closed.world.open()) {
        EXPECT_TRUE(is_segment) << "derived files are rebuilt: "
                                << to_string(*closed.world.refused);
        EXPECT_TRUE(closed.world.refused->kind == FailureKind::corrupt ||
                    closed.world.refused->kind == FailureKind::unsupported);
        EXPECT_NE(closed.world.refused->where, "");
        return;
    }
    closed.world.expect_a_true_history(is_segment);
}

TEST(BitFlip, is_seen_or_harmless_and_never_a_wrong_answer) {
    Closed closed;
    Random random(testing::seed());
    std::vector<std::string> names;
    for (auto const& [name, bytes] : closed.files)
        if (bytes.size() > 0 && !name.starts_with("spare"))
            names.push_back(name);
    for (int n = 0; n < 500 && !HasFailure(); ++n) {
        auto const& name = names[random.below(names.size())];
        auto at = random.below(closed.files[name].size());
        if (random.chance(1, 2))
            at = random.below(closed.files[name].size() / 4096) * 4096 + random.below(256);
        flip(closed, name, at, static_cast<std::uint8_t>(1U << random.below(8)));
    }
}

TEST(BitFlip, every_byte_of_a_frame_header_counts) {
    Closed closed;
    auto const name = journal::segment_name(2);
    auto const head = journal::peek_frame(closed.files[name].data(), 1U << 20);
    auto const second = journal::frame_blocks_bytes(head->length);
    for (std::size_t at = 0; at < journal::frame_header_bytes && !HasFailure(); ++at) {
        flip(closed, name, at, 1);
        flip(closed, name, second + at, 64);
    }
}

std::size_t frames_in(std::vector<std::uint8_t> const& bytes) {
    std::size_t count = 0;
    for (std::size_t offset = 0; offset < bytes.size(); ++count) {
        auto const header = journal::peek_frame(bytes.data() + offset, bytes.size() - offset);
        if (!header)
            break;
        offset += journal::frame_blocks_bytes(header->length);
    }
    return count;
}

TEST(BitFlip, a_lost_acknowledged_frame_stops_the_start_with_its_place) {
    Closed closed;
    while (frames_in(closed.files[newest_segment(closed.disk)]) < 3) {
        ASSERT_TRUE(closed.world.open() && closed.world.append() && closed.world.close());
        closed.save();
    }
    auto const name = newest_segment(closed.disk);
    auto bytes = closed.files[name];
    auto const head = journal::peek_frame(bytes.data(), bytes.size());
    auto const offset = journal::frame_blocks_bytes(head->length);
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), 4096, std::uint8_t{0});
    closed.restore();
    closed.disk.set_content(name, bytes);
    EXPECT_FALSE(closed.world.open());
    EXPECT_EQ(closed.world.refused->kind, FailureKind::corrupt);
    EXPECT_EQ(closed.world.refused->where, name + ", offset " + std::to_string(offset));
    EXPECT_NE(closed.world.refused->what.find(std::to_string(head->first_position)),
              std::string::npos);
}

TEST(Foreign, a_newer_format_and_a_missing_segment_are_refused) {
    Closed closed;
    auto const first = journal::segment_name(1);
    closed.restore();
    ASSERT_TRUE(closed.disk.remove(first));
    EXPECT_FALSE(closed.world.open());
    EXPECT_EQ(closed.world.refused->where, first);

    auto bytes = closed.files[first];
    auto const header = *journal::peek_frame(bytes.data(), bytes.size());
    bytes[24] = 2;
    auto const hash = journal::hash128(
        journal::Bytes(bytes).subspan(24, journal::frame_header_bytes - 24 + header.length));
    std::copy(hash.begin(), hash.end(), bytes.begin() + 8);
    closed.restore();
    closed.disk.set_content(first, bytes);
    EXPECT_EQ(journal::verify(closed.disk, in_silence).error().kind, FailureKind::unsupported);
}

/// Opens and verifies what stands there: both must name the segment that is gone and touch nothing.
void expect_a_loss(Closed& closed, std::string const& gone) {
    auto const before = names_on(closed.disk);
    auto const verified = journal::verify(closed.disk, in_silence);
    ASSERT_FALSE(verified) << "verify took it for good";
    EXPECT_EQ(verified.error().kind, FailureKind::corrupt);
    EXPECT_EQ(verified.error().where, gone);
    ASSERT_FALSE(closed.world.open()) << "the start took it for good";
    EXPECT_EQ(closed.world.refused->kind, FailureKind::corrupt);
    EXPECT_EQ(closed.world.refused->where, gone);
    EXPECT_EQ(names_on(closed.disk), before);
}

TEST(LostSegments, the_newest_one_is_missed_by_the_index_beside_it) {
    Closed closed;
    auto const newest = newest_segment(closed.disk);
    closed.restore();
    ASSERT_TRUE(closed.disk.remove(newest));
    for (auto const& [name, bytes] : closed.files) {
        if (journal::checkpoint_generation(name)) {
            ASSERT_TRUE(closed.disk.remove(name));
        }
    }
    expect_a_loss(closed, newest);
}

TEST(LostSegments, several_at_the_end_are_missed_by_a_checkpoint_alone) {
    Closed closed;
    std::uint64_t made_at = 0;
    for (auto const& [name, bytes] : closed.files)
        made_at = journal::checkpoint_generation(name).value_or(made_at);
    ASSERT_GT(made_at, 2u);
    closed.restore();
    for (auto const& [name, bytes] : closed.files) {
        auto const generation = journal::segment_generation(name).value_or(0);
        if (generation >= made_at || name.ends_with(".idx")) {
            ASSERT_TRUE(closed.disk.remove(name));
        }
    }
    expect_a_loss(closed, journal::segment_name(made_at));
}

TEST(LostSegments, an_only_one_is_missed_by_every_file_that_was_made_after_it) {
    Closed closed;
    std::set<std::string> witnesses;
    for (auto const& [kept, bytes] : closed.files) {
        bool const is_segment = journal::segment_generation(kept).has_value();
        if (is_segment || journal::spare_number(kept) || kept == "lock")
            continue;
        SCOPED_TRACE(kept);
        closed.restore();
        for (auto const& name : names_on(closed.disk))
            if (name != kept) {
                ASSERT_TRUE(closed.disk.remove(name));
            }
        ASSERT_TRUE(closed.disk.open("lock", ports::FileUse::lock));
        expect_a_loss(closed, journal::segment_name(1));
        witnesses.insert(kept.substr(0, kept.find_first_of("-.")).size() == 20
                             ? kept.substr(20)
                             : kept.substr(0, kept.find('-')));
    }
    EXPECT_TRUE(witnesses.contains(".idx") && witnesses.contains(".open") &&
                witnesses.contains("reserve"));
}

/// A copy that was broken off, or a file system that lost the end of a file: at a border of frames
/// nothing looks torn, and between two it looks like the frame that was in flight.
TEST(LostSegments, one_that_is_too_short_is_no_torn_write) {
    Closed closed;
    auto const newest = newest_segment(closed.disk);
    std::size_t segments = 0;
    for (auto const& [name, bytes] : closed.files) {
        if (!journal::segment_generation(name))
            continue;
        ++segments;
        auto const step = std::max<std::size_t>(bytes.size() / 16, ports::disk_block_bytes);
        for (auto length = step; length < bytes.size(); length += step) {
            SCOPED_TRACE(name + " with " + std::to_string(length) + " bytes");
            closed.restore();
            closed.disk.set_content(
                name, {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)});
            auto const before = names_on(closed.disk);
            auto const verified = journal::verify(closed.disk, in_silence);
            ASSERT_FALSE(verified) << "verify took it for good";
            EXPECT_EQ(verified.error().kind, FailureKind::corrupt);
            bool const opened = closed.world.open();
            if (name == newest) {
                ASSERT_FALSE(opened) << "the start took it for good";
                EXPECT_EQ(closed.world.refused->where, name);
            }
            if (opened)
                closed.world.expect_a_true_history(); // it lost nothing but room behind its frames
            else
                EXPECT_EQ(names_on(closed.disk), before);
        }
    }
    EXPECT_GE(segments, 3u);
}

TEST(LostSegments, nothing_but_a_spare_is_a_beginning_that_was_cut_off) {
    Closed closed;
    closed.restore();
    for (auto const& name : names_on(closed.disk))
        if (!journal::spare_number(name)) {
            ASSERT_TRUE(closed.disk.remove(name));
        }
    ASSERT_FALSE(names_on(closed.disk).empty());
    ASSERT_TRUE(closed.world.open()) << to_string(*closed.world.refused);
    EXPECT_TRUE(closed.world.store().report().is_new);
}

TEST(Foreign, a_second_process_is_refused) {
    memory::Disk disk(1);
    World first(disk);
    World second(disk);
    ASSERT_TRUE(first.open());
    EXPECT_FALSE(second.open());
    EXPECT_EQ(second.refused->kind, FailureKind::unavailable);
    first.drop();
    EXPECT_TRUE(second.open());
}

TEST(DerivedFiles, missing_damaged_and_swapped_indexes_are_rebuilt_byte_for_byte) {
    Closed closed;
    std::vector<std::string> indexes;
    for (auto const& [name, bytes] : closed.files)
        if (name.ends_with(".idx"))
            indexes.push_back(name);
    ASSERT_GE(indexes.size(), 3u);
    auto const expect_healed = [&] {
        ASSERT_TRUE(closed.world.open()) << to_string(*closed.world.refused);
        closed.world.expect_a_true_history();
        for (auto const& name : indexes)
            EXPECT_EQ(closed.disk.content(name), closed.files[name]) << name;
    };
    for (auto const& name : indexes) {
        closed.restore();
        ASSERT_TRUE(closed.disk.remove(name));
        expect_healed();
        closed.restore();
        auto shorter = closed.files[name];
        shorter.resize(4096);
        closed.disk.set_content(name, shorter);
        expect_healed();
        closed.restore();
        auto damaged = closed.files[name];
        damaged[damaged.size() - 100] ^= 1;
        damaged[5000 % damaged.size()] ^= 1;
        closed.disk.set_content(name, damaged);
        expect_healed();
    }
    closed.restore();
    closed.disk.set_content(indexes[0], closed.files[indexes[1]]);
    closed.disk.set_content(indexes[1], closed.files[indexes[0]]);
    expect_healed();
}

TEST(Padding, holds_no_bytes_of_memory) {
    Closed closed;
    auto const report = journal::verify(closed.disk, in_silence);
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_GT(report->padding_bytes, 0u);
    EXPECT_EQ(report->last.value(), closed.world.accepted.size());
    EXPECT_TRUE(report->was_closed);
    EXPECT_EQ(report->torn_bytes, 0u);
}

} // namespace
} // namespace kontor::crash

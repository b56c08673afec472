/// What `verify` finds, where it says it is, and that it changes nothing while it looks.

#include "tests/crash/closed_world.hpp"

#include "adapters/embedded/journal/checkpoint.hpp"
#include "adapters/embedded/journal/frame.hpp"
#include "adapters/embedded/journal/merged_filter.hpp"

namespace kontor::crash {
namespace {

std::map<std::string, std::vector<std::uint8_t>> all_files(memory::Disk& disk) {
    std::map<std::string, std::vector<std::uint8_t>> files;
    for (auto const& name : names_on(disk))
        files[name] = disk.content(name);
    return files;
}

/// Verifies everything, and that not a byte was changed by it.
Result<journal::VerifyReport> verified(memory::Disk& disk) {
    auto const files = all_files(disk);
    auto const changes = disk.changes();
    journal::VerifyOptions options;
    options.looks_at_derived = true;
    auto report = journal::verify(disk, options);
    EXPECT_EQ(disk.changes(), changes) << "verify wrote";
    EXPECT_EQ(all_files(disk), files) << "verify changed a file";
    return report;
}

void flip(Closed& closed, std::string const& name, std::size_t at) {
    auto bytes = closed.files[name];
    bytes[at] ^= 16;
    closed.restore();
    closed.disk.set_content(name, std::move(bytes));
}

/// Where the last frame of a segment begins.
std::size_t last_frame_of(std::vector<std::uint8_t> const& bytes) {
    std::size_t last = 0;
    for (std::size_t offset = 0; offset < bytes.size();) {
        auto const header = journal::peek_frame(bytes.data() + offset, bytes.size() - offset);
        if (!header)
            break;
        last = offset;
        offset += journal::frame_blocks_bytes(header->length);
    }
    return last;
}

std::string place_of(std::string const& name, std::size_t offset) {
    return name + ", offset " + std::to_string(offset);
}

TEST(Verify, finds_nothing_where_nothing_is_and_shows_every_event) {
    Closed closed;
    closed.restore();
    std::uint64_t seen = 0;
    journal::VerifyOptions options;
    options.looks_at_derived = true;
    options.on_event = [&](ports::RecordedEvent const& event) -> Result<void> {
        EXPECT_EQ(event.position.value(), ++seen);
        EXPECT_EQ(event.stream.to_string(), closed.world.accepted[seen - 1].stream);
        EXPECT_EQ(event.version.value(), closed.world.accepted[seen - 1].version);
        return {};
    };
    auto const report = journal::verify(closed.disk, options);
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_EQ(seen, closed.world.accepted.size());
    EXPECT_TRUE(report->was_closed);
    for (auto const& damage : report->damages)
        ADD_FAILURE() << damage.place << ": " << damage.what;
    auto const again = verified(closed.disk);
    ASSERT_TRUE(again && again->damages.empty());
}

/// In the first life of this seed nearly every stream stays open.
TEST(Verify, there_is_a_checkpoint_to_spoil_whatever_the_seed) {
    Closed closed(2783909458);
    EXPECT_TRUE(closed.has_checkpoint());
}

TEST(Verify, an_index_or_checkpoint_that_rotted_is_named_and_made_anew_by_the_next_start) {
    Closed closed;
    Random random(testing::seed());
    std::set<std::string> kinds;
    for (auto const& [name, bytes] : closed.files) {
        bool const is_index = name.ends_with(".idx");
        if (!is_index && !journal::checkpoint_generation(name))
            continue;
        kinds.insert(name.substr(20));
        for (int n = 0; n < 40 && !HasFailure(); ++n) {
            auto const at = random.below(bytes.size());
            SCOPED_TRACE(place_of(name, at));
            flip(closed, name, at);
            auto const report = verified(closed.disk);
            ASSERT_TRUE(report) << to_string(report.error());
            if (!is_index && report->damages.empty())
                continue; // the padding of a checkpoint says nothing
            ASSERT_EQ(report->damages.size(), 1U);
            auto const& damage = report->damages.front();
            EXPECT_EQ(damage.place.substr(0, name.size()), name);
            if (is_index) {
                EXPECT_EQ(damage.place, place_of(name, at));
            }
            EXPECT_NE(damage.remedy, "");
            ASSERT_TRUE(closed.world.open()) << to_string(*closed.world.refused);
            closed.world.expect_a_true_history();
            bool const is_resident =
                at < ports::disk_block_bytes; // else who meets it makes it anew
            if (is_index && is_resident) {
                EXPECT_EQ(closed.disk.content(name), bytes) << "it was not made anew";
            }
        }
    }
    EXPECT_TRUE(kinds.contains(".idx") && kinds.contains(".open"));
}

TEST(Verify, what_a_start_makes_anew_is_told_by_name) {
    Closed closed;
    for (auto const& [name, bytes] : closed.files) {
        if (!name.ends_with(".idx"))
            continue;
        flip(closed, name, 40);
        ASSERT_TRUE(closed.world.open()) << to_string(*closed.world.refused);
        auto const& told = closed.world.store().report().made_anew;
        ASSERT_EQ(told.size(), 1U);
        EXPECT_NE(told.front().find(name), std::string::npos) << told.front();
        EXPECT_EQ(closed.disk.content(name), bytes);
    }
    closed.restore();
    ASSERT_TRUE(closed.world.open());
    EXPECT_TRUE(closed.world.store().report().made_anew.empty());
}

TEST(Verify, a_rotten_seal_is_named_at_its_place_and_costs_nothing) {
    Closed closed;
    auto const name = newest_segment(closed.disk);
    auto const seal = last_frame_of(closed.files[name]);
    ASSERT_EQ(journal::peek_frame(closed.files[name].data() + seal, 4096)->kind,
              journal::FrameKind::seal);
    for (std::size_t at = 0; at < journal::frame_header_bytes && !HasFailure(); ++at) {
        SCOPED_TRACE(at);
        flip(closed, name, seal + at);
        auto const report = verified(closed.disk);
        ASSERT_TRUE(report) << to_string(report.error());
        ASSERT_EQ(report->damages.size(), 1U);
        EXPECT_EQ(report->damages.front().place, place_of(name, seal));
        EXPECT_FALSE(report->was_closed);
        ASSERT_TRUE(closed.world.open()) << to_string(*closed.world.refused);
        EXPECT_TRUE(closed.world.store().report().cut.has_value());
        closed.world.expect_a_true_history();
    }
}

/// A frame in one sector is written whole or not at all: what is not whole was acknowledged.
TEST(Verify, a_rotten_last_frame_of_one_sector_is_damage_and_never_cut) {
    memory::Disk disk(1);
    World world(disk, testing::seed());
    ASSERT_TRUE(world.open());
    auto const batch = contract::commit_of(1, {{contract::stock("A"), "x"}});
    ASSERT_TRUE(world.store().append(batch) && world.write());
    world.drop();
    auto const name = newest_segment(disk);
    auto const whole = disk.content(name);
    auto const offset = last_frame_of(whole);
    auto const header = journal::peek_frame(whole.data() + offset, 4096);
    ASSERT_EQ(header->kind, journal::FrameKind::records);
    ASSERT_LE(journal::frame_header_bytes + header->length, memory::Disk::sector_bytes);
    std::size_t refused = 0;
    for (std::size_t at = 0; at < journal::frame_header_bytes + header->length; ++at) {
        SCOPED_TRACE(at);
        auto bytes = whole;
        bytes[offset + at] ^= 1;
        disk.set_content(name, std::move(bytes));
        disk.restore_power();
        auto const report = verified(disk);
        bool const opened = world.open();
        world.drop();
        // The length and the kind themselves may lie about what it was.
        if (at >= 26 && at < 32) {
            EXPECT_TRUE(!report || report->torn_bytes > 0 || !report->damages.empty());
            continue;
        }
        ASSERT_FALSE(report);
        EXPECT_EQ(report.error().where, place_of(name, offset));
        ASSERT_FALSE(opened) << "it was cut";
        EXPECT_EQ(world.refused->where, place_of(name, offset));
        ++refused;
    }
    EXPECT_GT(refused, 100U);
    disk.set_content(name, whole);
    disk.restore_power();
    ASSERT_TRUE(world.open());
    EXPECT_EQ(world.store().report().last.value(), 1U);
}

TEST(Verify, a_torn_tail_is_told_and_left_to_the_next_start) {
    memory::Disk disk(1);
    World world(disk, testing::seed());
    ASSERT_TRUE(world.open() && work(world, 3, false));
    world.drop();
    auto const name = newest_segment(disk);
    auto bytes = disk.content(name);
    bytes[last_frame_of(bytes) + ports::disk_block_bytes + 77] ^= 1;
    disk.set_content(name, std::move(bytes));
    auto const report = verified(disk);
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_TRUE(report->damages.empty());
    EXPECT_GT(report->torn_bytes, 0U);
}

/// A store with little in its only segment, closed in order.
struct LittleClosed {
    memory::Disk disk{1};
    World world{disk, testing::seed()};
    std::string name;
    std::vector<std::uint8_t> whole; ///< the segment
    std::size_t end{0};              ///< behind its seal

    LittleClosed() {
        EXPECT_TRUE(world.open() && work(world, 3));
        world.drop();
        name = newest_segment(disk);
        whole = disk.content(name);
        end = last_frame_of(whole) + ports::disk_block_bytes;
        EXPECT_EQ(journal::segment_generation(name), 1U);
    }
    void put(std::vector<std::uint8_t> bytes) {
        world.drop();
        disk.set_content(name, std::move(bytes));
        disk.restore_power();
    }
};

TEST(Verify, bytes_that_changed_behind_a_seal_are_named_and_cost_nothing) {
    LittleClosed closed;
    Random random(testing::seed());
    for (int n = 0; n < 40 && !HasFailure(); ++n) {
        auto const at =
            n == 0 ? closed.end : closed.end + random.below(closed.whole.size() - closed.end);
        SCOPED_TRACE(at);
        auto bytes = closed.whole;
        bytes[at] ^= 16;
        closed.put(std::move(bytes));
        auto const report = verified(closed.disk);
        ASSERT_TRUE(report) << to_string(report.error());
        ASSERT_EQ(report->damages.size(), 1U);
        EXPECT_EQ(report->damages.front().place, place_of(closed.name, at));
        ASSERT_TRUE(closed.world.open()) << to_string(*closed.world.refused);
        closed.world.expect_a_true_history();
        EXPECT_EQ(closed.disk.content(closed.name), closed.whole) << "it was put aside";
    }
}

/// The frame behind the seal fits into one sector: what a crash tears after it is not taken for a
/// change behind a closed log.
TEST(Verify, a_crash_after_the_next_start_is_no_damage) {
    LittleClosed closed;
    ASSERT_TRUE(closed.world.open());
    auto const big = std::string(2 * ports::disk_block_bytes, 'x');
    auto const batch = contract::commit_of(1, {{contract::stock("A"), big}});
    ASSERT_TRUE(closed.world.store().append(batch));
    ASSERT_TRUE(closed.world.write() && closed.world.write());
    closed.world.drop();
    auto bytes = closed.disk.content(closed.name);
    EXPECT_EQ(journal::peek_frame(bytes.data() + closed.end, ports::disk_block_bytes)->kind,
              journal::FrameKind::confirm);
    auto const torn = last_frame_of(bytes);
    ASSERT_EQ(torn, closed.end + ports::disk_block_bytes);
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(torn), memory::Disk::sector_bytes,
                std::uint8_t{0}); // its header did not reach the disk
    closed.put(std::move(bytes));
    auto const report = verified(closed.disk);
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_TRUE(report->damages.empty());
    EXPECT_GT(report->torn_bytes, 0U);
}

} // namespace
} // namespace kontor::crash

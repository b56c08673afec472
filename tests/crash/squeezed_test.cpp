/// Segments without their padding, compressed ones, and files that are used again.

#include "tests/crash/journal_world.hpp"
#include "tests/support/seed.hpp"

#include "adapters/embedded/journal/copy.hpp"
#include "adapters/embedded/journal/faults.hpp"
#include "adapters/embedded/journal/segment.hpp"

#include <algorithm>
#include <utility>

namespace kontor::crash {
namespace {

using journal::SegmentForm;

class Counts final : public Faults {
public:
    bool at(Fault const&) override { return false; }
    void reached(Mark const& mark) override { ++marks[std::string(mark.name)]; }
    std::map<std::string, int> marks;
};

std::vector<std::uint64_t> generations(memory::Disk& disk,
                                       std::optional<std::uint64_t> (*of)(std::string_view)) {
    std::vector<std::uint64_t> all;
    auto const names = disk.list().value();
    for (auto const& name : names)
        if (auto const generation = of(name))
            all.push_back(*generation);
    return all;
}

std::vector<std::uint8_t> image_of(memory::Disk& disk, std::uint64_t generation) {
    auto const file = journal::SegmentFile::open(disk, generation).value();
    journal::Blocks all(file->size());
    EXPECT_TRUE(file->read(0, all.span(0, all.size())));
    return {all.at(0), all.at(0) + all.size()};
}

/// Ends some segments, then squeezes all of them.
struct Squeezed {
    memory::Disk disk{1};
    Counts counts;
    World world{disk, testing::seed(), counts};
    std::map<std::string, std::vector<std::uint8_t>> raw;      ///< the files before
    std::map<std::string, std::vector<std::uint8_t>> squeezed; ///< and after

    explicit Squeezed(int rounds = 120) {
        EXPECT_TRUE(world.open() && work(world, rounds));
        while (world.store().upkeep().do_work({1}).value().items > 0) {
        }
        world.drop();
        disk.restore_power();
        raw = files();
        EXPECT_TRUE(world.open());
        auto const done = world.store().compact(in_silence);
        EXPECT_TRUE(done) << to_string(done.error());
        EXPECT_GT(done->segments, 3U);
        EXPECT_LT(done->bytes_after, done->bytes_before / 2);
        EXPECT_TRUE(world.close());
        world.drop();
        disk.restore_power();
        squeezed = files();
    }
    std::map<std::string, std::vector<std::uint8_t>> files() {
        std::map<std::string, std::vector<std::uint8_t>> all;
        auto const names = disk.list().value();
        for (auto const& name : names)
            all[name] = disk.content(name);
        return all;
    }
    void restore() {
        world.drop();
        auto const names = disk.list().value();
        for (auto const& name : names)
            if (!squeezed.contains(name)) {
                EXPECT_TRUE(disk.remove(name));
            }
        for (auto const& [name, bytes] : squeezed)
            disk.set_content(name, bytes);
        disk.restore_power();
    }
};

TEST(Squeezed, a_segment_has_every_frame_where_it_was_and_zeros_between) {
    Squeezed done;
    auto const dense = generations(done.disk, journal::dense_generation);
    ASSERT_GT(dense.size(), 3U);
    EXPECT_EQ(generations(done.disk, journal::segment_generation).size(), 1U);
    for (auto const generation : dense)
        EXPECT_EQ(image_of(done.disk, generation), done.raw[journal::segment_name(generation)])
            << generation;
    auto const verified = journal::verify(done.disk, in_silence);
    ASSERT_TRUE(verified) << to_string(verified.error());
    EXPECT_EQ(verified->last.value(), done.world.accepted.size());
    ASSERT_TRUE(done.world.open()) << to_string(*done.world.refused);
    done.world.expect_a_true_history();
}

TEST(Squeezed, an_index_is_the_same_whatever_form_its_segment_has) {
    Squeezed done;
    for (auto const generation : generations(done.disk, journal::dense_generation))
        ASSERT_TRUE(done.disk.remove(journal::index_name(generation)));
    ASSERT_TRUE(done.world.open()) << to_string(*done.world.refused);
    EXPECT_GT(done.world.store().report().indexes_rebuilt, 3U);
    for (auto const generation : generations(done.disk, journal::dense_generation))
        EXPECT_EQ(done.disk.content(journal::index_name(generation)),
                  done.raw[journal::index_name(generation)]);
    done.world.expect_a_true_history();
}

TEST(Squeezed, frames_longer_than_a_block_are_read_from_all_of_theirs) {
    memory::Disk disk(1);
    World world(disk);
    world.limits.segment_bytes = 1U << 20;
    world.limits.frame_bytes_max = 512U << 10;
    world.limits.chunk_bytes = 1U << 20;
    ASSERT_TRUE(world.open());
    for (std::uint64_t n = 1; n <= 12; ++n) {
        ports::Batch batch;
        contract::add_commit(batch, n,
                             {{contract::stock("A"), std::string(9'000 * n, char('a' + n))}});
        contract::add_commit(batch, 100 + n, {{contract::stock("B"), std::string(130'000, 'b')}});
        ASSERT_TRUE(world.store().append(batch));
        ASSERT_TRUE(world.write());
    }
    auto const before = world.read_all().value();
    ASSERT_TRUE(world.store().compact(in_silence));
    EXPECT_GT(generations(disk, journal::dense_generation).size(), 1U);
    EXPECT_EQ(world.read_all().value(), before);
    ASSERT_TRUE(world.close());
    EXPECT_TRUE(journal::verify(disk, in_silence));
}

TEST(Squeezed, by_upkeep_padded_segments_soon_and_old_ones_again_and_their_files_serve_on) {
    memory::Disk disk(1);
    Counts counts;
    World world(disk, testing::seed(), counts);
    world.squeeze();
    ASSERT_TRUE(world.open());
    for (int n = 0; n < 400; ++n) {
        ASSERT_TRUE(world.append() && world.write() && world.keep_up() && world.keep_up());
        if (n % 10 == 0)
            world.clock().pass(Duration::milliseconds(500));
        auto const spares = generations(disk, journal::spare_number);
        ASSERT_LE(spares.size(), world.limits.spares + 1);
    }
    world.expect_a_true_history();
    for (auto const* mark : {"journal.segment_squeezed", "journal.segment_cooled",
                             "journal.file_recycled", "journal.file_used_again"})
        EXPECT_GT(counts.marks[mark], 3) << mark;
    ASSERT_TRUE(world.close());
    EXPECT_TRUE(journal::verify(disk, in_silence));
    ASSERT_TRUE(world.open()) << to_string(*world.refused);
    world.expect_a_true_history();
}

TEST(Squeezed, a_flipped_bit_stops_the_start_or_the_reading_with_its_place) {
    Squeezed done;
    Random random(testing::seed());
    std::vector<std::string> names;
    for (auto const& [name, bytes] : done.squeezed)
        if (journal::dense_generation(name))
            names.push_back(name);
    for (int n = 0; n < 400 && !HasFailure(); ++n) {
        auto const& name = names[random.below(names.size())];
        auto bytes = done.squeezed[name];
        auto const at = random.below(bytes.size());
        auto const end = bytes.size() - ports::disk_block_bytes;
        auto const table = journal::get<std::uint64_t>(bytes.data() + end + 72) +
                           32 * journal::get<std::uint64_t>(bytes.data() + end + 80);
        bool const is_filling = at >= table && at < end;
        bytes[at] ^= static_cast<std::uint8_t>(1U << random.below(8));
        done.restore();
        done.disk.set_content(name, bytes);
        SCOPED_TRACE(name + " byte " + std::to_string(at));
        auto const verified = journal::verify(done.disk, in_silence);
        EXPECT_EQ(verified.has_value(), is_filling);
        if (!verified) {
            EXPECT_EQ(verified.error().kind, FailureKind::corrupt);
            EXPECT_TRUE(verified.error().where.starts_with(name)) << verified.error().where;
        }
        if (done.world.open())
            done.world.expect_a_true_history(true);
        else
            EXPECT_TRUE(done.world.refused->where.starts_with(name));
    }
}

TEST(Squeezed, a_raw_file_put_back_beside_it_counts_and_heals) {
    Squeezed done;
    auto const generation = generations(done.disk, journal::dense_generation)[1];
    auto const name = journal::dense_name(generation);
    auto bytes = done.squeezed[name];
    bytes[100] ^= 1;
    done.disk.set_content(name, bytes);
    EXPECT_FALSE(journal::verify(done.disk, in_silence));
    auto const raw = journal::segment_name(generation);
    done.disk.set_content(raw, done.raw[raw]);
    EXPECT_TRUE(journal::verify(done.disk, in_silence));
    ASSERT_TRUE(done.world.open()) << to_string(*done.world.refused);
    done.world.expect_a_true_history();
    ASSERT_TRUE(done.world.store().compact(in_silence));
    EXPECT_EQ(done.disk.content(name), done.squeezed[name]);
}

TEST(Squeezed, a_squeezed_one_that_is_gone_is_missed) {
    Squeezed done;
    auto const dense = generations(done.disk, journal::dense_generation);
    ASSERT_TRUE(done.disk.remove(journal::dense_name(dense[1])));
    EXPECT_EQ(journal::verify(done.disk, in_silence).error().where,
              journal::segment_name(dense[1]));
    EXPECT_FALSE(done.world.open());
    EXPECT_EQ(done.world.refused->where, journal::segment_name(dense[1]));

    done.restore();
    for (auto const& [name, bytes] : done.squeezed)
        if (!journal::dense_generation(name)) {
            ASSERT_TRUE(done.disk.remove(name));
        }
    EXPECT_EQ(journal::verify(done.disk, in_silence).error().where,
              journal::segment_name(dense.back() + 1));
}

TEST(Squeezed, a_copy_has_the_same_files_and_a_branch_of_it_goes_on) {
    Squeezed done;
    memory::Disk to(2);
    auto const copied = journal::copy(done.disk, to, in_silence);
    ASSERT_TRUE(copied) << to_string(copied.error());
    for (auto const generation : generations(done.disk, journal::dense_generation))
        EXPECT_EQ(to.content(journal::dense_name(generation)),
                  done.squeezed[journal::dense_name(generation)]);
    ASSERT_TRUE(journal::begin_branch(to, *copied,
                                      {Id128(7, 7), {{EventType(11), "test.one.v1"}}, Instant{}}));
    World branch(to, 5);
    branch.accepted = done.world.accepted;
    branch.outcomes = done.world.outcomes;
    branch.acked = done.world.acked;
    branch.squeeze();
    branch.limits.checkpoint_after = 1U << 30; // what was at rest before is not known here
    for (int life = 0; life < 3; ++life) {
        ASSERT_TRUE(branch.open()) << to_string(*branch.refused);
        branch.expect_a_true_history();
        branch.go_on();
        ASSERT_TRUE(work(branch, 40)) << to_string(*branch.refused);
    }
}

TEST(Squeezed, readers_who_have_the_raw_file_open_keep_it_from_being_used_again) {
    memory::Disk disk(1);
    journal::SegmentFiles files(disk);
    World world(disk);
    ASSERT_TRUE(world.open() && work(world, 60, false));
    world.drop();
    disk.restore_power();
    auto const raw = image_of(disk, 1);
    auto reading = files.open(1).value();
    EXPECT_FALSE(files.switch_over(1)) << "somebody reads it";
    disk.set_content(journal::dense_name(1), {});
    journal::Blocks some(ports::disk_block_bytes);
    ASSERT_TRUE(reading->read(4096, some.span(0, some.size())));
    EXPECT_TRUE(std::equal(some.at(0), some.at(0) + some.size(), raw.begin() + 4096));
    reading.reset();
    EXPECT_TRUE(files.switch_over(1));
    EXPECT_EQ(files.open(1).error().kind, FailureKind::corrupt) << "the squeezed one is opened";
}

} // namespace
} // namespace kontor::crash

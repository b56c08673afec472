#include "tests/crash/closed_world.hpp"

#include "adapters/embedded/journal/limits.hpp"

namespace kontor::crash {
namespace {

/// A disk that takes a second for each read.
class SlowDisk final : public ports::Disk {
public:
    explicit SlowDisk(ports::Disk& disk) : disk_(disk) {}

    Result<std::unique_ptr<ports::File>> open(std::string_view name, ports::FileUse use) override {
        KONTOR_TRY(auto file, disk_.open(name, use));
        return std::unique_ptr<ports::File>(new SlowFile(std::move(file), clock));
    }
    Result<void> rename(std::string_view from, std::string_view to) override {
        return disk_.rename(from, to);
    }
    Result<void> remove(std::string_view name) override { return disk_.remove(name); }
    Result<std::vector<std::string>> list() override { return disk_.list(); }
    Result<void> sync_directory() override { return disk_.sync_directory(); }
    Result<ports::DiskState> state() override { return disk_.state(); }

    testing::HandClock* clock{nullptr}; ///< null: time stands

private:
    class SlowFile final : public ports::File {
    public:
        SlowFile(std::unique_ptr<ports::File> file, testing::HandClock*& clock)
            : file_(std::move(file)), clock_(clock) {}
        Result<void> write(std::uint64_t offset, std::span<std::uint8_t const> blocks) override {
            return file_->write(offset, blocks);
        }
        Result<void> read(std::uint64_t offset, std::span<std::uint8_t> blocks) override {
            if (clock_ != nullptr)
                clock_->pass(Duration::seconds(1));
            return file_->read(offset, blocks);
        }
        Result<void> reserve(std::uint64_t bytes) override { return file_->reserve(bytes); }
        Result<void> sync() override { return file_->sync(); }
        std::uint64_t size() const override { return file_->size(); }

    private:
        std::unique_ptr<ports::File> file_;
        testing::HandClock*& clock_;
    };

    ports::Disk& disk_;
};

class ReadAgain : public ::testing::Test {
protected:
    /// Several segments, sealed; nothing of them was read again yet.
    void SetUp() override {
        constexpr int rounds = 80;
        world.keeps_up_every = rounds; // a pass that began now would leave the rest for a week
        disk.restore_power();
        ASSERT_TRUE(world.open() && work(world, rounds));
    }
    void keep_up() {
        for (;;) {
            auto const done = world.store().upkeep().do_work({1});
            ASSERT_TRUE(done) << to_string(done.error());
            if (done->items == 0)
                return;
        }
    }
    /// Another process, on what the disk has.
    void restart() {
        world.drop();
        disk.restore_power();
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
    }
    journal::Scrubbed found() { return world.store().scrubbed(); }
    std::uint64_t sealed() {
        auto const files = names_on(disk);
        return static_cast<std::uint64_t>(
                   std::ranges::count_if(files,
                                         [](auto const& name) {
                                             return journal::segment_generation(name).has_value();
                                         })) -
               1;
    }
    void rot(std::string const& name, std::size_t at) {
        auto bytes = disk.content(name);
        bytes.at(at) ^= 1;
        disk.set_content(name, bytes);
    }

    memory::Disk disk{1};
    SlowDisk slow{disk};
    World world{slow, testing::seed()};
};

TEST_F(ReadAgain, all_that_is_sealed_is_read_and_found_whole) {
    auto const then = world.clock().now();
    keep_up();
    ASSERT_GT(sealed(), 2U);
    EXPECT_EQ(found().segments, sealed());
    EXPECT_EQ(found().all_since, then);
    EXPECT_TRUE(found().rotten.empty());
}

TEST_F(ReadAgain, once_a_week) {
    keep_up();
    auto const first = found().segments;
    world.clock().pass(journal::scrub_every - Duration::seconds(1));
    keep_up();
    EXPECT_EQ(found().segments, first);
    world.clock().pass(Duration::seconds(1));
    keep_up();
    EXPECT_EQ(found().segments, 2 * first);
}

TEST_F(ReadAgain, rot_is_named_and_the_rest_is_read) {
    keep_up();
    constexpr std::size_t inside = ports::disk_block_bytes + 100;
    rot(journal::segment_name(2), inside);
    world.clock().pass(journal::scrub_every);
    auto const before = found().segments;
    keep_up();
    EXPECT_EQ(found().segments - before, sealed());
    ASSERT_EQ(found().rotten.size(), 1U);
    EXPECT_EQ(found().rotten[0].kind, FailureKind::corrupt);
    EXPECT_TRUE(found().rotten[0].where.starts_with(journal::segment_name(2)))
        << found().rotten[0].where;
    world.clock().pass(journal::scrub_every);
    keep_up();
    EXPECT_EQ(found().rotten.size(), 1U) << "told again";
}

TEST_F(ReadAgain, the_next_process_goes_on_where_the_last_one_was) {
    auto const then = world.clock().now();
    slow.clock = &world.clock(); // one piece, and a rest
    while (found().segments == 0)
        ASSERT_TRUE(world.keep_up());
    slow.clock = nullptr;
    restart();
    keep_up();
    EXPECT_EQ(found().segments, sealed() - 1);
    auto const all_since = found().all_since;
    EXPECT_GE(all_since, then);
    restart();
    keep_up();
    EXPECT_EQ(found().segments, 0U);
    EXPECT_EQ(found().all_since, all_since);
}

TEST_F(ReadAgain, what_it_kept_may_rot_or_be_gone) {
    keep_up();
    rot("scrubbed", 30);
    restart();
    keep_up();
    EXPECT_EQ(found().segments, sealed());
    EXPECT_TRUE(disk.remove("scrubbed"));
    restart();
    keep_up();
    EXPECT_EQ(found().segments, sealed());
}

TEST_F(ReadAgain, it_rests_nineteen_parts_of_twenty) {
    slow.clock = &world.clock();
    world.clock().pass(Duration::days(1));
    while (found().segments == 0)
        ASSERT_TRUE(world.keep_up());
    auto const first = found().segments;
    slow.clock = nullptr;
    keep_up();
    EXPECT_EQ(found().segments, first);
    world.clock().pass(Duration::minutes(10));
    keep_up();
    EXPECT_EQ(found().segments, sealed());
}

} // namespace
} // namespace kontor::crash

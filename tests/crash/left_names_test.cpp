/// Names that a process gave and did not make durable before it died: the next one finds them, and
/// must not rest anything on them that a power cut would take away again.

#include "tests/crash/journal_world.hpp"

#include "adapters/embedded/journal/segment.hpp"

#include <functional>

namespace kontor::crash {
namespace {

/// A disk whose directory cannot be synced behind a name that `is_left` chooses, and on which
/// somebody gets a turn before a name is given.
class ForgetfulDisk final : public ports::Disk {
public:
    explicit ForgetfulDisk(memory::Disk& disk) : disk_(disk) {}

    Result<std::unique_ptr<ports::File>> open(std::string_view name, ports::FileUse use) override {
        return disk_.open(name, use);
    }
    Result<void> rename(std::string_view from, std::string_view to) override {
        if (before_name)
            before_name(from);
        KONTOR_TRY(disk_.rename(from, to));
        if (is_left && is_left(from, to))
            left = to;
        return {};
    }
    Result<void> remove(std::string_view name) override { return disk_.remove(name); }
    Result<std::vector<std::string>> list() override { return disk_.list(); }
    Result<void> sync_directory() override {
        if (is_left && !left.empty())
            return unexpected(Failure{FailureKind::broken, "the disk refused a sync"});
        return disk_.sync_directory();
    }
    Result<ports::DiskState> state() override { return disk_.state(); }

    std::function<bool(std::string_view from, std::string_view to)> is_left;
    std::function<void(std::string_view from)> before_name;
    std::string left; ///< the name

private:
    memory::Disk& disk_;
};

constexpr std::uint64_t seeds = 16; // one in two or three takes the name away

TEST(LeftNames, of_the_first_segment_is_durable_before_anything_is_acknowledged) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        SCOPED_TRACE(seed);
        memory::Disk disk(seed);
        ForgetfulDisk forgetful(disk);
        World world(forgetful, seed);
        forgetful.is_left = [](auto, std::string_view to) { return to.ends_with(".seg"); };
        ASSERT_FALSE(world.open());
        ASSERT_FALSE(forgetful.left.empty());
        forgetful.is_left = nullptr;
        disk.restore_power();
        ASSERT_TRUE(world.open() && world.append() && world.append() && world.write());
        world.drop();
        disk.cut_power();
        disk.restore_power();
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        world.expect_a_true_history();
    }
}

TEST(LeftNames, of_a_file_that_serves_again_is_durable_before_it_is_written_to) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        SCOPED_TRACE(seed);
        memory::Disk disk(seed);
        ForgetfulDisk forgetful(disk);
        World world(forgetful, seed);
        world.squeeze();
        forgetful.is_left = [](std::string_view from, std::string_view to) {
            return from.ends_with(".seg") && journal::spare_number(to).has_value();
        };
        ASSERT_TRUE(world.open());
        while (forgetful.left.empty())
            ASSERT_TRUE(world.append() && world.write() &&
                        (world.keep_up() || !forgetful.left.empty()));
        world.drop();
        forgetful.is_left = nullptr;
        disk.restore_power();
        auto const names = disk.list().value();
        for (auto const& name : names)
            if (journal::spare_number(name) && name != forgetful.left) {
                ASSERT_TRUE(disk.remove(name));
            }
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        bool is_taken = false;
        forgetful.before_name = [&](std::string_view from) {
            is_taken = from == forgetful.left;
            if (is_taken)
                disk.cut_power(); // the head of the next segment is in it
        };
        while (!is_taken)
            ASSERT_TRUE((world.append() && world.write()) || is_taken);
        world.drop();
        disk.restore_power();
        forgetful.before_name = nullptr;
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        world.expect_a_true_history();
        auto const verified = journal::verify(disk, in_silence);
        ASSERT_TRUE(verified) << to_string(verified.error());
    }
}

} // namespace
} // namespace kontor::crash

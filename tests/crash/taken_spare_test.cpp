#include "tests/crash/journal_world.hpp"

namespace kontor::crash {
namespace {

/// A disk on which somebody else gets a turn just before a file is given its final name.
class BusyDisk final : public ports::Disk {
public:
    explicit BusyDisk(ports::Disk& disk) : disk_(disk) {}

    Result<std::unique_ptr<ports::File>> open(std::string_view name, ports::FileUse use) override {
        return disk_.open(name, use);
    }
    Result<void> rename(std::string_view from, std::string_view to) override {
        if (to.ends_with(".seg") && before_segment)
            before_segment();
        return disk_.rename(from, to);
    }
    Result<void> remove(std::string_view name) override { return disk_.remove(name); }
    Result<std::vector<std::string>> list() override { return disk_.list(); }
    Result<void> sync_directory() override { return disk_.sync_directory(); }
    Result<ports::DiskState> state() override { return disk_.state(); }

    std::function<void()> before_segment;

private:
    ports::Disk& disk_;
};

// The file that waits was made in an earlier life. While the writer turns it into a segment, upkeep
// prepares the next one.
TEST(TakenSpare, is_not_made_anew_under_the_writers_hands) {
    memory::Disk disk(1);
    BusyDisk busy(disk);
    World world(busy);
    for (int life = 0; life < 6 && !HasFailure(); ++life) {
        ASSERT_TRUE(world.open()) << to_string(*world.refused);
        world.expect_a_true_history();
        ASSERT_TRUE(world.keep_up());
        bool has_begun_another = false;
        busy.before_segment = [&] { has_begun_another = world.keep_up(); };
        while (!has_begun_another)
            ASSERT_TRUE(world.append() && world.write());
        ASSERT_TRUE(world.append() && world.write());
        busy.before_segment = nullptr;
        ASSERT_TRUE(world.close());
        world.drop();
    }
}

} // namespace
} // namespace kontor::crash

#pragma once

/// A store that was closed in order, with the bytes of all its files, so that a test can damage one
/// and put everything back.

#include "tests/crash/journal_world.hpp"
#include "tests/support/seed.hpp"

#include "adapters/embedded/journal/checkpoint.hpp"
#include "adapters/embedded/journal/segment.hpp"

#include <algorithm>

namespace kontor::crash {

inline std::vector<std::string> names_on(memory::Disk& disk) {
    return disk.list().value();
}

inline std::string newest_segment(memory::Disk& disk) {
    std::string newest;
    for (auto const& name : names_on(disk))
        if (journal::segment_generation(name))
            newest = name;
    return newest;
}

struct Closed {
    memory::Disk disk{1};
    World world;
    std::map<std::string, std::vector<std::uint8_t>> files;

    explicit Closed(std::uint64_t seed = testing::seed()) : world(disk, seed) {
        // While most of what was written is still open, a checkpoint is of no use: none is made.
        constexpr int lives_max = 8;
        for (int lives = 0; lives < lives_max && !has_checkpoint(); ++lives) {
            EXPECT_TRUE(world.open() && work(world, 80));
            while (world.store().upkeep().do_work({1}).value().items > 0) {
            }
        }
        save();
    }
    bool has_checkpoint() {
        auto const names = disk.list().value();
        return std::ranges::any_of(names, [](std::string const& name) {
            return journal::checkpoint_generation(name).has_value();
        });
    }
    void save() {
        world.drop();
        disk.restore_power();
        files.clear();
        for (auto const& name : names_on(disk))
            files[name] = disk.content(name);
    }
    void restore() {
        world.drop();
        for (auto const& name : names_on(disk))
            if (!files.contains(name)) {
                EXPECT_TRUE(disk.remove(name));
            }
        for (auto const& [name, bytes] : files)
            disk.set_content(name, bytes);
        disk.restore_power();
    }
};

} // namespace kontor::crash

#include "tests/simulation/world/view_room.hpp"

#include "base/assert.hpp"

#include <filesystem>

#include <cstdlib>

namespace kontor::simulation {

namespace fs = std::filesystem;

ViewRoom::ViewRoom(Random dice)
    : dice_(dice),
      root_((fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path().string()) +
            "/kontor-sim-XXXXXX") {
    auto const* const made = ::mkdtemp(root_.data());
    KONTOR_ASSERT(made != nullptr, "no directory {}", root_);
}

ViewRoom::~ViewRoom() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
}

bool ViewRoom::survive(bool with_power_cut) {
    fs::path const live(directory());
    fs::path const kept(root_ + "/kept");
    std::error_code failed;
    bool const is_lost = with_power_cut && fs::exists(kept) && dice_.chance(1, 2);
    if (is_lost) {
        fs::remove_all(live, failed);
        fs::copy(kept, live, fs::copy_options::recursive, failed);
    } else if (fs::exists(live) && dice_.chance(1, 3)) {
        fs::remove_all(kept, failed);
        fs::copy(live, kept, fs::copy_options::recursive, failed);
    }
    KONTOR_ASSERT(!failed, "{}: {}", root_, failed.message());
    return is_lost;
}

} // namespace kontor::simulation

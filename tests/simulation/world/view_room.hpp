#pragma once

/// ViewRoom: the directory where the read models' files lie, which outlives every process. It lies
/// in RAM where that is possible; a power cut may bring back an older state of all files, as a disk
/// does that was not told to sync.   Thread: one.

#include "base/random.hpp"

#include <string>

namespace kontor::simulation {

class ViewRoom {
public:
    explicit ViewRoom(Random dice);
    ~ViewRoom();
    ViewRoom(ViewRoom const&) = delete;
    ViewRoom& operator=(ViewRoom const&) = delete;

    std::string directory() const { return root_ + "/live"; }
    /// Nobody has the files open. True: they are now as they were at an earlier such moment.
    bool survive(bool with_power_cut);

private:
    Random dice_;
    std::string root_;
};

} // namespace kontor::simulation

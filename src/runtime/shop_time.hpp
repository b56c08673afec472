#pragma once

/// ShopTime: which time the shop goes by, given what the machine's two clocks say. It follows the
/// wall clock in small steps, goes by the monotonic one where the wall clock jumps, and never runs
/// back. Pure, so that the simulator goes by the same.
/// Thread: any.   Source: RELIABILITY section 1, shop clock.

#include "base/instant.hpp"

#include <atomic>

namespace kontor {

/// What the clocks of the machine say at one moment.
struct MachineTime {
    Instant wall;
    Duration monotonic;
};

class ShopTime {
public:
    /// As the program starts: the wall clock is believed, but not below `not_before`.
    ShopTime(Instant not_before, MachineTime start);

    Instant at(MachineTime machine);

    /// How far the wall clock stands from ours, once it jumped further than we follow; else zero.
    Duration refused_jump() const;

private:
    Duration const jump_max_{Duration::minutes(1)};
    std::atomic<std::int64_t> last_;
    std::atomic<std::int64_t> wall_minus_monotonic_;
    std::atomic<std::int64_t> refused_{0};
};

} // namespace kontor

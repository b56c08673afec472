#pragma once

/// WorldClock: the time of the simulated world. It moves when the world says so; the wall clock may
/// leap ahead of the other, stand still while that goes on, and jump for a while. Everybody sees it
/// through the shop's own ShopTime.   Thread: one.

#include "base/clock.hpp"
#include "runtime/shop_time.hpp"

#include <algorithm>
#include <optional>

namespace kontor::simulation {

class WorldClock final : public Clock {
public:
    Instant now() override { return time_->at(machine()); }
    Duration monotonic() override { return monotonic_; }

    void pass(Duration time) {
        auto const standing = std::min(time, standing_);
        standing_ = standing_ - standing;
        wall_ = wall_ + (time - standing);
        monotonic_ = monotonic_ + time;
    }
    /// The wall clock is set forward.
    void leap(Duration by) { wall_ = wall_ + by; }
    /// The wall clock was ahead: it stands until the true time has come; zero: it goes.
    void stand(Duration length) { standing_ = length; }
    /// The wall clock stands so far from where it should, until it is told otherwise.
    void jump(Duration away) { away_ = away; }
    /// A process starts: it believes the wall clock, but not below what it had recorded.
    void restart() { time_.emplace(now(), machine()); }

private:
    MachineTime machine() const { return {wall_ + away_, monotonic_}; }

    Instant wall_{Instant::from_unix_microseconds(1'700'000'000'000'000)};
    Duration monotonic_{};
    Duration standing_{};
    Duration away_{};
    std::optional<ShopTime> time_{std::in_place, wall_, machine()};
};

} // namespace kontor::simulation

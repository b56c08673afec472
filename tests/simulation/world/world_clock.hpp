#pragma once

/// WorldClock: the time of the simulated world. It moves when the world says so; the wall clock may
/// leap ahead of the other or stand still while that goes on, but never runs back: the shop clock
/// hides that.   Thread: one.

#include "base/clock.hpp"

#include <algorithm>

namespace kontor::simulation {

class WorldClock final : public Clock {
public:
    Instant now() override { return now_; }
    Duration monotonic() override { return monotonic_; }

    void pass(Duration time) {
        auto const standing = std::min(time, standing_);
        standing_ = standing_ - standing;
        now_ = now_ + (time - standing);
        monotonic_ = monotonic_ + time;
    }
    /// The wall clock is set forward.
    void leap(Duration by) { now_ = now_ + by; }
    /// The wall clock was ahead: it stands until the true time has come; zero: it goes.
    void stand(Duration length) { standing_ = length; }

private:
    Instant now_{Instant::from_unix_microseconds(1'700'000'000'000'000)};
    Duration monotonic_{};
    Duration standing_{};
};

} // namespace kontor::simulation

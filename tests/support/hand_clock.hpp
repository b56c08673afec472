#pragma once

/// HandClock: a clock that stands still until a test moves it.   Thread: one.

#include "base/clock.hpp"

namespace kontor::testing {

class HandClock final : public Clock {
public:
    Instant now() override { return now_; }
    Duration monotonic() override { return monotonic_; }

    /// Moves both times forward.
    void pass(Duration time) {
        now_ = now_ + time;
        monotonic_ = monotonic_ + time;
    }

private:
    Instant now_{Instant::from_unix_microseconds(1'700'000'000'000'000)};
    Duration monotonic_{};
};

} // namespace kontor::testing

#pragma once

/// SystemClock: the shop clock over the machine's. Wall time that never runs behind the last
/// recorded time, and that does not follow a jump of more than a minute while the program runs:
/// promises to customers must not expire because somebody set a clock.   Thread: any. Source:
/// RELIABILITY section 1, shop clock.

#include "base/clock.hpp"
#include "runtime/shop_time.hpp"

namespace kontor {

class SystemClock final : public Clock {
public:
    /// `not_before`: the time of the newest fact in the log, so that time goes on where it was.
    explicit SystemClock(Instant not_before = {});

    Instant now() override;
    Duration monotonic() override;

    /// How far the machine's wall clock stands from ours, once it jumped further than we follow;
    /// else zero.
    Duration refused_jump() const;

private:
    ShopTime time_;
};

} // namespace kontor

#pragma once

/// Clock: the only source of time. The real one lives in `runtime`, the virtual one in the
/// simulator.

#include "base/instant.hpp"

namespace kontor {

class Clock {
public:
    virtual ~Clock() = default;

    /// The shop clock: wall time that never runs behind the last recorded time.   Thread: any.
    virtual Instant now() = 0;

    /// Time for leases and timeouts, unaffected by changes of the wall clock.   Thread: any.
    virtual Duration monotonic() = 0;
};

} // namespace kontor

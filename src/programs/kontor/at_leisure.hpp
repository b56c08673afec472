#pragma once

/// How threads wait that talk to strangers: those answer in milliseconds at best, and nobody waits
/// for such a thread.   Thread: any.

#include "runtime/runner.hpp"

namespace kontor::programs {

inline constexpr IdleStrategy at_strangers_leisure{.spins_max = 1,
                                                   .sleep_min = Duration::milliseconds(1),
                                                   .sleep_max = Duration::milliseconds(20),
                                                   .nice = 10};

} // namespace kontor::programs

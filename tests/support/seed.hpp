#pragma once

/// The seed of this test run. KONTOR_SEED=N repeats a run; otherwise it is drawn anew and printed.

#include <cstdint>

namespace kontor::testing {

std::uint64_t seed();

} // namespace kontor::testing

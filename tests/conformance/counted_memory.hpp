#pragma once

/// Counts every allocation of a program that is linked with it.

#include <cstddef>

namespace kontor::testing {

/// Since the program began.
std::size_t allocations();

} // namespace kontor::testing

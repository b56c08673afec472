#pragma once

/// Counts every allocation of a program that is linked with it.

#include <cstddef>

namespace kontor::testing {

/// Since the program began.
std::size_t allocations();

/// All bytes that were ever asked for, given back or not.
std::size_t allocated_bytes();

} // namespace kontor::testing

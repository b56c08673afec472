#pragma once

/// SmallVector<T, N>: a vector that keeps its first N elements inside itself, so that the common
/// short list costs no allocation.

#include <boost/container/small_vector.hpp>

#include <cstddef>

namespace kontor {

template <class T, std::size_t N>
using SmallVector = boost::container::small_vector<T, N>;

} // namespace kontor

#pragma once

/// Zipf: draws 0..n-1 with probability in proportion to 1/(rank+1)^s, ranks shuffled over the
/// numbers so that neighbours are not equally popular.
/// Source: W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from monotone
/// discrete distributions" (1996); here by inversion over a table, which is exact and as fast.
/// Thread: one.

#include "base/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace kontor::bench {

class Zipf {
public:
    Zipf(std::size_t count, double exponent, std::uint64_t seed)
        : random_(seed), number_of_(count) {
        cumulative_.reserve(count);
        double sum = 0;
        for (std::size_t rank = 0; rank < count; ++rank)
            cumulative_.push_back(sum += std::pow(static_cast<double>(rank + 1), -exponent));
        std::iota(number_of_.begin(), number_of_.end(), std::size_t{0});
        for (std::size_t i = count; i > 1; --i)
            std::swap(number_of_[i - 1], number_of_[random_.below(i)]);
    }

    std::size_t draw() {
        auto const point = static_cast<double>(random_.next() >> 11) * 0x1p-53 * cumulative_.back();
        auto const found = std::lower_bound(cumulative_.begin(), cumulative_.end(), point);
        return number_of_[static_cast<std::size_t>(found - cumulative_.begin())];
    }

private:
    Random random_;
    std::vector<double> cumulative_;
    std::vector<std::size_t> number_of_;
};

} // namespace kontor::bench

#pragma once

/// Random: our own seeded generator, equal on every machine, with integer ratios only. Each
/// component draws from its own stream, `fork(name)`, so that removing one consumer shifts nobody
/// else's dice.
/// Source: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators",
/// xoshiro256**; seeded by splitmix64.   Thread: one.

#include <array>
#include <cstdint>
#include <string_view>

namespace kontor {

class Random {
public:
    explicit Random(std::uint64_t seed);

    std::uint64_t next();

    /// Uniform in 0..bound-1, without bias.   Requires: bound > 0.
    std::uint64_t below(std::uint64_t bound);

    /// Uniform in first..last, both included.   Requires: first <= last.
    std::int64_t between(std::int64_t first, std::int64_t last);

    /// True in `numerator` of `denominator` cases.   Requires: denominator > 0.
    bool chance(std::uint64_t numerator, std::uint64_t denominator) {
        return below(denominator) < numerator;
    }

    /// A generator of its own for the component `name`; drawing from it leaves this one untouched.
    Random fork(std::string_view name) const;

private:
    std::uint64_t seed_;
    std::array<std::uint64_t, 4> state_;
};

} // namespace kontor

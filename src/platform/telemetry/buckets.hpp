#pragma once

/// Buckets: whole numbers by size, each power of two halved so often that a bucket is narrow beside
/// what falls into it: with a relative error of one by `sub_count`.
/// Source: G. Tene's HdrHistogram.

#include <bit>
#include <cstddef>
#include <cstdint>

namespace kontor::telemetry {

template <int SubBits>
struct Buckets {
    static constexpr std::uint64_t sub_count = 1U << SubBits;
    static constexpr int power_max = 40; ///< twelve days of microseconds: more counts as that
    static constexpr std::size_t count = (power_max - SubBits + 1) * sub_count;

    static constexpr std::size_t bucket_of(std::uint64_t value) {
        if (value < sub_count)
            return static_cast<std::size_t>(value);
        auto const shift = std::bit_width(value) - 1 - SubBits;
        auto const bucket = (static_cast<std::uint64_t>(shift + 1) << SubBits) +
                            ((value >> shift) & (sub_count - 1));
        return bucket < count ? static_cast<std::size_t>(bucket) : count - 1;
    }
    /// The first value beyond a bucket.
    static constexpr std::uint64_t end_of(std::size_t bucket) {
        if (bucket < sub_count)
            return bucket + 1;
        auto const shift = (bucket >> SubBits) - 1;
        return (sub_count + (bucket & (sub_count - 1)) + 1) << shift;
    }
};

} // namespace kontor::telemetry

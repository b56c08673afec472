#pragma once

/// Latencies: how long many things took, with a relative error under 1 %: each power of two of
/// microseconds is halved 128 times.   Thread: one.
/// Source: G. Tene's HdrHistogram.

#include "base/instant.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace kontor::telemetry {

class Latencies {
public:
    void record(Duration took) {
        auto const us =
            static_cast<std::uint64_t>(took.in_microseconds() < 0 ? 0 : took.in_microseconds());
        ++counts_[bucket_of(us)];
        ++total_;
        longest_ = us > longest_ ? us : longest_;
    }

    /// What `percent` of the recorded ones did not exceed; zero where there are none.
    Duration percentile(double percent) const;
    Duration longest() const { return Duration::microseconds(static_cast<std::int64_t>(longest_)); }
    std::uint64_t total() const { return total_; }

private:
    static constexpr int sub_bits = 7;
    static constexpr std::uint64_t sub_count = 1U << sub_bits;
    static constexpr int power_max = 40; ///< twelve days: whatever took longer counts as that
    static constexpr std::size_t buckets = (power_max - sub_bits + 1) * sub_count;

    static constexpr std::size_t bucket_of(std::uint64_t us) {
        if (us < sub_count)
            return static_cast<std::size_t>(us);
        auto const shift = std::bit_width(us) - 1 - sub_bits;
        auto const bucket =
            (static_cast<std::uint64_t>(shift + 1) << sub_bits) + ((us >> shift) & (sub_count - 1));
        return bucket < buckets ? static_cast<std::size_t>(bucket) : buckets - 1;
    }
    static constexpr std::uint64_t end_of(std::size_t bucket) {
        if (bucket < sub_count)
            return bucket;
        auto const shift = (bucket >> sub_bits) - 1;
        return ((sub_count + (bucket & (sub_count - 1)) + 1) << shift) - 1;
    }

    std::array<std::uint64_t, buckets> counts_{};
    std::uint64_t total_{0};
    std::uint64_t longest_{0};
};

} // namespace kontor::telemetry

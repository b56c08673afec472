#pragma once

/// Histogram of latencies with a relative error under 1 %: logarithmic buckets, each halved 64
/// times.
/// Source: G. Tene's HdrHistogram.   Thread: one.

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>

namespace kontor::bench {

class Histogram {
public:
    void record(std::chrono::nanoseconds latency) {
        auto const value = static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0));
        ++counts_[bucket_of(value)];
        ++total_;
    }

    /// The latency that `percent` of the recorded ones did not exceed, in microseconds.
    double percentile_us(double percent) const {
        auto const wanted = static_cast<std::uint64_t>(percent / 100 * static_cast<double>(total_));
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            seen += counts_[i];
            if (seen > wanted)
                return static_cast<double>(value_of(i)) / 1'000;
        }
        return 0;
    }

    std::uint64_t total() const { return total_; }

private:
    static constexpr int sub_bits = 6;
    static constexpr std::uint64_t sub_count = 1U << sub_bits;

    static std::size_t bucket_of(std::uint64_t value) {
        if (value < sub_count)
            return value;
        auto const shift = std::bit_width(value) - 1 - sub_bits;
        return static_cast<std::size_t>((static_cast<std::uint64_t>(shift + 1) << sub_bits) +
                                        ((value >> shift) & (sub_count - 1)));
    }

    static std::uint64_t value_of(std::size_t bucket) {
        if (bucket < sub_count)
            return bucket;
        auto const shift = (bucket >> sub_bits) - 1;
        return (sub_count + (bucket & (sub_count - 1))) << shift;
    }

    std::array<std::uint64_t, (64 - sub_bits + 1) * sub_count> counts_{};
    std::uint64_t total_{0};
};

} // namespace kontor::bench

#pragma once

/// Histogram of latencies in nanoseconds, with a relative error under 2 %.   Thread: one.

#include "platform/telemetry/buckets.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

namespace kontor::bench {

class Histogram {
public:
    void record(std::chrono::nanoseconds latency) {
        auto const value = static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0));
        ++counts_[Buckets::bucket_of(value)];
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
    using Buckets = telemetry::Buckets<6>;

    static std::uint64_t value_of(std::size_t bucket) {
        return bucket == 0 ? 0 : Buckets::end_of(bucket - 1);
    }

    std::array<std::uint64_t, Buckets::count> counts_{};
    std::uint64_t total_{0};
};

} // namespace kontor::bench

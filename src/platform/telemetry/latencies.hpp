#pragma once

/// Latencies: how long many things took, with a relative error under 1 %.   Thread: one.

#include "base/instant.hpp"
#include "platform/telemetry/buckets.hpp"

#include <array>
#include <cstdint>

namespace kontor::telemetry {

class Latencies {
public:
    void record(Duration took) {
        auto const us =
            static_cast<std::uint64_t>(took.in_microseconds() < 0 ? 0 : took.in_microseconds());
        ++counts_[Buckets::bucket_of(us)];
        ++total_;
        longest_ = us > longest_ ? us : longest_;
    }

    /// What `percent` of the recorded ones did not exceed; zero where there are none.
    Duration percentile(double percent) const;
    Duration longest() const { return Duration::microseconds(static_cast<std::int64_t>(longest_)); }
    std::uint64_t total() const { return total_; }

private:
    using Buckets = telemetry::Buckets<7>;

    std::array<std::uint64_t, Buckets::count> counts_{};
    std::uint64_t total_{0};
    std::uint64_t longest_{0};
};

} // namespace kontor::telemetry

#include "platform/telemetry/latencies.hpp"

#include <algorithm>
#include <cmath>

namespace kontor::telemetry {

Duration Latencies::percentile(double percent) const {
    auto const wanted = static_cast<std::uint64_t>(
        std::ceil(std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(total_)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < counts_.size() && total_ > 0; ++bucket) {
        seen += counts_[bucket];
        if (seen >= std::max<std::uint64_t>(wanted, 1))
            return Duration::microseconds(
                static_cast<std::int64_t>(std::min(Buckets::end_of(bucket) - 1, longest_)));
    }
    return {};
}

} // namespace kontor::telemetry

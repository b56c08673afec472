#pragma once

/// How webhooks stand, for those who ask about them on another thread.

#include "domain/values/ids.hpp"

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace kontor::services::hooks {

struct LaneFigures {
    WebhookId webhook{};
    std::uint64_t lag_events{0}; ///< facts that were not looked at for it yet
    std::uint64_t waiting{0};    ///< deliveries that have not ended
    std::uint32_t book{1};       ///< in which its last page stands, or its next one
};

/// Tries by their outcome; `throttled` and the like are failures.
struct TryCounts {
    std::uint64_t delivered{0};
    std::uint64_t failed{0};
    std::uint64_t exhausted{0};
    std::uint64_t gone{0};
    std::uint64_t dropped{0};
};

/// Written by the runner's thread, read by any.
class Figures {
public:
    void put(std::vector<LaneFigures> lanes, TryCounts const& counts) {
        std::lock_guard const guard(mutex_);
        lanes_ = std::move(lanes);
        counts_ = counts;
    }
    std::vector<LaneFigures> lanes() const {
        std::lock_guard const guard(mutex_);
        return lanes_;
    }
    TryCounts counts() const {
        std::lock_guard const guard(mutex_);
        return counts_;
    }
    std::optional<LaneFigures> lane_of(WebhookId webhook) const {
        for (auto const& lane : lanes())
            if (lane.webhook == webhook)
                return lane;
        return std::nullopt;
    }

private:
    mutable std::mutex mutex_;
    std::vector<LaneFigures> lanes_; ///< by webhook; guarded by `mutex_`
    TryCounts counts_;               ///< guarded by `mutex_`
};

} // namespace kontor::services::hooks

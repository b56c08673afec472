#pragma once

/// Rate limits by GCRA: a caller may do so many things in a window, at once or spread over it, and
/// what was used comes back evenly. One number a caller is all that is kept.
/// Source: ATM Forum TM 4.1, the virtual scheduling form of the generic cell rate algorithm; header
/// fields of draft-ietf-httpapi-ratelimit-headers-10.

#include "base/assert.hpp"
#include "base/instant.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace kontor::resilience {

/// So many in each window; after a pause all of them at once.
struct Quota {
    std::uint32_t count_max{};
    Duration window{};
};

struct RateVerdict {
    bool is_allowed{};
    std::uint32_t remaining{}; ///< could be taken now
    Duration reset{};          ///< until all are there again
    Duration retry_after{};    ///< until one is there, when refused
};

/// When all that a caller has used will have come back: the theoretical arrival time.
using UsedUntil = Duration;

/// Takes one, if there is one, and says what is left.   Requires: a quota of at least one.
constexpr RateVerdict take_one(UsedUntil& used, Quota quota, Duration now) {
    KONTOR_ASSERT(quota.count_max > 0, "a quota of {}", quota.count_max);
    auto const window = quota.window.in_microseconds();
    auto const each = std::max<std::int64_t>(window / quota.count_max, 1);
    auto const begun = std::max(used, now);
    auto const wanted = begun + Duration::microseconds(each);
    auto const excess = (wanted - now).in_microseconds() - window;
    if (excess > 0)
        return {false, 0, begun - now, Duration::microseconds(excess)};
    used = wanted;
    return {true, static_cast<std::uint32_t>(-excess / each), wanted - now, {}};
}

/// What each of many callers has used. Callers that have nothing used are not kept. When more come
/// than are kept, those who do not fit share one quota, so that many names are no way around it.
/// Thread: one.
template <class Key, class Hash = boost::hash<Key>>
class RateLimiter {
public:
    explicit RateLimiter(std::size_t callers_max) : callers_max_(callers_max) {}

    RateVerdict take(Key const& key, Quota quota, Duration now) {
        auto found = callers_.find(key);
        if (found == callers_.end()) {
            if (callers_.size() >= callers_max_)
                forget_rested(now);
            if (callers_.size() >= callers_max_)
                return take_one(crowd_, quota, now);
            found = callers_.try_emplace(key).first;
        }
        return take_one(found->second, quota, now);
    }

    std::size_t size() const { return callers_.size(); }

private:
    /// A look at all of them, at most once a second.
    void forget_rested(Duration now) {
        if (now < next_look_)
            return;
        next_look_ = now + Duration::seconds(1);
        boost::unordered::erase_if(callers_, [&](auto const& each) { return each.second <= now; });
    }

    std::size_t const callers_max_;
    boost::unordered_flat_map<Key, UsedUntil, Hash> callers_;
    UsedUntil crowd_{};
    Duration next_look_{};
};

} // namespace kontor::resilience

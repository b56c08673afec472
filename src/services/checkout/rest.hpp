#pragma once

/// Rest: how long somebody who could not be reached is left alone. Pure: the time is given to it.
/// Source: RELIABILITY section 8, "retry".

#include "services/checkout/limits.hpp"

#include <algorithm>
#include <optional>

namespace kontor::services {

class Rest {
public:
    /// Whether it is too early to ask. Units: `now` is monotonic, as of all here.
    bool holds(Duration now) const { return until_ && now < *until_; }
    std::optional<Duration> until() const { return until_; }

    void failed(Duration now) {
        length_ = std::clamp(length_ + length_, provider_rest_min, provider_rest_max);
        until_ = now + length_;
    }
    void succeeded() { *this = {}; }

private:
    std::optional<Duration> until_{};
    Duration length_{};
};

} // namespace kontor::services

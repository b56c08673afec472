#pragma once

/// Load shedding: when more comes than is done, the least urgent is refused first, early and
/// cheaply, so that what is most urgent is still done in time.
/// Source: RELIABILITY section 8.

#include "base/assert.hpp"
#include "base/describe.hpp"
#include "base/instant.hpp"
#include "base/random.hpp"

#include <algorithm>
#include <cstdint>

namespace kontor::resilience {

/// From what can wait to what cannot.
enum class Urgency : std::uint8_t { analytics, browse, status, checkout };
BOOST_DESCRIBE_ENUM(Urgency, analytics, browse, status, checkout)

/// What waits to be done, how long the oldest has waited, and how much was done and is not followed
/// yet by those who bring it to its end. Units of that: facts. A machine with two cores follows
/// about 50,000 a second.
struct Load {
    std::size_t waiting{};
    std::size_t waiting_max{4096};
    Duration age{};
    Duration age_max{Duration::seconds(1)};
    std::uint64_t backlog{};
    std::uint64_t backlog_max{100'000};
};

/// How full it is, by number, age or backlog, whichever is worst. Units: thousandths; 1000 is full.
constexpr std::int64_t fullness(Load const& load) {
    auto const by_number = static_cast<std::int64_t>(load.waiting * 1000 / load.waiting_max);
    auto const by_age = load.age.in_microseconds() * 1000 / load.age_max.in_microseconds();
    auto const by_backlog = static_cast<std::int64_t>(load.backlog * 1000 / load.backlog_max);
    return std::max({by_number, by_age, by_backlog});
}

/// From this fullness on such a request is refused.
constexpr std::int64_t shed_from(Urgency urgency) {
    switch (urgency) {
    case Urgency::analytics: return 500;
    case Urgency::browse: return 700;
    case Urgency::status: return 850;
    case Urgency::checkout: return 1000;
    }
    KONTOR_UNREACHABLE();
}

constexpr bool is_shed(Urgency urgency, Load const& load) {
    return fullness(load) >= shed_from(urgency);
}

/// When to come back, spread so that they do not all come back together. Units: seconds.
inline int retry_after_seconds(Random& dice) {
    constexpr std::uint64_t spread = 4;
    return 1 + static_cast<int>(dice.below(spread));
}

} // namespace kontor::resilience

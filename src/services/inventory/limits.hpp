#pragma once

/// The limits of inventory's runner, with what happens at each.

#include "base/instant.hpp"

#include <cstddef>

namespace kontor::services {

/// Requests that wait for the desk's inbox. At the limit no further hold is let go, and the log is
/// read no further, until some are taken.
inline constexpr std::size_t expiries_waiting_max = 1024;

/// Events read from the log in one go.
inline constexpr std::size_t reservation_page_events_max = 1024;

/// After a start no hold is let go for so long: what was paid while nobody listened comes first.
inline constexpr Duration holds_rest_at_start = Duration::seconds(60);

} // namespace kontor::services

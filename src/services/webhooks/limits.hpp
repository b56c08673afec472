#pragma once

/// Limits of webhooks, and what happens at them.

#include "base/instant.hpp"
#include "platform/webhooks/limits.hpp"

#include <cstddef>
#include <cstdint>

namespace kontor::services::hooks {

/// No more are added then.
inline constexpr std::size_t webhooks_max = 100;

/// Calls to one receiver at a time; more wait in its lane.
inline constexpr std::size_t in_flight_max = 4;

/// Nobody's calls take room from another's: each lane may always make its own.
inline constexpr std::size_t calls_max = webhooks_max * in_flight_max;

/// Deliveries that a lane has in hand. With so many it reads no further: the log keeps the rest.
inline constexpr std::size_t waiting_max = 64;
static_assert(in_flight_max <= waiting_max);

/// Tries that are in no page yet. With so many a lane starts no more until a page is kept.
inline constexpr std::size_t tries_unkept_max = 128;
static_assert(in_flight_max <= tries_unkept_max);

/// Pages are so much apart, unless many tries wait for one: what was delivered since the last page
/// is delivered again after a crash.
inline constexpr Duration pages_apart = Duration::seconds(1);
inline constexpr std::size_t tries_of_page = 64;
static_assert(tries_of_page <= tries_unkept_max);

/// A lane that only read keeps a page after so many facts: a restart reads them again.
inline constexpr std::uint64_t read_unkept_max = 10'000;

/// Facts of the log that are looked at before deliveries go on.
inline constexpr std::size_t page_events_max = 1'024;

/// Of an answer, as it is kept.
inline constexpr std::size_t answer_shown_max = 256;

} // namespace kontor::services::hooks

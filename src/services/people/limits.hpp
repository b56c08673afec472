#pragma once

/// How much the keeper of keys does at a time.

#include "base/instant.hpp"

#include <cstddef>
#include <cstdint>

namespace kontor::services {

/// Events of one page.
inline constexpr std::size_t people_page_events_max = 4096;

/// Owners and erasures seen at a start before they are written down.
inline constexpr std::size_t people_unwritten_max = 8192;

/// Whose keys became whose is written so often, where there is any. A crash costs the next start
/// so much of the log to read; an erasure is written at once.
inline constexpr Duration people_written_every = Duration::seconds(1);

/// So many facts without any make it worth to write down how far they were followed.
inline constexpr std::uint64_t people_events_unwritten_max = 250'000;

} // namespace kontor::services

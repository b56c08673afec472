#pragma once

/// The limits of the router, with what happens at each.

#include "platform/messaging/queues/limits.hpp"

#include <cstddef>
#include <cstdint>

namespace kontor::router {

/// Facts that are read at once. What lies behind them is read next.
inline constexpr std::size_t page_events_max = 1024;

/// When so many letters, or so many bytes of them, are ready they are sent, and reading goes on
/// behind them: nobody else gets at the queues meanwhile, the log's writer least of all. What one
/// fact brings beyond them goes into further commits.
inline constexpr std::size_t letters_of_commit_goal = 100;
inline constexpr std::size_t bytes_of_commit_goal = std::size_t{64} << 10;

/// Facts that ask for nothing are passed over without writing; after so many the position is
/// written all the same, so that a start does not read them again.
inline constexpr std::uint64_t quiet_events_max = 10'000;

/// Messages in a queue that nobody empties. At the limit the router waits, with everything: nothing
/// is dropped, and how far it is behind can be seen.
inline constexpr std::uint64_t backlog_max = 5'000'000;

/// Lines of an order that are shown; of a larger one it is said how many there are.
/// Source: DOMAIN section 10.
inline constexpr std::size_t lines_shown_max = 200;

static_assert(backlog_max > queues::in_flight_max, "who receives is held up by its own limit");

} // namespace kontor::router

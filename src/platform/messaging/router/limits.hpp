#pragma once

/// The limits of the router, with what happens at each.

#include "platform/messaging/queues/limits.hpp"

#include "base/instant.hpp"

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

/// Subscriptions by URL, of all topics together: no more are made then. Each may always make its
/// own calls, so nobody's take room from another's; what does not fit into them waits in its queue.
inline constexpr std::size_t web_subscriptions_max = 100;
inline constexpr std::size_t web_calls_of_subscription_max = 4;
inline constexpr std::size_t web_calls_max = web_subscriptions_max * web_calls_of_subscription_max;

/// Messages that wait for one endpoint outside. What comes then is a dead letter, so that an
/// endpoint that is gone holds up nobody.   Source: as lanes::waiting_max.
inline constexpr std::uint64_t web_waiting_max = 10'000;
static_assert(web_waiting_max < backlog_max, "the router never waits for an endpoint outside");

/// So long one may wait there, which no policy comes near: then it expires, as in any queue, and is
/// counted.
inline constexpr Duration web_waits_for = Duration::days(14);

/// How long an endpoint may take to answer.   Source: Amazon SNS Developer Guide: 15 seconds.
inline constexpr Duration web_answer_within = Duration::seconds(15);
/// So long a message is in the courier's hands; an answer has come, or never will.
inline constexpr Duration web_held_for = Duration::seconds(60);
static_assert(web_held_for > web_answer_within + web_answer_within);
/// Who subscribes and who goes is looked at so often; until then they wait.
inline constexpr Duration web_looks_apart = Duration::seconds(1);

/// Lines of an order that are shown; of a larger one it is said how many there are.
/// Source: DOMAIN section 10.
inline constexpr std::size_t lines_shown_max = 200;

static_assert(backlog_max > queues::in_flight_max, "who receives is held up by its own limit");

} // namespace kontor::router

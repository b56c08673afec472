#pragma once

/// Limits of buses, rules and replays. Whoever asks for more is refused by name.
/// Source: MESSAGING section 4; EventBridge quotas.

#include "platform/routing/limits.hpp"

#include "base/instant.hpp"

#include <cstddef>

namespace kontor::bus {

inline constexpr std::size_t source_size_max = 256;
inline constexpr std::size_t detail_type_size_max = 128;

/// Events that an Exchange keeps; beyond it entries are throttled.
inline constexpr std::size_t log_events_max = 1'000'000;

inline constexpr std::size_t buses_max = 100;
inline constexpr std::size_t archives_max = 100;
inline constexpr std::size_t replays_running_max = 10;
/// Of replays that have ended; the oldest is forgotten.
inline constexpr std::size_t replays_kept_max = 1'000;

inline constexpr std::size_t bus_name_size_max = 256;
inline constexpr std::size_t rule_name_size_max = 64;
inline constexpr std::size_t archive_name_size_max = 48;
inline constexpr std::size_t description_size_max = 512;

inline constexpr std::uint32_t tries_max = 185;
inline constexpr std::uint32_t age_seconds_min = 60;
inline constexpr std::uint32_t age_seconds_max = 86'400;
inline constexpr Duration first_wait = Duration::seconds(1);
inline constexpr Duration longest_wait = Duration::minutes(10);

/// An event that a bus hands to another bus, and that to a third, ends somewhere.
inline constexpr std::uint32_t hops_max = 4;

inline constexpr std::size_t replay_events_a_second = 500;
/// What one step gives at most, however long the last one is ago.
inline constexpr std::size_t replay_events_of_step_max = 500;
/// What one step looks at in the log.
inline constexpr std::size_t replay_looks_of_step_max = 10'000;
/// What a call that describes an archive looks at in the log. Beyond it the count is of what was
/// looked at, and the next call goes on there.
inline constexpr std::size_t archive_looks_of_call_max = 10'000;

static_assert(first_wait < longest_wait);
static_assert(replay_events_of_step_max <= replay_looks_of_step_max);

} // namespace kontor::bus

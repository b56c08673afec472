#pragma once

/// The limits of whoever runs the order process, with what happens at each.

#include "base/instant.hpp"

#include <cstddef>

namespace kontor::services {

/// Requests that wait for the desk's inbox. At the limit the runner reads no further in the log
/// until some are taken.
inline constexpr std::size_t waiting_requests_max = 1024;

/// Calls that wait for the provider. At the limit likewise.
inline constexpr std::size_t waiting_calls_max = 1024;

/// Events read from the log in one go.
inline constexpr std::size_t page_events_max = 1024;

/// After a start the deadlines of orders that were open wait so long, so that what the provider has
/// to say comes first. Orders of the new life wait for nobody.
inline constexpr Duration deadlines_rest_at_start = Duration::seconds(60);

/// Provider answers taken in one go.
inline constexpr std::size_t answers_max = 1024;

/// How long the provider is left alone after it could not be reached: twice as long each time, from
/// the least to the most. The calls wait in their sequence; there is one caller, so no dice keep
/// several apart.
inline constexpr Duration provider_rest_min = Duration::milliseconds(50);
inline constexpr Duration provider_rest_max = Duration::seconds(20);

/// A fact causes at most a few requests, so that a page more fits into memory whenever reading goes
/// on.
static_assert(page_events_max <= waiting_requests_max);

} // namespace kontor::services

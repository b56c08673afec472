#pragma once

/// Where things stand: in the log, in a stream, and what type a stored event has. None mixes with
/// another.

#include "domain/values/event_type.hpp"

#include "base/strong.hpp"

#include <cstddef>
#include <cstdint>

namespace kontor::ports {

/// A place in the log: counts events from 1; 0 is before the first.
using Position = Strong<struct PositionTag, std::uint64_t>;

/// A place in one stream: counts its events from 1; 0 is before the first.
using StreamVersion = Strong<struct StreamVersionTag, std::uint64_t>;

using kontor::EventType;

/// How many at most. Every read says so.
using Limit = Strong<struct LimitTag, std::size_t>;

} // namespace kontor::ports

#pragma once

/// EventType: the stored number of an event's name and version ("order.placed", 1). Codec owns the
/// table (codec/event_types.hpp); a number is never used again for something else.

#include "base/strong.hpp"

#include <cstdint>

namespace kontor {

using EventType = Strong<struct EventTypeTag, std::uint16_t>;

} // namespace kontor

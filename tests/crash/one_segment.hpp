#pragma once

/// A store whose log fits into one segment, for who is tested behind it: its disk has no more
/// changes than the log asks for.

#include "adapters/embedded/event_store.hpp"

namespace kontor::crash {

/// Errors: as embedded::EventStore::open.
inline Result<std::unique_ptr<embedded::EventStore>>
open_one_segment(ports::Disk& disk, Clock& clock, Faults& faults) {
    journal::Limits limits;
    limits.segment_bytes = 1U << 20;
    limits.spares = 0;
    limits.free_bytes_min = 0;
    return embedded::EventStore::open(disk, clock, faults, {limits, {}, Id128(1, 2)});
}

} // namespace kontor::crash

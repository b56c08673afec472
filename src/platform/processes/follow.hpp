#pragma once

/// How a follower reads on in the log.

#include "base/result.hpp"
#include "ports/event_store.hpp"

namespace kontor::processes {

/// Shows `see(page, event)` what comes behind `position`, at most a page of it, in the sequence of
/// the log. `position` goes along: it is that of the last event that was seen without a failure.
/// Returns how many events that were; none: the end.
/// Errors: what `see` says; unavailable, corrupt.   Thread: the follower's.
template <class See>
Result<std::size_t> follow(ports::EventStore& store, ports::Position& position, ports::Limit limit,
                           See&& see) {
    KONTOR_TRY(auto const page, store.read_log(position, limit));
    for (auto const& event : page.events) {
        KONTOR_TRY(see(page, event));
        position = event.position;
    }
    return page.events.size();
}

} // namespace kontor::processes

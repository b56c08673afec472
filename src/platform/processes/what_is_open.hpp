#pragma once

/// What a follower of open business reads when it starts: not the whole log, but the commits of
/// streams that were not at rest at some position, and the log behind it.

#include "platform/processes/follow.hpp"

#include <optional>

namespace kontor::processes {

/// How often reading begins again because what it read from is gone: a newer checkpoint took its
/// place. At the limit the store is called unavailable.
inline constexpr int open_attempts_max = 8;

/// One reading of what is open; empty: what it read from went away meanwhile.
/// Errors: as read_what_is_open.
template <class See>
Result<std::optional<ports::Position>> read_open_once(ports::EventStore& store, ports::Limit limit,
                                                      See see) {
    ports::Position up_to{};
    ports::Position after{};
    for (;;) {
        auto const shown = store.read_open(up_to, after, limit);
        if (!shown && shown.error().kind == FailureKind::conflict)
            return std::optional<ports::Position>();
        if (!shown)
            return unexpected(shown.error());
        up_to = shown->up_to;
        if (shown->page.events.empty())
            return std::optional(up_to);
        for (auto const& event : shown->page.events) {
            KONTOR_TRY(see(shown->page, event));
            after = event.position;
        }
    }
}

/// Shows `see(page, event)` the events of all commits with a stream that was open, in the sequence
/// of the log, and returns the position to follow the log from. Commits are shown whole, so events
/// of streams at rest are among them, and those not from their first on. `forget()` comes first and
/// before each further attempt: what was seen until then does not count.
/// Errors: what `see` says; unavailable, corrupt.   Thread: the follower's.   Retry: safe.
template <class Forget, class See>
Result<ports::Position> read_what_is_open(ports::EventStore& store, ports::Limit limit,
                                          Forget forget, See see) {
    for (int attempt = 0; attempt < open_attempts_max; ++attempt) {
        forget();
        KONTOR_TRY(auto const end, read_open_once(store, limit, see));
        if (end)
            return *end;
    }
    return unexpected(
        Failure{FailureKind::unavailable, "what is open changes faster than it can be read"});
}

/// Shows what is open and the whole log behind it, to its end; returns the position of that end.
/// A follower that acts on what it saw last must see so far before it acts: what was done already
/// looks due as long as its fact is not seen.
/// Errors: what `see` says; unavailable, corrupt.   Thread: the follower's.   Retry: safe.
template <class Forget, class See>
Result<ports::Position> catch_up(ports::EventStore& store, ports::Limit limit, Forget forget,
                                 See see) {
    KONTOR_TRY(auto position, read_what_is_open(store, limit, forget, see));
    for (;;) {
        KONTOR_TRY(auto const events, follow(store, position, limit, see));
        if (events == 0)
            return position;
    }
}

} // namespace kontor::processes

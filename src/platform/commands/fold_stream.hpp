#pragma once

/// What the facts of a stream add up to, read from the log.   Thread: any that may read the store.

#include "base/shapes.hpp"
#include "platform/commands/aggregate.hpp"
#include "ports/event_store.hpp"

#include <utility>

namespace kontor::commands {

inline constexpr ports::StreamVersion newest_version(~std::uint64_t{0});

/// Facts as the log has them.
struct AsStored {
    /// Errors: none.
    Result<void> operator()(auto&, EventId) const { return {}; }
};

/// Where a stream is read from, and how far.
struct StreamSource {
    ports::EventStore& store;
    ports::StreamVersion last{newest_version};
};

/// Folds a stream into `state`, the initial one, and says in `version` where it stands then.
/// `open(event, id)` may open what of a fact is sealed.
/// Errors: unavailable, corrupt (an event of the stream does not decode), what `open` says; then
///         the state has a part of the stream.
template <Folded A, class Open>
Result<void> fold_stream_into(StateOf<A>& state, ports::StreamVersion& version, KeyOf<A> const& key,
                              StreamSource const& from, Open const& open) {
    constexpr ports::Limit page_size(1024);
    auto const stream = A::stream(key);
    for (;;) {
        auto const next = ports::StreamVersion(version.value() + 1);
        KONTOR_TRY(auto const& page, from.store.read_stream(stream, next, page_size));
        for (auto const& recorded : page.events) {
            if (recorded.version > from.last)
                return {};
            KONTOR_TRY(auto&& event, A::decode(recorded.type, recorded.payload));
            KONTOR_TRY(open(event, page.id_of(recorded)));
            evolve_in_place<typename A::Fold>(state, event);
            version = recorded.version;
        }
        if (page.events.size() < page_size.value())
            return {};
    }
}

/// Reads a stream and folds it.   Errors: as fold_stream_into.   Retry: safe.
template <Folded A, class Open = AsStored>
Result<std::pair<StateOf<A>, ports::StreamVersion>>
fold_stream(ports::EventStore& store, KeyOf<A> const& key,
            ports::StreamVersion last = newest_version, Open const& open = {}) {
    std::pair<StateOf<A>, ports::StreamVersion> folded{A::Fold::initial(), {}};
    KONTOR_TRY(fold_stream_into<A>(folded.first, folded.second, key, {store, last}, open));
    return folded;
}

} // namespace kontor::commands

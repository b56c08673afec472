#pragma once

/// RecentStates<A>: what the streams that were asked about lately add up to. Who asks again has
/// only that folded which came since, however long the stream is.
///
/// Limit: `capacity` states; at the limit those go that were not asked about for longest.
/// Thread: one.

#include "platform/commands/fold_stream.hpp"
#include "platform/commands/shelf.hpp"

namespace kontor::commands {

template <Folded A>
class RecentStates {
public:
    explicit RecentStates(std::size_t capacity) : shelf_(capacity) {}

    /// The state after `last`, or as it is now. What it points to is good until the next call. Of
    /// a stream that does not exist it is the initial one, at version 0.
    /// Errors: as fold_stream.   Retry: safe.
    Result<Cell<A> const*> at(ports::EventStore& store, KeyOf<A> const& key,
                              ports::StreamVersion last = newest_version) {
        auto* cell = shelf_.find(key);
        if (cell == nullptr)
            cell = &shelf_.put(key);
        if (cell->version > last)
            return fold_past(store, key, last);
        auto const folded =
            fold_stream_into<A>(cell->state, cell->version, key, {store, last}, AsStored{});
        if (folded && cell->version != ports::StreamVersion{})
            return cell;
        shelf_.drop(key); // a part of a stream, or none at all
        KONTOR_TRY(folded);
        past_ = Cell<A>{key, A::Fold::initial(), {}};
        return &past_;
    }

private:
    Result<Cell<A> const*> fold_past(ports::EventStore& store, KeyOf<A> const& key,
                                     ports::StreamVersion last) {
        past_ = Cell<A>{key, A::Fold::initial(), {}};
        KONTOR_TRY(fold_stream_into<A>(past_.state, past_.version, key, {store, last}, AsStored{}));
        return &past_;
    }

    Shelf<A> shelf_;
    Cell<A> past_{}; ///< of which a newer state is kept, or that has no facts
};

} // namespace kontor::commands

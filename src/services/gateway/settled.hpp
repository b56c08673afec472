#pragma once

/// When what was written has settled: `Prefer: wait` holds an answer until then. An order that was
/// placed has settled when it is confirmed or off, and also when the buyer must do something: the
/// payment was declined, or wants a step at the bank. A refund has when the provider has said yes
/// or no, and so has what was asked of a payment by hand.

#include "services/gateway/asked.hpp"

namespace kontor::services::gateway {

/// The fact that settled it.
struct SettledBy {
    StreamId stream;
    ports::StreamVersion version;
    ports::Position position;
};

/// Whether what was written goes on by itself.   Errors: unavailable, corrupt.
Result<bool> is_settling(Parts& parts, Seen const& seen);

/// The first durable fact that settled it; empty: none yet.   Requires: is_settling.
/// Errors: unavailable, corrupt.
Result<std::optional<SettledBy>> settled_by(Parts& parts, Seen const& seen);

/// Where an event stands in the log.   Errors: unavailable, corrupt (no such event).
Result<ports::Position> position_of(ports::EventStore& log, StreamId const& stream,
                                    ports::StreamVersion version);

} // namespace kontor::services::gateway

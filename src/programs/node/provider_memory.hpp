#pragma once

/// The sandbox provider keeps its book in memory alone. When a program starts, the log tells it
/// what it did, so that money it held yesterday can be captured today.

#include "adapters/payments/sandbox.hpp"
#include "ports/event_store.hpp"

namespace kontor::programs {

/// Reads the whole log.   Errors: unavailable, corrupt.
Result<void> remember_payments(ports::EventStore& store, payments::Sandbox& provider);

} // namespace kontor::programs

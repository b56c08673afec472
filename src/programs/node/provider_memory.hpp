#pragma once

/// The sandbox provider keeps its book in memory alone. When a program starts, the log tells it
/// what it did with payments that somebody waits for, so that money it held yesterday can be
/// captured today. Of payments at rest, however many there are, it reads when a call names one.

#include "adapters/payments/sandbox.hpp"
#include "ports/event_store.hpp"

namespace kontor::programs {

/// Reads what is open, and has the provider ask for the rest. The store outlives the provider.
/// Errors: unavailable, corrupt.
Result<void> remember_payments(ports::EventStore& store, payments::Sandbox& provider);

} // namespace kontor::programs

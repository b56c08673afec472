#pragma once

/// What people are asked about orders, straight from the log: for a shop whose read models are not
/// at hand.   Thread: the command's.

#include "programs/kontor/program.hpp"

#include "ports/event_store.hpp"

namespace kontor::programs {

/// Everything that was asked about one order, open or not, as rows.
/// Errors: unavailable, corrupt.
Result<std::vector<boost::json::object>> attention_of(ports::EventStore& store, OrderId order);

/// Shows rows of one order for people, if there are any.
void show_attention(Program& program, std::vector<boost::json::object> const& rows);

/// Lists what is open, of all orders.   Errors: unavailable, corrupt.
Outcome list_attention(Program& program, ports::EventStore& store, std::size_t limit);

} // namespace kontor::programs

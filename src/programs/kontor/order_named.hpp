#pragma once

/// The order that somebody means: by its id, or by the number that people read to each other.
/// Thread: any.

#include "domain/values/ids.hpp"
#include "ports/event_store.hpp"
#include "programs/kontor/trouble.hpp"

#include <string>

namespace kontor::programs {

/// That it can be one.   Errors: invalid (malformed).
Result<void, Trouble> check_names_order(std::string const& text);

/// Errors: invalid (malformed), not_found (unknown_order; also: several have this number),
///         unavailable, corrupt.
Result<OrderId, Trouble> order_named(ports::EventStore& store, std::string const& text);

} // namespace kontor::programs

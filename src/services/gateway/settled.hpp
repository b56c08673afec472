#pragma once

/// When an order that was just placed has settled: `Prefer: wait` holds an answer until then.

#include "services/gateway/asked.hpp"

namespace kontor::services::gateway {

/// Whether what was written goes on by itself: an order that was created or is being changed.
bool is_settling(Seen const& seen);

/// The version at which it first settled after it was written, as far as it is durable; empty: not
/// yet.   Errors: unavailable, corrupt.
Result<std::optional<ports::StreamVersion>> settled_version(Parts& parts, Seen const& seen);

} // namespace kontor::services::gateway

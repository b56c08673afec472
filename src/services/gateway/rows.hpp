#pragma once

/// Where the read models' rows are found.   Thread: the edge's.

#include "services/gateway/route.hpp"

#include "ports/rows.hpp"

namespace kontor::services::gateway {

/// Requires: not Model::none.
ports::ModelShape const& shape_of(Model model);

} // namespace kontor::services::gateway

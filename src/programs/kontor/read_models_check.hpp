#pragma once

/// What the read models beside a log say of it. They follow the log and are never ahead of it: rows
/// that are show that its end was lost.

#include "programs/kontor/open_log.hpp"
#include "services/views/upkeep.hpp"

#include <vector>

namespace kontor::programs {

/// The read models that lie in a data directory; none where nobody built one. Looking makes
/// nothing; a model that cannot be read is left out: it can be built anew.
std::vector<services::views::ModelStatus> models_beside(OpenLog const& log);

/// The name of a read model of this log that has seen more of it than is there.
std::optional<std::string> rows_beyond(OpenLog const& log);

} // namespace kontor::programs

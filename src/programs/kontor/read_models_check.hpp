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
/// The same for a log that nobody has opened: its data directory, its lineage, its end.
std::optional<std::string> rows_beyond(std::string const& directory, Id128 lineage,
                                       ports::Position last);

/// What to say of a log whose end is gone, as the rows of `model` show.
Trouble log_is_cut(std::string const& directory, ports::Position last, std::string const& model);

} // namespace kontor::programs

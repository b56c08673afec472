#pragma once

/// The read models of a running shop, asked over HTTP: the same commands as on a closed directory.
/// Thread: one.

#include "programs/kontor/remote.hpp"

namespace kontor::programs {

/// Errors: as Remote::send.
Outcome list_projections_there(Program& program, Remote& remote);
Outcome show_projection_there(Program& program, Remote& remote, std::string const& name);

/// Begins the work and waits until it is done; of all of them when none is named.
/// Errors: as Remote::send; corrupt (verify: the rows are not what the log adds up to).
Outcome rebuild_projections_there(Program& program, Remote& remote, std::string const& name);
Outcome verify_projections_there(Program& program, Remote& remote, std::string const& name);

} // namespace kontor::programs

#pragma once

/// What operators do leaves an entry in the audit record: who, what, why, before and after. Work
/// for the desk brings its entry into its own append. What changes a file, and no stream, is done
/// once its entry is durable, also when its client went away meanwhile: a crash between leaves an
/// entry of what was not done, never a deed without an entry.
/// Thread: the edge's.   Source: INTERFACES section 5, "every write is audited".

#include "services/gateway/asked.hpp"

namespace kontor::services::gateway {

/// Whether the request leaves an entry: an operator's write that the console alone offers, or that
/// wants a reason.
bool is_audited(Asked const& asked);

/// The answer of a route's code, with the entry where one is due.
Served with_note(Parts& parts, Asked& asked, Served served);

/// An operator's write that is no work for the desk.
struct Deed {
    std::optional<std::string> before{}; ///< the object as JSON; none: there was none
    std::optional<std::string> after{};
    /// Does it, and says what is answered.
    std::function<Result<Reply, Trouble>()> effect;
};
/// The entry goes to the desk; the effect comes once it is durable. It is done each time it is
/// asked for: a repeated key is not remembered.
Served after_note(Asked& asked, Deed deed);

} // namespace kontor::services::gateway

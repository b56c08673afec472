#pragma once

/// What the simulator's checkers say of the log of a benchmark: folds that share no code with the
/// shop.

#include "ports/event_store.hpp"

#include <string>

namespace kontor::bench {

/// Reads the whole log and holds it to I1 (no shelf is oversold), I2 (money, payment by payment and
/// to the last cent of each order), I3 (each order ends once, and nothing of it is under way), I4,
/// I5 (commands and versions, each once and in sequence) and I15 (no deadline comes early).
/// Returns: what was checked, in a sentence. A violation is a defect.
/// Requires: everybody who writes the log is at rest.
std::string judge(ports::EventStore& store);

} // namespace kontor::bench

#pragma once

/// The rules of the edge once more, read the slow and plain way: the oracle of the mutated
/// requests. It shares nothing with the edge but the rules.

#include "tests/http/client_of_session.hpp"

namespace kontor::testing {

/// The requests that stand in `bytes`, up to the first that must be refused. `refusal` is "yes"
/// when one must be, and empty otherwise: the rest may be the begin of something.
Understood read_naively(std::string bytes);

} // namespace kontor::testing

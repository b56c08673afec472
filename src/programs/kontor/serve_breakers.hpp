#pragma once

/// ForcedBreakers: how people forced the breakers of a shop, kept in `keys/breakers` so that it
/// stays so over a restart: who asked us to be left alone is not called because a server ended.
///
///   payments open        a line for each that is forced; the others have none
///
/// Thread: the owner's, then the edge's.

#include "base/result.hpp"
#include "platform/resilience/circuit_breaker.hpp"

#include <map>
#include <string>
#include <string_view>

namespace kontor::programs {

class ForcedBreakers {
public:
    /// A file that does not say how is refused: to go on without it might call whom nobody may.
    /// Errors: invalid (with the line).
    static Result<ForcedBreakers> open(std::string const& directory);

    resilience::Forced of(std::string_view downstream) const;
    /// When it cannot be kept nothing changes.   Errors: unavailable.
    Result<void> keep(std::string_view downstream, resilience::Forced forced);

private:
    explicit ForcedBreakers(std::string file) : file_(std::move(file)) {}

    std::string file_;
    std::map<std::string, resilience::Forced, std::less<>> forced_;
};

} // namespace kontor::programs

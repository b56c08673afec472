#pragma once

/// What reading the sealed segments again has found.

#include "base/instant.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace kontor::journal {

struct Scrubbed {
    /// All that was sealed then has been read since; empty: never yet.
    std::optional<Instant> all_since{};
    std::uint64_t segments{0};     ///< read since the start
    std::vector<Failure> rotten{}; ///< those that did not check, at most rotten_noted_max
};

} // namespace kontor::journal

#pragma once

/// The hash of one row, as it counts in a model's digest: XXH3-128 over the number of its table and
/// each cell's kind, length and value.   Thread: one.
/// Source: M. Bellare, D. Micciancio, "A New Paradigm for Collision-Free Hashing" (1997), AdHash;
/// we guard against accidents, not forgers, so a fast hash serves.

#include "ports/read_models.hpp"

#include <cstdint>
#include <vector>

namespace kontor::projections {

class RowHasher {
public:
    ports::RowDigest operator()(std::size_t table, std::span<ports::Cell const> row);

private:
    std::vector<std::uint8_t> bytes_;
};

} // namespace kontor::projections

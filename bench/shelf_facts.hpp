#pragma once

/// Facts of stock items, for benchmarks that need a log of real facts: the fact of each version is
/// known, so what a fold must come to is known as well. Units come in hundreds; each unit is
/// promised, then leaves.

#include "ports/batch.hpp"
#include "services/shop/aggregates.hpp"

#include <vector>

namespace kontor::bench {

/// Shelf number `n` of the one warehouse.
services::StockKey shelf(std::size_t n);

/// The fact that is version `version` of a shelf, the first is 1.
stock::Event shelf_fact(std::size_t shelf_number, std::uint64_t version);

/// Units on a shelf that stands at a version.
std::int64_t units_on_hand(std::uint64_t version);

/// Names of shelves and the versions at which they stand.
class Shelves {
public:
    explicit Shelves(std::size_t count);

    std::size_t size() const { return versions_.size(); }
    StreamId const& stream(std::size_t n) const { return streams_[n]; }
    std::uint64_t version(std::size_t n) const { return versions_[n]; }

    /// Adds the next fact of a shelf to the open commit, which has none of this shelf yet.
    void add_next(ports::Batch& batch, std::size_t n);

private:
    std::vector<services::StockKey> keys_;
    std::vector<StreamId> streams_;
    std::vector<std::uint64_t> versions_;
};

} // namespace kontor::bench

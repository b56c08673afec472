#pragma once

/// RowsDigest: what the rows of a stored model add up to, read row by row, a bounded number at a
/// time. Compared with the digest in its checkpoint it finds rows that changed behind our back.
/// Thread: one. The model must not be written between the first step and the last.

#include "platform/projections/row_hash.hpp"

#include <string>

namespace kontor::projections {

class RowsDigest {
public:
    explicit RowsDigest(ports::ModelShape shape) : shape_(std::move(shape)) {}

    /// Reads at most `limit` rows more; how many it read. Zero: that was all.
    /// Errors: unavailable, corrupt.
    Result<std::size_t> step(ports::RowReader& reader, ports::Limit limit);

    bool is_done() const { return table_ == shape_.tables.size(); }
    /// Requires: is_done().
    ports::RowDigest digest() const { return digest_; }

private:
    struct KeptCell {
        ports::CellKind kind;
        std::int64_t number;
        std::string characters;
    };
    void keep_key(std::span<ports::Cell const> row);
    std::vector<ports::Cell> last_key() const;

    ports::ModelShape shape_;
    std::size_t table_{0};
    std::vector<KeptCell> last_key_{}; ///< of the last row read in this table
    ports::RowDigest digest_{};
    RowHasher hasher_{};
};

} // namespace kontor::projections

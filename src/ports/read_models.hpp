#pragma once

/// Read models: rows folded from the log, kept so that they can be asked. They are never the truth:
/// whatever is wrong with one, it is discarded and folded again.
///
/// Invariants: 1. Rows and checkpoint change in one transaction: what a reader sees is the fold of
///             the log up to the checkpoint's position, whole.
///             2. A commit that returned may be lost by a power cut, but then whole, and with
///             everything after it.
///             3. A rebuilt model replaces the live one whole, or not at all.

#include "ports/event_store.hpp"
#include "ports/rows.hpp"

#include "base/result.hpp"
#include "domain/values/id128.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kontor::ports {

/// The sum of the hashes of all rows, modulo 2^128: the same for the same rows in any sequence, and
/// kept up to date by adding what came and taking away what went.
struct RowDigest {
    std::uint64_t high{0};
    std::uint64_t low{0};

    constexpr RowDigest& operator+=(RowDigest const& other) {
        low += other.low;
        high += other.high + (low < other.low ? 1 : 0);
        return *this;
    }
    constexpr RowDigest& operator-=(RowDigest const& other) {
        high -= other.high + (low < other.low ? 1 : 0);
        low -= other.low;
        return *this;
    }
    friend constexpr bool operator==(RowDigest const&, RowDigest const&) = default;
};

/// How far a read model has come, and what its rows add up to there.
struct Checkpoint {
    Position position{}; ///< the last event that is in the rows
    Id128 lineage{};     ///< of the log that was followed; nil while logs have none
    RowDigest digest{};
    friend bool operator==(Checkpoint const&, Checkpoint const&) = default;
};

enum class Direction : std::uint8_t { ascending, descending };

/// Which rows to read, in the sequence of their keys.
struct Scan {
    std::size_t table;
    std::span<Cell const> prefix{}; ///< only keys that begin with these cells
    std::span<Cell const> after{};  ///< only keys beyond this whole key; empty: from the beginning
    Direction direction{Direction::ascending};
    Limit limit{1'000'000'000};
};

/// Gets one row; its cells live until it returns. False ends the scan.
using RowVisitor = std::function<bool(std::span<Cell const> row)>;

/// Reads one read model.   Thread: one at a time.
class RowReader {
public:
    virtual ~RowReader() = default;

    /// Errors: unavailable, corrupt.
    virtual Result<Checkpoint> checkpoint() = 0;

    /// Shows the row with this key. False: there is none.
    /// Errors: unavailable, corrupt.   Requires: a whole key.
    virtual Result<bool> find(std::size_t table, std::span<Cell const> key,
                              RowVisitor const& visit) = 0;

    /// Shows rows until the limit or the visitor ends it. One call sees one state of the model.
    /// Errors: unavailable, corrupt.
    virtual Result<void> scan(Scan const& scan, RowVisitor const& visit) = 0;
};

/// Writes one read model, and reads what it has written.   Thread: one at a time.
class ReadModel : public RowReader {
public:
    /// Puts and removes rows and moves the checkpoint, all or nothing.
    /// Errors: full (no space: nothing was taken), unavailable, corrupt, broken.
    virtual Result<void> commit(Changes const& changes, Checkpoint const& checkpoint) = 0;
};

/// A model as it was opened.
struct OpenedModel {
    std::unique_ptr<ReadModel> model;
    /// Why the rows that were there could not be used and are gone; empty: they were used, or there
    /// were none.
    std::string discarded{};
};

/// Where read models live.   Thread: any, but one model is opened, rebuilt and replaced by one.
class ReadModels {
public:
    virtual ~ReadModels() = default;

    /// Opens the live model for writing; makes an empty one where there is none, where the rows are
    /// of another version, and where the store cannot read its own file.
    /// Errors: unavailable (another writer has it), full, broken.
    virtual Result<OpenedModel> open(ModelShape const& shape) = 0;

    /// Begins an empty model beside the live one. An unfinished one of before is thrown away.
    /// Errors: unavailable, full, broken.
    virtual Result<std::unique_ptr<ReadModel>> begin_rebuild(ModelShape const& shape) = 0;

    /// Makes the rebuilt model durable and the live one, from now on and after any crash, and
    /// returns it open for writing. The model that it replaces may be gone (null) or closed.
    /// Errors: full, broken.   Requires: `rebuilt` came from begin_rebuild of the same shape.
    virtual Result<std::unique_ptr<ReadModel>> replace(ModelShape const& shape,
                                                       std::unique_ptr<ReadModel> live,
                                                       std::unique_ptr<ReadModel> rebuilt) = 0;

    /// Throws the live model away.   Errors: unavailable, broken.   Requires: it is not open.
    virtual Result<void> discard(ModelShape const& shape) = 0;

    /// Opens the live model for questions, beside its writer. The reader sees the model as it is
    /// now for as long as it lives: keep it for one question, a writer cannot tidy up behind it.
    /// Errors: not_found (nothing was ever built, or of another version), unavailable, corrupt.
    virtual Result<std::unique_ptr<RowReader>> read(ModelShape const& shape) = 0;
};

} // namespace kontor::ports

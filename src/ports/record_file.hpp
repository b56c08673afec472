#pragma once

/// RecordFile: records of one size, one behind the other, that are only ever added at the end. For
/// derived things that are rebuilt when they are lost; durable where somebody says so.
///
/// Invariant: a record that was added is never changed, so it may be read while others are added.

#include "base/result.hpp"

#include <cstdint>
#include <span>

namespace kontor::ports {

class RecordFile {
public:
    virtual ~RecordFile() = default;

    virtual std::size_t record_bytes() const = 0;

    /// Whole records.   Thread: any.
    virtual std::uint64_t count() const = 0;

    /// Requires: whole records.
    /// Errors:   unavailable; then none was added.   Thread: one, the writer's.
    virtual Result<void> add(std::span<std::uint8_t const> records) = 0;

    /// Fills `into` from the record of that number; the first is 0.
    /// Requires: whole records.
    /// Errors:   unavailable, corrupt (it ends before).   Thread: any.   Retry: safe.
    virtual Result<void> read(std::uint64_t first, std::span<std::uint8_t> into) const = 0;

    /// Forgets what stands behind the first `count` records.
    /// Errors:   unavailable.   Thread: the writer's.
    virtual Result<void> cut(std::uint64_t count) = 0;

    /// Makes what was added durable.
    /// Errors:   unavailable.   Thread: the writer's.
    virtual Result<void> sync() = 0;
};

} // namespace kontor::ports

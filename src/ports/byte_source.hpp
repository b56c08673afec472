#pragma once

/// ByteSource: bytes from outside that can be read more than once, from the first to the last: a
/// file that somebody hands us. What they mean is the reader's business.

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace kontor::ports {

class ByteSource {
public:
    virtual ~ByteSource() = default;

    /// What a person calls it: the file's name.
    virtual std::string_view name() const = 0;
    /// How many bytes it holds, where that is known beforehand.
    virtual std::optional<std::uint64_t> try_size() const = 0;
    /// Fills the beginning of `into` with the bytes that follow.
    /// Shape:    how many were read; 0 only at the end.   Requires: `into` is not empty.
    /// Errors:   unavailable (the medium refused).   Thread: one, may block.   Retry: not safe.
    virtual Result<std::size_t> read(std::span<char> into) = 0;
    /// Goes back to the first byte.
    /// Errors:   unsupported (a pipe cannot), unavailable.   Thread: one.
    virtual Result<void> rewind() = 0;
};

} // namespace kontor::ports

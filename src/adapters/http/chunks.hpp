#pragma once

/// ChunkReader: the body of a request in chunks, put together where it stands in the buffer. No
/// extensions, no trailers. Source: RFC 9112, section 7.1.
///
/// Invariant: however the bytes are cut into pieces, the body and its end are the same.

#include "adapters/http/faults.hpp"

#include <cstddef>
#include <optional>

namespace kontor::http {

class ChunkReader {
public:
    explicit ChunkReader(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

    /// A piece of a buffer: what was read of it, and how many bytes of body that gave.
    struct Progress {
        std::size_t bytes_read;
        std::size_t body_bytes;
        std::optional<Fault> fault{};
    };

    /// Reads as far as it can in [begin, end) and moves what belongs to the body to `body`, which
    /// lies at or before `begin`.
    Progress read(char const* begin, char const* end, char* body);

    bool is_complete() const { return phase_ == Phase::complete; }
    std::size_t body_bytes() const { return body_bytes_; }

private:
    enum class Phase : unsigned char {
        size,
        size_end,
        bytes,
        bytes_cr,
        bytes_lf,
        last_cr,
        last_lf,
        complete
    };

    std::optional<Fault> read_control(char c);
    std::optional<Fault> read_size(char c);

    std::size_t body_bytes_max_;
    std::size_t body_bytes_{0};
    std::size_t open_bytes_{0}; ///< of the chunk that is being read
    unsigned char digits_{0};
    Phase phase_{Phase::size};
};

} // namespace kontor::http

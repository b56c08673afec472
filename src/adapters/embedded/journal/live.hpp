#pragma once

/// What the journal remembers of streams and commands that were touched lately: heads, and where
/// the commits stand that no segment index covers yet.

#include "domain/values/ids.hpp"
#include "domain/values/stream_id.hpp"

#include <cstdint>

namespace kontor::journal {

/// A commit among the frames in memory.
struct CommitPlace {
    std::uint64_t frame;  ///< its number
    std::uint32_t record; ///< offset in the frame's body
    std::uint32_t commit; ///< offset in the record
};

/// One commit that wrote to a stream; together a chain from the newest to the oldest.
struct Posting {
    std::uint64_t previous; ///< number of the stream's posting before, 0: none
    std::uint64_t first_version;
    CommitPlace place;
};

struct LiveStream {
    std::uint64_t version{0};      ///< of its last accepted event
    std::uint64_t last_posting{0}; ///< number of its newest posting
    std::uint64_t name_append{0};  ///< the append whose record holds its name …
    std::uint32_t name_at{0};      ///< … at this offset
};

} // namespace kontor::journal

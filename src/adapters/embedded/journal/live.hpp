#pragma once

/// What the journal remembers of streams and commands that were touched lately: heads, and where
/// the commits stand that no segment index covers yet.

#include "domain/values/ids.hpp"
#include "domain/values/stream_id.hpp"

#include <array>
#include <cstdint>

namespace kontor::journal {

/// A commit among the frames in memory.
struct CommitPlace {
    std::uint64_t frame;  ///< its number
    std::uint32_t record; ///< offset in the frame's body
    std::uint32_t commit; ///< offset in the record
};

/// One commit that wrote to a stream, as the stream remembers it. Frame and version are cut to the
/// low half: both are counted back from the stream's newest.
struct Posting {
    std::uint32_t frame;
    std::uint32_t record;
    std::uint32_t commit;
    std::uint32_t first_version;
};

/// Three commits of a stream, one after the other, and how far back its four groups before stand,
/// so that many can be asked for at once: a cache line.
struct PostingGroup {
    std::array<Posting, 3> postings; ///< oldest first
    /// From each group to the one before it, newest first; 0: none.
    std::array<std::uint32_t, 4> steps;
};
static_assert(sizeof(PostingGroup) == 64);

struct LiveStream {
    std::uint64_t version{0};      ///< of its last accepted event
    std::uint64_t newest_frame{0}; ///< that holds one of its commits
    std::uint64_t last_group{0};   ///< number of its newest group of postings, 0: none
    std::uint64_t name_append{0};  ///< the append whose record holds its name …
    std::uint32_t name_at{0};      ///< … at this offset
    std::uint32_t loose_count{0};
    std::array<Posting, 2> loose{};       ///< newer than all groups, oldest first
    std::array<std::uint32_t, 4> steps{}; ///< as of the newest group
};

/// The number that stands at or before `newest` and has this low half.
constexpr std::uint64_t widen(std::uint32_t low, std::uint64_t newest) {
    return newest - static_cast<std::uint32_t>(newest - low);
}

} // namespace kontor::journal

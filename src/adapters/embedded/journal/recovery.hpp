#pragma once

/// Recovery: from files to a journal that goes on. Sealed segments are believed by their indexes;
/// the open segment is read whole. A frame that was torn in the crash, and only that one, is cut:
/// its bytes are kept aside and the space is zeroed. Any other damage stops the start and is named
/// by position, file and offset.
/// Source: RELIABILITY section 6.

#include "adapters/embedded/journal/writer.hpp"

namespace kontor::journal {

/// What was found torn and put aside.
struct Cut {
    std::uint64_t position; ///< that its first event would have had
    std::string place;
    std::uint64_t bytes;
    std::string kept_as; ///< the file that holds them
};

struct Recovered {
    std::optional<Tail> tail; ///< empty: there is no journal yet
    std::optional<Cut> cut;
    bool was_closed{false}; ///< the last program stopped cleanly
    std::size_t indexes_rebuilt{0};
    std::size_t checkpoints_refused{0};
    /// What is made of the log and did not check, each with its file and why.
    std::vector<std::string> made_anew{};
};

/// Fills `state` from its disk.
/// Errors:   corrupt, unsupported, unavailable, broken.
Result<Recovered> recover(State& state);

} // namespace kontor::journal

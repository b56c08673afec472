#pragma once

/// DerivedCheck: what is made of the log, held against the log while that is read: the index of
/// each sealed segment byte for byte against one made anew, filters and checkpoints by their
/// checksums and by what they must be of. It changes nothing, and what is not there is no damage.
///
/// Thread: one.

#include "adapters/embedded/journal/index_builder.hpp"
#include "adapters/embedded/journal/inventory.hpp"
#include "adapters/embedded/journal/verify.hpp"

namespace kontor::journal {

class DerivedCheck {
public:
    DerivedCheck(ports::Disk& disk, Inventory const& found) : disk_(disk), found_(found) {}

    /// A segment begins, at the head that goes on where `start` stands.
    void begin(Chain const& start, Id128 lineage);
    /// A frame of it.   Errors:   corrupt.
    Result<void> add(SegmentReader::Frame const& frame);
    /// It ends, and is sealed.   Units: `end` is the offset behind its last frame.
    /// Errors:   unavailable.
    Result<void> end(Chain const& next, std::uint64_t end);
    /// What is of several segments.   Errors:   unavailable.
    Result<void> finish();

    std::vector<Damage> take() { return std::move(damages_); }

private:
    Result<void> check_index(Blocks const& expected);
    Result<void> check_checkpoint(SegmentFacts const& facts);
    /// Keeps what is corrupt or of no form; other failures are the disk's.
    Result<void> note(Result<void> const& checked);

    ports::Disk& disk_;
    Inventory const& found_;
    Chain start_;
    std::optional<IndexBuilder> builder_;
    std::vector<Damage> damages_;
};

} // namespace kontor::journal

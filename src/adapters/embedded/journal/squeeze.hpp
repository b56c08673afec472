#pragma once

/// Squeeze: makes the dense or cold file of one sealed segment, beside the file it has now, in
/// steps. The new file gets its name when it is durable and was read back, frame by frame; the file
/// before is left as it is.
///
/// Thread: one.
/// Invariants: 1. Only frames that check go into the new file, and all of them do.
///             2. A file of the final name is whole, whenever the power fails.

#include "adapters/embedded/journal/dense_writer.hpp"
#include "adapters/embedded/journal/segment_index.hpp"

namespace kontor::journal {

class Squeeze {
public:
    /// Errors:   not_found, corrupt, unavailable, broken.
    static Result<Squeeze> begin(ports::Disk& disk, SegmentFiles& files,
                                 std::shared_ptr<SegmentIndex const> index, SegmentForm form);

    /// Takes or reads back `bytes` of the segment. True: the new file is there.
    /// Errors:   corrupt (the segment does not check, or what was written does not come back),
    ///           unavailable, broken.
    Result<bool> step(std::uint64_t bytes);

    std::uint64_t generation() const { return index_->facts().generation; }
    SegmentForm form() const { return form_; }
    SegmentForm form_before() const { return form_before_; }

private:
    Squeeze(ports::Disk& disk, std::shared_ptr<SegmentIndex const> index, SegmentReader reader,
            DenseWriter writer, SegmentForm form);
    /// Passes frames until `bytes` are passed. True: all were.
    Result<bool> walk(std::uint64_t bytes);
    Result<void> take_head();
    Result<void> read_back();

    ports::Disk* disk_;
    std::shared_ptr<SegmentIndex const> index_;
    SegmentReader reader_;
    std::optional<DenseWriter> writer_; ///< empty: what it wrote is read back
    SegmentForm form_;
    SegmentForm form_before_;
    Chain chain_;
};

} // namespace kontor::journal

#pragma once

/// DenseWriter: writes the file of a squeezed segment: frames without their padding, in blocks that
/// can be read alone.   Thread: one.

#include "adapters/embedded/journal/segment_file.hpp"

struct ZSTD_CCtx_s;

namespace kontor::journal {

class DenseWriter {
public:
    /// Begins the file of that name; `form` is dense or cold.
    /// Errors:   broken.
    static Result<DenseWriter> begin(ports::Disk& disk, std::string const& name, SegmentForm form);

    /// Takes the next frame of the segment, header and body.
    /// Errors:   broken.
    Result<void> add(std::uint64_t raw_offset, Bytes frame);

    /// What the whole segment is.
    struct Segment {
        Id128 lineage;
        std::uint64_t generation;
        std::uint64_t bytes; ///< of the raw file
        std::uint64_t end;   ///< offset in it behind the last frame
    };
    /// Writes the rest and makes it durable, which does not give it its name.
    /// Errors:   broken.
    Result<void> finish(Segment const& segment);

private:
    struct FreeContext {
        void operator()(ZSTD_CCtx_s* context) const;
    };

    DenseWriter(std::unique_ptr<ports::File> file, SegmentForm form);
    Result<void> close_block();
    Result<void> put_block(Bytes content);
    Result<void> put_bytes(Bytes bytes);

    std::unique_ptr<ports::File> file_;
    SegmentForm form_;
    std::unique_ptr<ZSTD_CCtx_s, FreeContext> context_;
    std::vector<std::uint8_t> block_; ///< being filled
    std::uint64_t block_at_{0};       ///< where it begins in the segment
    bool is_inside_a_frame_{false};
    std::vector<std::uint8_t> compressed_;
    std::vector<std::uint8_t> table_;
    std::uint64_t blocks_{0};
    Blocks piece_; ///< not yet written
    std::size_t piece_used_{0};
    std::uint64_t written_{0};
};

} // namespace kontor::journal

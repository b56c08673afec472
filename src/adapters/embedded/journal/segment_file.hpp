#pragma once

/// SegmentFile: the bytes of one segment as they were written, whatever form its file has now: raw,
/// as the log left it; dense, without the padding; cold, that and compressed. What was squeezed out
/// reads as zeros, so that every offset is the one it had: frames, links and indexes stay true.
///
/// Thread: any.
/// Invariants: 1. The file of a sealed segment never changes; a file that is replaced lives on for
///                those who have it open.
///             2. Every byte of a squeezed file is checked before it is believed.

#include "adapters/embedded/journal/bytes.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

struct ZSTD_DCtx_s;

namespace kontor::journal {

/// Stored as its number, but for raw.
enum class SegmentForm : std::uint16_t {
    raw = 0,   ///< as it was written, padding included
    dense = 1, ///< without the padding
    cold = 2   ///< without the padding, and compressed
};

/// The name of a squeezed segment.
std::string dense_name(std::uint64_t generation);
/// The generation in a squeezed segment's file name; empty for any other name.
std::optional<std::uint64_t> dense_generation(std::string_view name);

class SegmentFile {
public:
    /// The raw file where there is one: only with it gone does the squeezed one count.
    /// Errors:   not_found, corrupt (a squeezed file does not check), unsupported, unavailable.
    static Result<std::shared_ptr<SegmentFile const>> open(ports::Disk& disk,
                                                           std::uint64_t generation);
    /// The squeezed file of that name.
    /// Errors:   as open.
    static Result<std::shared_ptr<SegmentFile const>>
    open_squeezed(ports::Disk& disk, std::string const& name, std::uint64_t generation);
    ~SegmentFile();

    /// Fills `blocks` with the segment's bytes from `offset`.
    /// Units:    whole disk blocks.
    /// Errors:   unavailable, corrupt.
    Result<void> read(std::uint64_t offset, std::span<std::uint8_t> blocks) const;

    /// Of the segment, not of the file.
    std::uint64_t size() const { return size_; }
    std::uint64_t file_bytes() const { return file_->size(); }
    SegmentForm form() const { return form_; }
    std::string const& name() const { return name_; }
    /// "00000000000000000003.seg, offset 8192"
    std::string place(std::uint64_t offset) const;

private:
    struct Block {
        std::uint32_t raw_offset; ///< of its first byte in the segment
        std::uint32_t bytes;
        std::uint64_t file_offset;
        std::uint32_t stored_bytes;
        bool is_compressed;
        bool is_inside_a_frame; ///< it goes on with the frame of the block before
        std::uint64_t checksum; ///< XXH3-64 of the stored bytes
    };
    struct FreeContext {
        void operator()(ZSTD_DCtx_s* context) const;
    };

    SegmentFile(std::unique_ptr<ports::File> file, std::string name);
    Failure damaged(std::string_view what, std::uint64_t file_offset) const;
    Result<void> read_tail(std::uint64_t generation);
    Result<void> read_table(std::uint64_t at, std::uint64_t count, Hash128 const& checksum);
    Result<Block> block_at(std::uint8_t const* row) const;
    /// Requires: the mutex.
    Result<Bytes> content(std::size_t number) const;
    void lay_out(Block const& block, Bytes content, std::uint64_t offset,
                 std::span<std::uint8_t> out) const;

    std::unique_ptr<ports::File> file_;
    std::string name_;
    SegmentForm form_{SegmentForm::raw};
    std::uint64_t size_;
    std::uint64_t table_at_{0}; ///< where the blocks end
    std::vector<Block> blocks_;
    mutable std::mutex mutex_;
    mutable std::size_t last_{~std::size_t{0}}; ///< the block that …
    mutable std::vector<std::uint8_t> content_; ///< … this is the content of
    mutable std::unique_ptr<ZSTD_DCtx_s, FreeContext> context_;
};

/// The segments of an open journal, one handle for all who read the same file at once.
/// Thread: any.
class SegmentFiles {
public:
    explicit SegmentFiles(ports::Disk& disk) : disk_(disk) {}

    /// Errors:   as SegmentFile::open.
    Result<std::shared_ptr<SegmentFile const>> open(std::uint64_t generation);
    /// From now on the squeezed file of a segment is opened. True: nobody reads the one before.
    bool switch_over(std::uint64_t generation);
    /// The raw file is gone.
    void forget_raw(std::uint64_t generation);

private:
    using Handle = std::shared_ptr<SegmentFile const>;
    static constexpr std::size_t kept_max = 8;

    ports::Disk& disk_;
    std::mutex mutex_;
    std::map<std::uint64_t, std::weak_ptr<SegmentFile const>> open_;
    std::map<std::uint64_t, std::weak_ptr<SegmentFile const>> switched_; ///< the file before
    std::vector<Handle> kept_; ///< squeezed ones read lately, newest last: their tables cost a read
};

} // namespace kontor::journal

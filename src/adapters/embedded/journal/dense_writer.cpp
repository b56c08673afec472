#include "adapters/embedded/journal/dense_writer.hpp"

#include "adapters/embedded/journal/dense_layout.hpp"
#include "adapters/embedded/journal/limits.hpp"
#include "adapters/embedded/journal/new_file.hpp"

#include <zstd.h>

#include <algorithm>

namespace kontor::journal {
namespace {

using enum dense_layout::Offset;
using enum dense_layout::RowOffset;
using dense_layout::block_bytes_max;

/// Higher ones take several times as long for a few percent less.
constexpr int compression_level = 3;

} // namespace

void DenseWriter::FreeContext::operator()(ZSTD_CCtx_s* context) const {
    ZSTD_freeCCtx(context);
}

DenseWriter::DenseWriter(std::unique_ptr<ports::File> file, SegmentForm form)
    : file_(std::move(file)), form_(form),
      context_(form == SegmentForm::cold ? ZSTD_createCCtx() : nullptr), piece_(piece_bytes) {
    block_.reserve(block_bytes_max);
    compressed_.resize(ZSTD_compressBound(block_bytes_max));
}

Result<DenseWriter> DenseWriter::begin(ports::Disk& disk, std::string const& name,
                                       SegmentForm form) {
    KONTOR_ASSERT(form != SegmentForm::raw, "{} is to be squeezed and to stay raw", name);
    KONTOR_TRY(auto file, begin_file(disk, name));
    return DenseWriter(std::move(file), form);
}

Result<void> DenseWriter::add(std::uint64_t raw_offset, Bytes frame) {
    if (block_.size() + frame.size() > block_bytes_max)
        KONTOR_TRY(close_block());
    if (frame.size() <= block_bytes_max) {
        if (block_.empty())
            block_at_ = raw_offset;
        block_.insert(block_.end(), frame.begin(), frame.end());
        return {};
    }
    for (std::size_t at = 0; at < frame.size(); at += block_bytes_max) {
        auto const part =
            frame.subspan(at, std::min<std::size_t>(block_bytes_max, frame.size() - at));
        block_at_ = raw_offset + at;
        is_inside_a_frame_ = at > 0;
        KONTOR_TRY(put_block(part));
    }
    is_inside_a_frame_ = false;
    return {};
}

Result<void> DenseWriter::close_block() {
    if (block_.empty())
        return {};
    KONTOR_TRY(put_block(block_));
    block_.clear();
    return {};
}

Result<void> DenseWriter::put_block(Bytes content) {
    auto stored = content;
    if (form_ == SegmentForm::cold) {
        auto const bytes = ZSTD_compressCCtx(context_.get(), compressed_.data(), compressed_.size(),
                                             content.data(), content.size(), compression_level);
        KONTOR_ASSERT(ZSTD_isError(bytes) == 0, "a block cannot be compressed: {}",
                      ZSTD_getErrorName(bytes));
        if (bytes < content.size())
            stored = Bytes(compressed_).first(bytes);
    }
    auto const row = table_.size();
    table_.resize(row + dense_layout::row_bytes_each);
    auto* const at = table_.data() + row;
    put(at + row_raw_offset, static_cast<std::uint32_t>(block_at_));
    put(at + row_bytes, static_cast<std::uint32_t>(content.size()));
    put(at + row_file_offset, written_ + piece_used_);
    put(at + row_stored_bytes, static_cast<std::uint32_t>(stored.size()));
    put(at + row_flags, (stored.size() < content.size() ? dense_layout::flag_compressed : 0) |
                            (is_inside_a_frame_ ? dense_layout::flag_inside_a_frame : 0));
    put(at + row_checksum, hash64(stored));
    ++blocks_;
    return put_bytes(stored);
}

Result<void> DenseWriter::put_bytes(Bytes bytes) {
    while (!bytes.empty()) {
        auto const some = std::min(bytes.size(), piece_.size() - piece_used_);
        std::memcpy(piece_.at(piece_used_), bytes.data(), some);
        piece_used_ += some;
        bytes = bytes.subspan(some);
        if (piece_used_ < piece_.size())
            continue;
        KONTOR_TRY(file_->write(written_, piece_.span(0, piece_.size())));
        KONTOR_TRY(file_->sync()); // all at once would hold up the frames of the log
        written_ += piece_.size();
        piece_used_ = 0;
    }
    return {};
}

Result<void> DenseWriter::finish(Segment const& segment) {
    KONTOR_TRY(close_block());
    auto const table_at = written_ + piece_used_;
    KONTOR_TRY(put_bytes(table_));
    std::vector<std::uint8_t> tail(round_up(written_ + piece_used_) - written_ - piece_used_ +
                                   ports::disk_block_bytes);
    auto* const last = tail.data() + tail.size() - ports::disk_block_bytes;
    std::copy(dense_layout::magic.begin(), dense_layout::magic.end(), last + at_magic);
    put(last + at_version, dense_layout::version);
    put(last + at_form, static_cast<std::uint16_t>(form_));
    put_id(last + at_lineage, segment.lineage);
    put(last + at_generation, segment.generation);
    put(last + at_segment_bytes, segment.bytes);
    put(last + at_end, segment.end);
    put(last + at_table, table_at);
    put(last + at_blocks, blocks_);
    put(last + at_table_checksum, hash128(table_));
    put(last + at_checksum, hash128({last + at_version, ports::disk_block_bytes - at_version}));
    KONTOR_TRY(put_bytes(tail));
    if (piece_used_ > 0)
        KONTOR_TRY(file_->write(written_, piece_.span(0, piece_used_)));
    return file_->sync();
}

} // namespace kontor::journal

#include "adapters/embedded/journal/segment_file.hpp"

#include "adapters/embedded/journal/dense_layout.hpp"
#include "adapters/embedded/journal/frame.hpp"
#include "adapters/embedded/journal/segment.hpp"

#include <fmt/core.h>
#include <zstd.h>

#include <algorithm>

namespace kontor::journal {
namespace {

using enum dense_layout::Offset;
using enum dense_layout::RowOffset;
using dense_layout::row_bytes_each;

constexpr std::string_view dense_suffix = ".dense";

} // namespace

std::string dense_name(std::uint64_t generation) {
    return fmt::format("{:020}{}", generation, dense_suffix);
}

std::optional<std::uint64_t> dense_generation(std::string_view name) {
    return generation_in(name, dense_suffix);
}

void SegmentFile::FreeContext::operator()(ZSTD_DCtx_s* context) const {
    ZSTD_freeDCtx(context);
}

SegmentFile::SegmentFile(std::unique_ptr<ports::File> file, std::string name)
    : file_(std::move(file)), name_(std::move(name)), size_(round_down(file_->size())) {}

SegmentFile::~SegmentFile() = default;

Result<std::shared_ptr<SegmentFile const>> SegmentFile::open(ports::Disk& disk,
                                                             std::uint64_t generation) {
    auto raw = disk.open(segment_name(generation), ports::FileUse::read);
    if (raw)
        return std::shared_ptr<SegmentFile const>(
            new SegmentFile(*std::move(raw), segment_name(generation)));
    if (raw.error().kind != FailureKind::not_found)
        return unexpected(raw.error());
    auto squeezed = open_squeezed(disk, dense_name(generation), generation);
    return !squeezed && squeezed.error().kind == FailureKind::not_found ? unexpected(raw.error())
                                                                        : squeezed;
}

Result<std::shared_ptr<SegmentFile const>>
SegmentFile::open_squeezed(ports::Disk& disk, std::string const& name, std::uint64_t generation) {
    KONTOR_TRY(auto file, disk.open(name, ports::FileUse::read));
    std::shared_ptr<SegmentFile> squeezed(new SegmentFile(std::move(file), name));
    KONTOR_TRY(squeezed->read_tail(generation));
    squeezed->context_.reset(ZSTD_createDCtx());
    return std::shared_ptr<SegmentFile const>(std::move(squeezed));
}

Failure SegmentFile::damaged(std::string_view what, std::uint64_t file_offset) const {
    return {FailureKind::corrupt,
            fmt::format("{} of a squeezed segment does not check: restore it from a backup", what),
            place(file_offset)};
}

std::string SegmentFile::place(std::uint64_t offset) const {
    return fmt::format("{}, offset {}", name_, offset);
}

Result<void> SegmentFile::read_tail(std::uint64_t generation) {
    auto const bytes = file_->size();
    if (bytes < ports::disk_block_bytes || bytes % ports::disk_block_bytes != 0)
        return unexpected(damaged("the length", bytes));
    Blocks tail(ports::disk_block_bytes);
    auto const at = bytes - tail.size();
    KONTOR_TRY(file_->read(at, tail.span(0, tail.size())));
    auto const checksum = hash128(std::as_const(tail).span(at_version, tail.size() - at_version));
    if (!std::equal(dense_layout::magic.begin(), dense_layout::magic.end(), tail.at(at_magic)) ||
        get<Hash128>(tail.at(at_checksum)) != checksum ||
        get<std::uint64_t>(tail.at(at_generation)) != generation)
        return unexpected(damaged("the end", at));
    if (get<std::uint16_t>(tail.at(at_version)) > dense_layout::version)
        return unexpected(Failure{FailureKind::unsupported,
                                  "this log was written by a newer program: use that one", name_});
    auto const form = get<std::uint16_t>(tail.at(at_form));
    if (form != static_cast<std::uint16_t>(SegmentForm::dense) &&
        form != static_cast<std::uint16_t>(SegmentForm::cold))
        return unexpected(damaged("the form", at));
    form_ = static_cast<SegmentForm>(form);
    size_ = get<std::uint64_t>(tail.at(at_segment_bytes));
    return read_table(get<std::uint64_t>(tail.at(at_table)), get<std::uint64_t>(tail.at(at_blocks)),
                      get<Hash128>(tail.at(at_table_checksum)));
}

Result<void> SegmentFile::read_table(std::uint64_t at, std::uint64_t count,
                                     Hash128 const& checksum) {
    table_at_ = at;
    auto const bytes = file_->size() - ports::disk_block_bytes;
    if (at > bytes || count > (bytes - at) / row_bytes_each)
        return unexpected(damaged("the table", at));
    auto const from = round_down(at);
    Blocks read(round_up(at + count * row_bytes_each) - from);
    KONTOR_TRY(file_->read(from, read.span(0, read.size())));
    auto const rows = std::as_const(read).span(at - from, count * row_bytes_each);
    if (hash128(rows) != checksum)
        return unexpected(damaged("the table", at));
    blocks_.reserve(count);
    for (std::size_t n = 0; n < count; ++n) {
        KONTOR_TRY(auto const block, block_at(rows.data() + n * row_bytes_each));
        blocks_.push_back(block);
    }
    return {};
}

Result<SegmentFile::Block> SegmentFile::block_at(std::uint8_t const* row) const {
    auto const flags = get<std::uint32_t>(row + row_flags);
    Block const block{get<std::uint32_t>(row + row_raw_offset),
                      get<std::uint32_t>(row + row_bytes),
                      get<std::uint64_t>(row + row_file_offset),
                      get<std::uint32_t>(row + row_stored_bytes),
                      (flags & dense_layout::flag_compressed) != 0,
                      (flags & dense_layout::flag_inside_a_frame) != 0,
                      get<std::uint64_t>(row + row_checksum)};
    bool const has_form = block.bytes > 0 && block.bytes <= dense_layout::block_bytes_max &&
                          block.stored_bytes <= block.bytes &&
                          block.file_offset + block.stored_bytes <= table_at_ &&
                          block.raw_offset < size_;
    return has_form ? Result<Block>(block) : unexpected(damaged("the table", table_at_));
}

Result<Bytes> SegmentFile::content(std::size_t number) const {
    auto const& block = blocks_[number];
    if (last_ == number)
        return Bytes(content_);
    last_ = ~std::size_t{0};
    auto const from = round_down(block.file_offset);
    Blocks read(round_up(block.file_offset + block.stored_bytes) - from);
    KONTOR_TRY(file_->read(from, read.span(0, read.size())));
    auto const stored = std::as_const(read).span(block.file_offset - from, block.stored_bytes);
    if (hash64(stored) != block.checksum)
        return unexpected(damaged("a block", block.file_offset));
    content_.resize(block.bytes);
    if (!block.is_compressed) {
        if (stored.size() != content_.size())
            return unexpected(damaged("a block", block.file_offset));
        std::copy(stored.begin(), stored.end(), content_.begin());
    } else if (ZSTD_decompressDCtx(context_.get(), content_.data(), content_.size(), stored.data(),
                                   stored.size()) != content_.size()) {
        return unexpected(damaged("a block", block.file_offset));
    }
    last_ = number;
    return Bytes(content_);
}

/// Copies what of a block's frames lies in `out`, which shows the segment from `offset` on.
void SegmentFile::lay_out(Block const& block, Bytes content, std::uint64_t offset,
                          std::span<std::uint8_t> out) const {
    auto const put_piece = [&](std::uint64_t raw, Bytes piece) {
        auto const from = std::max(raw, offset);
        auto const to = std::min(raw + piece.size(), offset + out.size());
        if (from < to)
            std::memcpy(out.data() + (from - offset), piece.data() + (from - raw), to - from);
    };
    if (block.is_inside_a_frame)
        return put_piece(block.raw_offset, content);
    std::uint64_t raw = block.raw_offset;
    for (std::size_t at = 0; at < content.size() && raw < offset + out.size();) {
        // A frame that is longer than a block has its header in the first of its blocks.
        auto const left = content.size() - at;
        auto const length =
            left < frame_header_bytes ? std::uint32_t{0} : frame_body_bytes(content.data() + at);
        auto const bytes =
            std::min<std::uint64_t>(left, frame_header_bytes + std::uint64_t{length});
        put_piece(raw, content.subspan(at, bytes));
        at += bytes;
        raw += round_up(bytes);
    }
}

Result<void> SegmentFile::read(std::uint64_t offset, std::span<std::uint8_t> blocks) const {
    if (form_ == SegmentForm::raw)
        return file_->read(offset, blocks);
    if (offset + blocks.size() > size_)
        return unexpected(
            Failure{FailureKind::corrupt, "a file ends before what should be read", name_});
    std::memset(blocks.data(), 0, blocks.size());
    std::lock_guard const lock(mutex_);
    auto const behind = std::ranges::upper_bound(blocks_, offset, {}, &Block::raw_offset);
    auto number = static_cast<std::size_t>(behind - blocks_.begin());
    for (number -= number > 0;
         number < blocks_.size() && blocks_[number].raw_offset < offset + blocks.size(); ++number) {
        KONTOR_TRY(auto const some, content(number));
        lay_out(blocks_[number], some, offset, blocks);
    }
    return {};
}

Result<std::shared_ptr<SegmentFile const>> SegmentFiles::open(std::uint64_t generation) {
    std::lock_guard const lock(mutex_);
    if (auto const found = open_.find(generation); found != open_.end())
        if (auto handle = found->second.lock())
            return handle;
    auto opened = switched_.contains(generation)
                      ? SegmentFile::open_squeezed(disk_, dense_name(generation), generation)
                      : SegmentFile::open(disk_, generation);
    KONTOR_TRY(auto handle, std::move(opened));
    std::erase_if(open_, [](auto const& entry) { return entry.second.expired(); });
    open_[generation] = handle;
    if (handle->form() == SegmentForm::raw)
        return handle;
    if (kept_.size() == kept_max)
        kept_.erase(kept_.begin());
    kept_.push_back(handle);
    return handle;
}

bool SegmentFiles::switch_over(std::uint64_t generation) {
    std::lock_guard const lock(mutex_);
    std::erase_if(kept_, [&](Handle const& handle) {
        auto const found = open_.find(generation);
        return found != open_.end() && found->second.lock() == handle;
    });
    auto const [switched, is_new] = switched_.try_emplace(generation);
    if (is_new) {
        if (auto const found = open_.find(generation); found != open_.end()) {
            switched->second = found->second;
            open_.erase(found);
        }
    }
    return switched->second.expired();
}

void SegmentFiles::forget_raw(std::uint64_t generation) {
    std::lock_guard const lock(mutex_);
    switched_.erase(generation);
}

} // namespace kontor::journal

#include "adapters/embedded/journal/segment.hpp"

#include "adapters/embedded/journal/limits.hpp"
#include "adapters/embedded/journal/new_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace kontor::journal {
namespace {

constexpr std::string_view segment_suffix = ".seg";

constexpr std::string_view spare_prefix = "spare-";
constexpr std::string_view reserve_prefix = "reserve-";

/// Empty for what is no number from 1 on.
std::optional<std::uint64_t> number_in(std::string_view digits) {
    std::uint64_t number = 0;
    auto const end = digits.data() + digits.size();
    auto const parsed = std::from_chars(digits.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end || number == 0)
        return std::nullopt;
    return number;
}

std::optional<std::uint64_t> number_behind(std::string_view prefix, std::string_view name) {
    if (!name.starts_with(prefix))
        return std::nullopt;
    return number_in(name.substr(prefix.size()));
}

/// A disk writes so much whole or not at all.
constexpr std::uint64_t disk_sector_bytes = 512;

/// What the header of the next frame must say, as far as the frames before it know.
FrameHeader header_after(Chain const& chain) {
    FrameHeader next{};
    next.lineage = chain.lineage;
    next.generation = chain.generation;
    next.number = chain.number;
    next.previous = chain.previous;
    return next;
}

} // namespace

std::string segment_name(std::uint64_t generation) {
    return fmt::format("{:020}.seg", generation);
}

std::string index_name(std::uint64_t generation) {
    return fmt::format("{:020}.idx", generation);
}

std::optional<std::uint64_t> generation_in(std::string_view name, std::string_view suffix) {
    if (name.size() != 20 + suffix.size() || !name.ends_with(suffix))
        return std::nullopt;
    return number_in(name.substr(0, 20));
}

std::optional<std::uint64_t> segment_generation(std::string_view name) {
    return generation_in(name, segment_suffix);
}

std::string spare_name(std::uint64_t number) {
    return fmt::format("{}{}", spare_prefix, number);
}

std::optional<std::uint64_t> spare_number(std::string_view name) {
    return number_behind(spare_prefix, name);
}

std::string reserve_name(std::uint64_t number) {
    return fmt::format("{}{}", reserve_prefix, number);
}

std::optional<std::uint64_t> reserve_number(std::string_view name) {
    return number_behind(reserve_prefix, name);
}

std::vector<std::uint8_t> head_body(SegmentHead const& head) {
    std::vector<std::uint8_t> body(12);
    put(body.data(), head.segment_bytes);
    put(body.data() + 8, static_cast<std::uint32_t>(head.types.size()));
    for (auto const& [type, name] : head.types) {
        auto const at = body.size();
        body.resize(at + 4);
        put(body.data() + at, type.value());
        put(body.data() + at + 2, static_cast<std::uint16_t>(name.size()));
        body.insert(body.end(), name.begin(), name.end());
    }
    if (head.earlier > 0) {
        body.resize(body.size() + sizeof head.earlier);
        put(body.data() + body.size() - sizeof head.earlier, head.earlier);
    }
    return body;
}

Result<SegmentHead> read_head_body(Bytes body) {
    Failure const bad{FailureKind::corrupt, "the head of a segment has no form"};
    if (body.size() < 12)
        return unexpected(bad);
    SegmentHead head;
    head.segment_bytes = get<std::uint64_t>(body.data());
    auto const count = get<std::uint32_t>(body.data() + 8);
    std::size_t at = 12;
    for (std::uint32_t n = 0; n < count; ++n) {
        if (body.size() - at < 4)
            return unexpected(bad);
        EventType const type(get<std::uint16_t>(body.data() + at));
        std::size_t const length = get<std::uint16_t>(body.data() + at + 2);
        at += 4;
        if (body.size() - at < length)
            return unexpected(bad);
        head.types.push_back(
            {type, std::string(reinterpret_cast<char const*>(body.data() + at), length)});
        at += length;
    }
    if (body.size() - at >= sizeof head.earlier)
        head.earlier = get<std::uint64_t>(body.data() + at);
    return head;
}

bool Chain::is_next(FrameHeader const& header) const {
    return header.lineage == lineage && header.generation == generation &&
           header.number == number && header.first_position == position &&
           header.previous == previous;
}

void Chain::pass(FrameHeader const& header, Hash128 const& checksum) {
    if (header.kind != FrameKind::head)
        ++number;
    position += header.events;
    previous = checksum;
    written_at = std::max(written_at, header.written_at);
}

SegmentReader::SegmentReader(std::shared_ptr<SegmentFile const> file, std::size_t at_once)
    : file_(std::move(file)), size_(file_->size()), buffer_(at_once) {}

Result<SegmentReader> SegmentReader::open(ports::Disk& disk, std::uint64_t generation) {
    KONTOR_TRY(auto file, SegmentFile::open(disk, generation));
    return SegmentReader(std::move(file));
}

std::string SegmentReader::place(std::uint64_t offset) const {
    return file_->place(offset);
}

Result<void> SegmentReader::load(std::uint64_t offset, std::uint64_t bytes) {
    if (offset >= buffered_from_ && offset + bytes <= buffered_to_)
        return {};
    if (bytes > buffer_.size())
        buffer_ = Blocks(bytes);
    auto const some = std::min<std::uint64_t>(buffer_.size(), size_ - offset);
    buffered_from_ = buffered_to_ = 0;
    KONTOR_TRY(file_->read(offset, buffer_.span(0, some)));
    buffered_from_ = offset;
    buffered_to_ = offset + some;
    return {};
}

Result<Bytes> SegmentReader::read(std::uint64_t offset, std::uint64_t bytes) {
    KONTOR_TRY(load(offset, bytes));
    return Bytes{buffer_.at(offset - buffered_from_), bytes};
}

Result<std::optional<SegmentReader::Frame>> SegmentReader::frame_at(std::uint64_t offset) {
    std::optional<Frame> none;
    if (offset >= size_)
        return none;
    KONTOR_TRY(auto const first, read(offset, ports::disk_block_bytes));
    auto const header = peek_frame(first.data(), size_ - offset);
    if (!header)
        return none;
    KONTOR_TRY(auto const whole, read(offset, frame_blocks_bytes(header->length)));
    if (!is_frame_whole(whole.data(), *header))
        return none;
    return std::optional(Frame{*header, offset, whole.data()});
}

Result<SegmentReader::Frame> SegmentReader::head(Chain& chain) {
    offset_ = 0;
    KONTOR_TRY(auto const found, frame_at(0));
    if (!found)
        return unexpected(Failure{FailureKind::corrupt,
                                  "the head of a segment does not check: restore it from a backup",
                                  place(0)});
    if (frame_version(found->bytes) > format_version)
        return unexpected(Failure{FailureKind::unsupported,
                                  "this log was written by a newer program: use that one",
                                  place(0)});
    auto const& header = found->header;
    chain.lineage = header.lineage;
    if (header.kind != FrameKind::head || !chain.is_next(header))
        return unexpected(Failure{FailureKind::corrupt,
                                  fmt::format("a segment does not go on at position {} where the "
                                              "one before it ends",
                                              chain.position),
                                  place(0)});
    chain.pass(header, frame_checksum(found->bytes));
    offset_ = frame_blocks_bytes(header.length);
    return *found;
}

Result<SegmentHead> SegmentReader::said_by(Frame const& head) const {
    KONTOR_TRY(auto says, read_head_body(head.body()));
    if (says.segment_bytes != size_)
        return unexpected(Failure{
            FailureKind::corrupt,
            fmt::format("this file was begun with {} bytes and has {}: a part of the log is "
                        "missing; restore it from a backup",
                        says.segment_bytes, size_),
            file_->name()});
    return says;
}

Result<std::optional<SegmentReader::Frame>> SegmentReader::next(Chain& chain) {
    auto read = frame_at(offset_);
    if (!read && read.error().kind == FailureKind::corrupt)
        return unexpected(
            Failure{FailureKind::corrupt,
                    fmt::format("at position {}: {}", chain.position, read.error().what),
                    read.error().where});
    KONTOR_TRY(auto const found, std::move(read));
    if (!found || !chain.is_next(found->header))
        return std::optional<Frame>{};
    chain.pass(found->header, frame_checksum(found->bytes));
    offset_ += frame_blocks_bytes(found->header.length);
    return found;
}

Result<std::optional<SegmentReader::Frame>> SegmentReader::find_later(Chain const& chain,
                                                                      std::uint64_t from) {
    for (auto offset = from; offset < size_; offset += ports::disk_block_bytes) {
        KONTOR_TRY(auto const block, read(offset, ports::disk_block_bytes));
        auto const header = peek_frame(block.data(), size_ - offset);
        bool const is_younger = header && header->lineage == chain.lineage &&
                                header->generation == chain.generation &&
                                header->number > chain.number;
        if (!is_younger)
            continue;
        KONTOR_TRY(auto const found, frame_at(offset));
        if (found)
            return found;
    }
    return std::optional<Frame>{};
}

Result<std::uint64_t> SegmentReader::torn_bytes(Chain const& chain, std::uint64_t earlier) {
    if (earlier == 0) {
        KONTOR_TRY(auto const end, end_of_content(offset_));
        return end - offset_;
    }
    if (offset_ >= size_)
        return std::uint64_t{0};
    KONTOR_TRY(auto const block, read(offset_, ports::disk_block_bytes));
    if (!seems_next(block.data(), header_after(chain)))
        return std::uint64_t{0};
    auto const bytes = frame_blocks_bytes(frame_body_bytes(block.data()));
    KONTOR_TRY(auto const foreign, frame_at(offset_));
    if (foreign)
        return std::uint64_t{0};
    return bytes <= size_ - offset_ ? bytes : std::uint64_t{ports::disk_block_bytes};
}

Result<std::optional<SegmentReader::Rotten>> SegmentReader::rotten(Chain const& chain) {
    std::optional<Rotten> none;
    if (offset_ >= size_)
        return none;
    KONTOR_TRY(auto const block, read(offset_, ports::disk_block_bytes));
    auto const kind = frame_kind(block.data());
    auto const length = frame_body_bytes(block.data());
    bool const has_no_facts = kind == FrameKind::seal || kind == FrameKind::confirm || length == 0;
    bool const is_of_one_sector =
        has_no_facts || frame_header_bytes + std::uint64_t{length} <= disk_sector_bytes;
    if (!is_of_one_sector || !seems_next(block.data(), header_after(chain)))
        return none;
    KONTOR_TRY(auto const foreign, frame_at(offset_));
    if (foreign)
        return none;
    return std::optional(has_no_facts ? Rotten::frame_without_facts : Rotten::frame_of_facts);
}

Result<std::uint64_t> SegmentReader::first_content(std::uint64_t from) {
    for (auto offset = from; offset < size_; offset += ports::disk_block_bytes) {
        KONTOR_TRY(auto const block, read(offset, ports::disk_block_bytes));
        auto const found = std::ranges::find_if(block, [](std::uint8_t byte) { return byte != 0; });
        if (found != block.end())
            return offset + static_cast<std::uint64_t>(found - block.begin());
    }
    return size_;
}

Result<std::uint64_t> SegmentReader::end_of_content(std::uint64_t from) {
    auto end = from;
    for (auto offset = from; offset < size_; offset += ports::disk_block_bytes) {
        KONTOR_TRY(auto const block, read(offset, ports::disk_block_bytes));
        if (!is_zero(block))
            end = offset + ports::disk_block_bytes;
    }
    return end;
}

Blocks head_frame(Chain& chain, SegmentHead const& says, Instant now) {
    auto const body = head_body(says);
    auto const length = static_cast<std::uint32_t>(body.size());
    Blocks head(frame_blocks_bytes(length));
    std::memcpy(head.at(frame_header_bytes), body.data(), body.size());
    FrameHeader const header{FrameKind::head,
                             length,
                             chain.lineage,
                             chain.generation,
                             chain.number,
                             chain.position,
                             0,
                             0,
                             chain.previous,
                             now};
    auto const checksum = close_frame(head.at(0), header);
    chain.pass(header, checksum);
    return head;
}

ZeroedFile::ZeroedFile(ports::Disk& disk, std::unique_ptr<ports::File> file, std::string name,
                       std::uint64_t bytes)
    : disk_(&disk), file_(std::move(file)), name_(std::move(name)), bytes_(bytes),
      zeros_(std::min<std::uint64_t>(bytes, piece_bytes)) {
    std::memset(zeros_.at(0), 0, zeros_.size());
}

Result<ZeroedFile> ZeroedFile::begin(ports::Disk& disk, std::string name, std::uint64_t bytes) {
    KONTOR_TRY(auto file, begin_file(disk, name));
    KONTOR_TRY(file->reserve(bytes));
    return ZeroedFile(disk, std::move(file), std::move(name), bytes);
}

Result<bool> ZeroedFile::write_some(std::uint64_t bytes) {
    for (auto const end = std::min(written_ + bytes, bytes_); written_ < end;) {
        auto const some = std::min<std::uint64_t>(zeros_.size(), bytes_ - written_);
        KONTOR_TRY(file_->write(written_, zeros_.span(0, some)));
        KONTOR_TRY(file_->sync()); // all at once would hold up the frames of the log
        written_ += some;
    }
    if (written_ < bytes_)
        return false;
    KONTOR_TRY(finish_file(*disk_, *file_, name_));
    return true;
}

Result<void> prepare_file(ports::Disk& disk, std::string const& name, std::uint64_t bytes) {
    KONTOR_TRY(auto file, ZeroedFile::begin(disk, name, bytes));
    KONTOR_TRY(file.write_some(bytes));
    return {};
}

Result<void> reserve_file(ports::Disk& disk, std::string const& name, std::uint64_t bytes) {
    KONTOR_TRY(auto const file, begin_file(disk, name));
    KONTOR_TRY(file->reserve(bytes));
    return finish_file(disk, *file, name);
}

} // namespace kontor::journal

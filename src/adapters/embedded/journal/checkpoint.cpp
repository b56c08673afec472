#include "adapters/embedded/journal/checkpoint.hpp"

#include "adapters/embedded/journal/checkpoint_layout.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace kontor::journal {
namespace {

using enum checkpoint_layout::Offset;
using checkpoint_layout::frame_bytes, checkpoint_layout::key_bytes, checkpoint_layout::magic,
    checkpoint_layout::version;

constexpr std::string_view checkpoint_suffix = ".open";

Hash128 hash_at(std::uint8_t const* at) {
    Hash128 hash;
    std::memcpy(hash.data(), at, hash.size());
    return hash;
}

bool is_last_block(Blocks const& last) {
    auto const content = last.span(at_version, last.size() - at_version);
    return std::equal(magic.begin(), magic.end(), last.at(at_magic)) &&
           hash_at(last.at(at_checksum)) == hash128(content) &&
           get<std::uint16_t>(last.at(at_version)) == version;
}

} // namespace

std::string checkpoint_name(std::uint64_t generation) {
    return fmt::format("{:020}{}", generation, checkpoint_suffix);
}

std::optional<std::uint64_t> checkpoint_generation(std::string_view name) {
    return generation_in(name, checkpoint_suffix);
}

std::optional<Id128> checkpoint_lineage(ports::Disk& disk, std::uint64_t generation) {
    auto const file = disk.open(checkpoint_name(generation), ports::FileUse::read);
    if (!file || (*file)->size() < ports::disk_block_bytes)
        return std::nullopt;
    Blocks last(ports::disk_block_bytes);
    auto const from = (*file)->size() / last.size() * last.size() - last.size();
    bool const is_whole = (*file)->read(from, last.span(0, last.size())) && is_last_block(last) &&
                          get<std::uint64_t>(last.at(at_generation)) == generation;
    return is_whole ? std::optional(get_id(last.at(at_lineage))) : std::nullopt;
}

Failure Checkpoint::damaged(std::string_view what, std::uint64_t offset) const {
    return {FailureKind::corrupt, fmt::format("a checkpoint does not check ({})", what),
            fmt::format("{}, offset {}", checkpoint_name(generation_), offset)};
}

Result<std::shared_ptr<Checkpoint const>> Checkpoint::load(ports::Disk& disk,
                                                           SegmentFacts const& facts) {
    auto checkpoint = std::make_shared<Checkpoint>();
    auto& it = *checkpoint;
    it.generation_ = facts.generation;
    KONTOR_TRY(it.file_, disk.open(checkpoint_name(facts.generation), ports::FileUse::read));
    auto const size = it.file_->size();
    if (size < ports::disk_block_bytes || size % ports::disk_block_bytes != 0)
        return unexpected(it.damaged("its length", size));
    Blocks last(ports::disk_block_bytes);
    KONTOR_TRY(it.file_->read(size - last.size(), last.span(0, last.size())));
    if (!is_last_block(last))
        return unexpected(it.damaged("its last block", size - last.size()));
    it.lineage_ = get_id(last.at(at_lineage));
    it.up_to_ = get<std::uint64_t>(last.at(at_up_to));
    it.tables_at_ = get<std::uint64_t>(last.at(at_tables));
    it.tables_checksum_ = hash_at(last.at(at_tables_checksum));
    it.keys_ = get<std::uint64_t>(last.at(at_keys));
    if (it.lineage_ != facts.lineage ||
        get<std::uint64_t>(last.at(at_generation)) != facts.generation ||
        it.up_to_ + 1 != facts.next_position || hash_at(last.at(at_last)) != facts.last)
        return unexpected(it.damaged("it is of another history", size - last.size()));
    it.frames_.resize(get<std::uint64_t>(last.at(at_frames)));
    if (it.tables_at_ + round_up(it.frames_.size() * frame_bytes + it.keys_ * key_bytes) +
            last.size() !=
        size)
        return unexpected(it.damaged("its length", size));
    KONTOR_TRY(auto const tables, it.read_tables());
    for (std::size_t n = 0; n < it.frames_.size(); ++n)
        it.frames_[n] = {get<std::uint64_t>(tables.data() + n * frame_bytes),
                         get<std::uint64_t>(tables.data() + n * frame_bytes + 8)};
    return std::shared_ptr<Checkpoint const>(std::move(checkpoint));
}

Result<std::vector<std::uint8_t>> Checkpoint::read_tables() const {
    auto const bytes = frames_.size() * frame_bytes + keys_ * key_bytes;
    Blocks blocks(bytes);
    if (bytes > 0)
        KONTOR_TRY(file_->read(tables_at_, blocks.span(0, blocks.size())));
    std::vector<std::uint8_t> tables(blocks.at(0), blocks.at(0) + bytes);
    if (hash128(tables) != tables_checksum_)
        return unexpected(damaged("its tables", tables_at_));
    return tables;
}

Result<std::vector<Hash128>> Checkpoint::open_streams() const {
    KONTOR_TRY(auto const tables, read_tables());
    std::vector<Hash128> keys(keys_);
    for (std::size_t n = 0; n < keys.size(); ++n)
        keys[n] = hash_at(tables.data() + frames_.size() * frame_bytes + n * key_bytes);
    return keys;
}

Result<std::shared_ptr<Checkpoint::Frame const>> Checkpoint::frame(std::size_t number) const {
    {
        std::lock_guard const lock(mutex_);
        if (last_ && last_number_ == number)
            return last_;
    }
    auto const begin = frames_[number].offset;
    auto const end = number + 1 < frames_.size() ? frames_[number + 1].offset : tables_at_;
    if (begin >= end || end > tables_at_)
        return unexpected(damaged("its tables", tables_at_));
    auto frame = std::make_shared<Frame>();
    frame->memory = Blocks(end - begin);
    KONTOR_TRY(file_->read(begin, frame->memory.span(0, end - begin)));
    auto const header = peek_frame(frame->memory.at(0), end - begin);
    bool const is_whole = header && header->kind == FrameKind::open &&
                          header->generation == generation_ && header->lineage == lineage_ &&
                          header->number == number + 1 &&
                          is_frame_whole(frame->memory.at(0), *header);
    if (!is_whole)
        return unexpected(damaged("a frame", begin));
    frame->body = std::as_const(frame->memory).span(frame_header_bytes, header->length);
    std::lock_guard const lock(mutex_);
    last_ = frame;
    last_number_ = number;
    return last_;
}

Result<ports::EventPage> Checkpoint::read(std::uint64_t after, std::size_t limit) const {
    ports::EventPage page;
    auto const behind = std::ranges::upper_bound(frames_, after + 1, {}, &FrameAt::first_position);
    auto number = static_cast<std::size_t>(behind - frames_.begin());
    for (number -= number > 0; number < frames_.size(); ++number) {
        KONTOR_TRY(auto const some, frame(number));
        auto const before = page.events.size();
        KONTOR_TRY(auto const has_room, show_after(page, some->body, {after, up_to_}, limit));
        if (page.events.size() > before)
            page.keeps.push_back(some);
        if (!has_room)
            break;
    }
    return page;
}

} // namespace kontor::journal

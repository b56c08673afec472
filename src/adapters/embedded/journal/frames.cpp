#include "adapters/embedded/journal/frames.hpp"

#include <algorithm>

namespace kontor::journal {

std::uint64_t Frames::begin_frame(std::uint32_t bytes) {
    auto const needed = frame_blocks_bytes(bytes);
    if (uses_.empty() || uses_.back().chunk->used + needed > uses_.back().chunk->memory.size())
        uses_.push({take_chunk(std::max<std::size_t>(needed, chunk_bytes_)), 0});
    auto& use = uses_.back();
    FrameRef frame;
    frame.chunk = use.chunk;
    frame.at = use.chunk->used;
    use.last_frame = refs_.push(std::move(frame));
    return use.last_frame;
}

bool Frames::has_room(std::uint32_t more) const {
    auto const& last = refs_[refs_.end() - 1];
    return last.at + frame_blocks_bytes(last.length + more) <= last.chunk->memory.size();
}

void Frames::close_last() {
    auto& last = refs_.back();
    last.chunk->used = last.at + static_cast<std::uint32_t>(frame_blocks_bytes(last.length));
}

ChunkRef Frames::take_chunk(std::size_t bytes) {
    auto const found = std::find_if(spare_.begin(), spare_.end(), [&](auto const& chunk) {
        return chunk->memory.size() >= bytes && chunk.is_alone();
    });
    if (found == spare_.end()) {
        bytes_ += round_up(bytes);
        return ChunkRef(new Chunk(bytes));
    }
    auto chunk = std::move(*found);
    spare_.erase(found);
    chunk->used = 0;
    bytes_ += chunk->memory.size();
    return chunk;
}

void Frames::shrink(std::uint64_t durable) {
    constexpr std::size_t spare_max = 4;
    while (bytes_ > window_bytes_ && uses_.end() - uses_.begin() > 1 &&
           uses_[uses_.begin()].last_frame <= durable) {
        auto use = uses_[uses_.begin()];
        uses_.drop_before(uses_.begin() + 1);
        for (; in_memory_ <= use.last_frame; ++in_memory_)
            if (refs_.holds(in_memory_))
                refs_[in_memory_].chunk.reset();
        bytes_ -= use.chunk->memory.size();
        if (spare_.size() == spare_max)
            spare_.erase(spare_.begin());
        spare_.push_back(std::move(use.chunk));
    }
}

void Frames::drop_indexed(std::uint64_t indexed) {
    refs_.drop_before(std::min(in_memory_, indexed + 1));
}

std::uint64_t Frames::find_position(std::uint64_t position) const {
    auto low = refs_.begin();
    auto high = refs_.end();
    while (low < high) {
        auto const middle = low + (high - low) / 2;
        auto const& frame = refs_[middle];
        if (frame.first_position + frame.events <= position)
            low = middle + 1;
        else
            high = middle;
    }
    return low != refs_.end() && refs_[low].first_position <= position ? low : refs_.end();
}

std::uint64_t Frames::find_place(std::uint64_t generation, std::uint64_t offset,
                                 std::uint64_t durable) const {
    auto low = refs_.begin();
    auto high = std::min(refs_.end(), durable + 1);
    while (low < high) {
        auto const middle = low + (high - low) / 2;
        auto const& frame = refs_[middle];
        auto const end = frame.offset + frame_blocks_bytes(frame.length);
        if (frame.generation < generation || (frame.generation == generation && end <= offset))
            low = middle + 1;
        else
            high = middle;
    }
    bool const is_there = low < std::min(refs_.end(), durable + 1) &&
                          refs_[low].generation == generation && refs_[low].offset <= offset;
    return is_there ? low : refs_.end();
}

} // namespace kontor::journal

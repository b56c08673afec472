#include "adapters/embedded/journal/gathering.hpp"

#include <algorithm>

namespace kontor::journal {

Result<void> Gathering::keep_up() {
    std::uint64_t up_to = 0;
    {
        std::lock_guard const lock(state_.mutex);
        up_to = state_.durable_frame;
    }
    while (next_ <= up_to) {
        auto const some = take(up_to);
        for (auto const& taken : some) {
            auto& part = part_of(taken);
            auto const& frame = taken.frame;
            part.next_frame = taken.number + 1;
            part.end = frame.offset + frame_blocks_bytes(frame.length);
            part.is_whole = part.is_whole && (frame.chunk || frame.length == 0);
            if (part.is_whole)
                KONTOR_TRY(part.builder.add(
                    {frame.first_position, static_cast<std::uint32_t>(frame.offset), frame.events},
                    frame.chunk ? frame.body() : Bytes{}));
        }
    }
    return {};
}

std::vector<Gathering::Taken> Gathering::take(std::uint64_t up_to) {
    constexpr std::size_t some_max = 8;
    std::vector<Taken> some;
    std::lock_guard const lock(state_.mutex);
    lineage_ = state_.open_chain.lineage;
    next_ = std::max(next_, state_.frames.begin());
    for (; next_ <= up_to && some.size() < some_max; ++next_) {
        some.push_back({state_.frames[next_], next_});
    }
    return some;
}

Gathering::Part& Gathering::part_of(Taken const& taken) {
    auto const generation = taken.frame.generation;
    bool const is_new = parts_.empty() || parts_.back().generation != generation;
    if (is_new)
        parts_.push_back({generation, taken.number, taken.number, 0, true, IndexBuilder(lineage_)});
    auto& part = parts_.back();
    if (part.next_frame != taken.number)
        part.is_whole = false;
    return part;
}

std::optional<Gathering::Sealed> Gathering::hand_over(Chain const& start, Chain const& next) {
    while (!parts_.empty() && parts_.front().generation < start.generation)
        parts_.pop_front();
    if (parts_.empty() || parts_.front().generation != start.generation)
        return std::nullopt;
    auto part = std::move(parts_.front());
    parts_.pop_front();
    bool const is_all = part.is_whole && part.first_frame == start.number &&
                        part.next_frame == next.number && start.lineage == next.lineage;
    return is_all ? std::optional(Sealed{std::move(part.builder), part.end}) : std::nullopt;
}

} // namespace kontor::journal

#include "adapters/embedded/journal/postings.hpp"

#include <limits>

namespace kontor::journal {

void Postings::add(LiveStream& live, std::uint64_t first_version, CommitPlace const& place,
                   std::uint64_t kept) {
    if (live.newest_frame < kept) {
        live.loose_count = 0;
        live.last_group = 0;
        live.steps = {};
    }
    live.newest_frame = place.frame;
    Posting const posting{static_cast<std::uint32_t>(place.frame), place.record, place.commit,
                          static_cast<std::uint32_t>(first_version)};
    if (live.loose_count < live.loose.size()) {
        live.loose[live.loose_count++] = posting;
        return;
    }
    auto const number = groups_.end();
    auto const step = number - live.last_group;
    bool const is_near = live.last_group != 0 && step <= std::numeric_limits<std::uint32_t>::max();
    if (is_near)
        live.steps = {static_cast<std::uint32_t>(step), live.steps[0], live.steps[1],
                      live.steps[2]};
    else
        live.steps = {};
    groups_.push({{live.loose[0], live.loose[1], posting}, live.steps});
    live.last_group = number;
    live.loose_count = 0;
}

} // namespace kontor::journal

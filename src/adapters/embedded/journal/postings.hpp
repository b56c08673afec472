#pragma once

/// Postings: where the commits of each stream stand that no segment index covers yet. A stream
/// keeps its newest two itself; of three it makes a group here, and groups know the four before
/// them, so that whoever loads a stream waits for memory once and not once a commit.
///
/// Thread: guarded by the journal's mutex.
/// Invariants: 1. A group is dropped only when the frames of all its postings are.

#include "adapters/embedded/journal/fifo.hpp"
#include "adapters/embedded/journal/live.hpp"

namespace kontor::journal {

class Postings {
public:
    /// The number that the next group will have.
    std::uint64_t end() const { return groups_.end(); }
    void drop_before(std::uint64_t number) { groups_.drop_before(number); }

    /// Notes that the commit at `place` wrote to a stream from a version on. `kept` is the oldest
    /// frame that is still known.
    void add(LiveStream& live, std::uint64_t first_version, CommitPlace const& place,
             std::uint64_t kept);

    /// Calls `see(place, first version)` for each commit of a stream in known frames, newest first,
    /// until it says false.
    template <class See>
    void walk_back(LiveStream const& live, std::uint64_t kept, See const& see) const;

private:
    Fifo<PostingGroup> groups_{1};
};

template <class See>
void Postings::walk_back(LiveStream const& live, std::uint64_t kept, See const& see) const {
    auto ahead = live.last_group;
    groups_.fetch_ahead(ahead);
    for (auto const step : live.steps)
        groups_.fetch_ahead(ahead -= step);
    auto const see_one = [&](Posting const& posting) {
        CommitPlace const place{widen(posting.frame, live.newest_frame), posting.record,
                                posting.commit};
        return place.frame >= kept && see(place, widen(posting.first_version, live.version));
    };
    if (live.newest_frame < kept)
        return;
    for (auto n = live.loose_count; n-- > 0;)
        if (!see_one(live.loose[n]))
            return;
    for (auto number = live.last_group; groups_.holds(number);) {
        auto const& group = groups_[number];
        ahead = number;
        for (auto const step : group.steps)
            ahead -= step;
        groups_.fetch_ahead(ahead);
        for (auto n = group.postings.size(); n-- > 0;)
            if (!see_one(group.postings[n]))
                return;
        if (group.steps[0] == 0)
            return;
        number -= group.steps[0];
    }
}

} // namespace kontor::journal

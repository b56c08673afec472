#pragma once

/// Lanes: what is on its way to many receivers, each in a lane of its own, so that a slow or a
/// failing one delays no other. A parcel waits, is under way, and then is delivered, comes again
/// later, or is given up. Pure: who calls brings the time and does the delivering.
///
/// Invariants: 1. A lane has at most in_flight_max parcels under way; that none of them ends holds
///                up nothing but this lane.
///             2. Where a lane keeps the sequence, a parcel starts when the one before has ended.
///             3. Lanes take turns: one with many parcels does not starve one with few.
///
/// Thread: one.   Source: RELIABILITY section 3, I12.

#include "platform/messaging/lanes/limits.hpp"

#include "base/assert.hpp"
#include "base/instant.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace kontor::lanes {

enum class Sequence : std::uint8_t {
    free, ///< whatever is due starts
    kept  ///< one after the other
};

using ParcelNumber = std::uint64_t;

template <class Parcel>
class Lanes {
public:
    struct Attempt {
        ParcelNumber number{};
        std::string lane{};
        Parcel parcel{};
        std::uint32_t tries{}; ///< before this one
        Instant first{};       ///< when the parcel came into its lane
    };

    /// False: the lane has waiting_max parcels, and this one was not taken.
    bool add(std::string const& lane, Sequence sequence, Parcel parcel, Instant now) {
        auto& added = lanes_[lane];
        if (added.waiting.size() >= waiting_max)
            return false;
        added.sequence = sequence;
        auto const number = ++last_number_;
        parcels_.emplace(number, Entry{lane, std::move(parcel), 0, now, now});
        added.waiting.insert(place_of(added, number));
        return true;
    }

    /// Parcels that are due, as many as their lanes let, lanes in turn; they are under way then.
    std::vector<Attempt> start(Instant now, std::size_t up_to) {
        std::vector<Attempt> started;
        bool has_more = true;
        while (has_more && started.size() < up_to) {
            has_more = false;
            for (auto const& name : lanes_in_turn()) {
                if (started.size() == up_to)
                    break;
                if (auto attempt = start_one(name, now)) {
                    started.push_back(*std::move(attempt));
                    turn_ = name;
                    has_more = true;
                }
            }
        }
        return started;
    }

    /// It was delivered, or is given up: it leaves its lane.   Requires: it is under way.
    void end(ParcelNumber number) {
        auto const found = find_under_way(number);
        auto const lane = lanes_.find(found->second.lane);
        lane->second.under_way.erase(number);
        parcels_.erase(found);
        if (lane->second.waiting.empty() && lane->second.under_way.empty())
            lanes_.erase(lane);
    }

    /// It was not delivered and waits until then.   Requires: it is under way.
    void again(ParcelNumber number, Instant due) {
        auto& entry = find_under_way(number)->second;
        auto& lane = lanes_.at(entry.lane);
        lane.under_way.erase(number);
        ++entry.tries;
        entry.due = due;
        lane.waiting.insert(place_of(lane, number));
    }

    /// Everything that waits in a lane, which is closed; what is under way ends by itself.
    std::vector<Parcel> close(std::string const& name) {
        std::vector<Parcel> left;
        auto const lane = lanes_.find(name);
        if (lane == lanes_.end())
            return left;
        for (auto const& [place, number] : lane->second.waiting) {
            auto const found = parcels_.find(number);
            left.push_back(std::move(found->second.parcel));
            parcels_.erase(found);
        }
        lane->second.waiting.clear();
        if (lane->second.under_way.empty())
            lanes_.erase(lane);
        return left;
    }

    /// When something is due by the passing of time; nothing: not before something else happens.
    std::optional<Instant> next_due() const {
        std::optional<Instant> next;
        for (auto const& [name, lane] : lanes_) {
            if (lane.waiting.empty() || lane.under_way.size() >= in_flight_max_of(lane))
                continue;
            auto const due = parcels_.at(lane.waiting.begin()->second).due;
            next = next ? std::min(*next, due) : due;
        }
        return next;
    }

    std::size_t waiting(std::string const& name) const {
        auto const lane = lanes_.find(name);
        return lane == lanes_.end() ? 0 : lane->second.waiting.size();
    }
    std::size_t size() const { return parcels_.size(); }

private:
    struct Entry {
        std::string lane;
        Parcel parcel;
        std::uint32_t tries;
        Instant first;
        Instant due;
    };
    /// By due time, or where the sequence is kept by number alone.
    using Place = std::pair<Instant, ParcelNumber>;
    struct Lane {
        Sequence sequence{Sequence::free};
        std::set<Place> waiting;
        std::set<ParcelNumber> under_way;
    };

    static std::size_t in_flight_max_of(Lane const& lane) {
        return lane.sequence == Sequence::kept ? 1 : in_flight_max;
    }

    Place place_of(Lane const& lane, ParcelNumber number) const {
        return {lane.sequence == Sequence::kept ? Instant{} : parcels_.at(number).due, number};
    }

    auto find_under_way(ParcelNumber number) {
        auto const found = parcels_.find(number);
        KONTOR_ASSERT(found != parcels_.end() &&
                          lanes_.at(found->second.lane).under_way.contains(number),
                      "parcel {} is not under way", number);
        return found;
    }

    /// Behind the one whose turn it was last, and round.
    std::vector<std::string> lanes_in_turn() const {
        std::vector<std::string> names;
        for (auto lane = lanes_.upper_bound(turn_); lane != lanes_.end(); ++lane)
            names.push_back(lane->first);
        for (auto lane = lanes_.begin(); lane != lanes_.upper_bound(turn_); ++lane)
            names.push_back(lane->first);
        return names;
    }

    std::optional<Attempt> start_one(std::string const& name, Instant now) {
        auto& lane = lanes_.at(name);
        if (lane.waiting.empty() || lane.under_way.size() >= in_flight_max_of(lane))
            return std::nullopt;
        auto const number = lane.waiting.begin()->second;
        auto const& entry = parcels_.at(number);
        if (entry.due > now)
            return std::nullopt;
        lane.waiting.erase(lane.waiting.begin());
        lane.under_way.insert(number);
        return Attempt{number, name, entry.parcel, entry.tries, entry.first};
    }

    std::map<std::string, Lane> lanes_;
    std::map<ParcelNumber, Entry> parcels_;
    ParcelNumber last_number_{0};
    std::string turn_;
};

} // namespace kontor::lanes

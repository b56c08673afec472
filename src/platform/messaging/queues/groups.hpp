#pragma once

/// Groups: the groups of a queue, and whose turn it is. On a FIFO queue a group's list holds all of
/// its messages, and it has its turn while none of them is in flight; on a standard queue the
/// groups are tags of a fair queue, the list holds what waits and never waited before, `returned`
/// what waits again, and a tag has its turn while there is something. Turns go round.
///
/// Cost: O(1), but O(log n) for what returned.   Thread: one.
/// Source: Amazon SQS developer guide, "FIFO delivery logic", "Amazon SQS fair queues".

#include "platform/messaging/queues/shelf.hpp"
#include "ports/queue_admin.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::queues {

struct Group {
    std::string name{};
    std::uint64_t head{0}; ///< of its list, by number; 0: empty
    std::uint64_t tail{0};
    std::set<std::uint64_t> returned{}; ///< standard
    std::uint32_t members{0};           ///< messages that are in the queue
    std::uint32_t in_flight{0};
    std::uint32_t parked{0}; ///< messages that wait elsewhere, until somebody sends them back
    bool is_in_turn{false};
    bool is_blocked{false}; ///< its first message has failed, and nobody takes it away
};

class Groups {
public:
    Groups(ports::QueueKind kind, Shelf& shelf) : kind_(kind), shelf_(shelf) {}
    Groups(Groups const&) = delete;
    Groups& operator=(Groups const&) = delete;

    /// The group of that name, made where there is none.
    std::uint32_t enter(std::string_view name);
    Group& at(std::uint32_t group) { return groups_[group]; }
    /// Forgets a group that nothing speaks of any more.
    void leave(std::uint32_t group);

    /// Into its list, by number.
    void link(Record& record);
    void unlink(Record& record);
    /// Standard: it waits again.
    void put_back(Record& record);

    /// Gives a group its turn, if something of it can be handed out.
    void consider(std::uint32_t group);
    /// Whose turn it is; empty: nobody's. It stays its turn.
    std::optional<std::uint32_t> turn();
    /// The next one's turn; this one's again after all others.
    void pass();
    /// Standard: the oldest that waits.   Requires: it is its turn.
    Record& oldest(Group& group);
    /// FIFO: the one behind it in its list, or null.
    Record* behind(Record const& record) {
        return record.next == 0 ? nullptr : shelf_.find(record.next);
    }
    Record* head(Group& group) { return group.head == 0 ? nullptr : shelf_.find(group.head); }
    /// Nothing holds any group back any more that was blocked.
    void unblock_all();
    /// The groups of which something waits elsewhere, by name, and how much.
    std::vector<std::pair<std::string, std::uint32_t>> parked() const;
    std::size_t size() const { return by_name_.size(); }

private:
    bool has_something(Group& group);

    ports::QueueKind const kind_;
    Shelf& shelf_;
    std::deque<Group> groups_; ///< they never move: the names are keys
    std::vector<std::uint32_t> free_;
    boost::unordered_flat_map<std::string_view, std::uint32_t> by_name_;
    std::deque<std::uint32_t> turns_;
};

} // namespace kontor::queues

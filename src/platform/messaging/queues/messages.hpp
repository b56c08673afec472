#pragma once

/// Messages: all that is in one queue, and how each message stands. It knows times and sequences,
/// and nothing of receipts, dead letters, or who may do what: `Queues` decides that.
///
///   waiting → in flight → gone, or waiting again          delayed → waiting
///
/// Thread: one. Time is what the caller says, and never runs back.
/// Invariants: 1. sent = settled + in flight + delayed + waiting + dead + expired + purged.
///             2. In a group of a FIFO queue the list is in the sequence of the numbers.
/// Cost:       O(log n) for a call, with a million messages and as many groups.

#include "platform/messaging/queues/groups.hpp"
#include "platform/messaging/queues/timers.hpp"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace kontor::queues {

/// How a message left its queue.
enum class Left : std::uint8_t { settled, dead, expired, purged };

/// A message parked elsewhere is there no more: its group may go on when none is left.
struct Unparked {
    Id128 queue;
    std::string group;
};

class Messages {
public:
    Messages(ports::QueueKind kind, Duration retention)
        : kind_(kind), retention_(retention), groups_(kind, shelf_) {}

    Instant time() const { return time_; }
    /// Lets time pass: delays and leases end, and what is too old leaves.
    void advance(Instant now);
    void set_retention(Duration retention) { retention_ = retention; }

    /// The next number; it is given to nobody else.
    std::uint64_t take_number() { return next_++; }
    std::uint64_t next_number() const { return next_; }

    /// A message comes in, under a number that was taken, visible from `visible_at` on.
    Record& add(std::uint64_t number, std::string_view group, Instant sent_at, Instant visible_at);
    Record* find(std::uint64_t number) { return shelf_.find(number); }
    Record* first_from(std::uint64_t number) { return shelf_.first_from(number); }

    /// Handing out: whose turn it is, and what of it comes first; null: nothing can be had.
    Record* next_to_hand_out();
    /// FIFO: what may go with it in the same receive, or null.
    Record* next_of_group(Record const& record);
    /// Somebody has it until then, which `advance` sees to.   Requires: it waits.
    void hand_out(Record& record, Instant until);
    /// The turn goes to the next group.
    void pass() { groups_.pass(); }
    /// It was handed out: its count and its receipt are new.
    void count_receive(Record& record, std::uint32_t incarnation);
    /// Changes until when somebody has it; not after now: it waits again.   Requires: in flight.
    void set_until(Record& record, Instant until);
    /// Whoever had it has it anew.   Requires: it waits or is in flight.
    void hand_out_again(Record& record, Instant until);

    void remove(Record& record, Left how);
    void purge();

    Group& group_of(Record const& record) { return groups_.at(record.group); }
    Groups& groups() { return groups_; }
    Record* head_of(Group& group) { return groups_.head(group); }
    Record* behind(Record const& record) { return groups_.behind(record); }
    void block(Record const& record) { group_of(record).is_blocked = true; }
    /// One more, or one less, of a group waits elsewhere.
    void park(std::string_view group);
    void unpark(std::string_view group);
    std::uint64_t parked() const { return parked_; }
    bool is_parked(std::string_view group);

    /// What left and was parked for somebody; empties the list.
    std::vector<Unparked> take_unparked() { return std::exchange(unparked_, {}); }

    /// The next time at which something changes by itself.
    std::optional<Instant> next_time() const {
        return timers_.empty() ? std::nullopt : std::optional(timers_.first().until);
    }
    std::uint64_t in_flight() const { return counts_.in_flight; }
    ports::QueueDepth depth();
    /// Counted anew from the messages themselves.
    ports::QueueDepth recount();

    // For whoever keeps how a queue stands.

    ports::QueueDepth const& counts() const { return counts_; }
    /// How many wait elsewhere, of each group that has some.
    std::vector<std::pair<std::string, std::uint32_t>> parked_groups() const;
    /// What went through before: the counts of what has left, and the numbers that were given.
    /// Requires: what is there came in again.
    void take_up(ports::QueueDepth const& past, std::uint64_t next_number);

private:
    void make_waiting(Record& record);
    std::uint64_t& count_of(State state);

    ports::QueueKind const kind_;
    Duration retention_;
    Instant time_{};
    std::uint64_t next_{1};
    Shelf shelf_;
    Timers timers_;
    Groups groups_;
    Instant latest_sent_{};
    std::set<std::pair<Instant, std::uint64_t>> older_; ///< sent before one with a lower number
    std::vector<Unparked> unparked_;
    std::uint64_t parked_{0};
    ports::QueueDepth counts_{};
};

} // namespace kontor::queues

#pragma once

/// What is written of queues that stand, for a checkpoint.
///
///   standing := list of StandingRemoval, count, queue*     queue := StandingQueue StandingMessage*
///
/// Each as codec/binary.hpp writes it. Whose turn it is, is not in it: after a start the group
/// whose message is oldest comes first. Nor is what a crash forgets: who has a message, attempts
/// that may be repeated, a group that blocks until its message is tried again.
///
/// NOTE: a checkpoint is derived. Whoever changes something here gives its format a new name.

#include "base/describe.hpp"
#include "domain/queue/events.hpp"
#include "ports/queue_admin.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kontor::queues {

struct StandingRemoval {
    std::string name;
    Instant at;
};
BOOST_DESCRIBE_STRUCT(StandingRemoval, (), (name, at))
static_assert(describes_every_field<StandingRemoval>());

struct StandingOrigin {
    Id128 id;
    Id128 queue;
    queue::Name queue_name;
    bool is_parked;
    bool was_moved_back;
    std::uint32_t attempts;
    Instant first_received_at;
    std::string cause;
    queue::Why why;
    Instant died_at;
};
BOOST_DESCRIBE_STRUCT(StandingOrigin, (),
                      (id, queue, queue_name, is_parked, was_moved_back, attempts,
                       first_received_at, cause, why, died_at))
static_assert(describes_every_field<StandingOrigin>());

struct StandingMessage {
    std::uint64_t sequence;
    std::uint32_t group; ///< among those of its queue
    std::uint32_t receive_count;
    std::uint64_t epoch;
    Instant sent_at;
    Instant visible_at;
    Instant received_at;
    Instant first_received_at;
    std::uint64_t position;
    std::optional<StandingOrigin> origin;
};
BOOST_DESCRIBE_STRUCT(StandingMessage, (),
                      (sequence, group, receive_count, epoch, sent_at, visible_at, received_at,
                       first_received_at, position, origin))
static_assert(describes_every_field<StandingMessage>());

struct StandingParked {
    std::string group;
    std::uint32_t messages;
};
BOOST_DESCRIBE_STRUCT(StandingParked, (), (group, messages))
static_assert(describes_every_field<StandingParked>());

struct StandingRepetition {
    Instant at;
    std::uint64_t high;
    std::uint64_t low;
    std::uint64_t number;
};
BOOST_DESCRIBE_STRUCT(StandingRepetition, (), (at, high, low, number))
static_assert(describes_every_field<StandingRepetition>());

struct StandingMove {
    Id128 id;
    queue::Name destination;
    std::uint32_t messages_per_second;
    ports::MoveTaskStatus status;
    std::uint64_t moved;
    std::uint64_t to_move;
    Instant started_at;
    Instant begins_at;
    bool is_selection;
    std::string failure;
};
BOOST_DESCRIBE_STRUCT(StandingMove, (),
                      (id, destination, messages_per_second, status, moved, to_move, started_at,
                       begins_at, is_selection, failure))
static_assert(describes_every_field<StandingMove>());

struct StandingQueue {
    Id128 id;
    queue::Name name;
    queue::Owner owner;
    std::vector<std::uint8_t> key;
    queue::Settings settings;
    std::vector<queue::Named> tags;
    Instant created_at;
    Instant changed_at;
    Instant time;
    std::optional<Instant> purged_at;
    std::optional<Instant> paused_at;
    std::uint64_t next_number;
    std::uint64_t sent;
    std::uint64_t settled;
    std::uint64_t dead;
    std::uint64_t expired;
    std::uint64_t purged;
    std::uint64_t receives;
    std::vector<StandingParked> parked;
    std::vector<StandingRepetition> repetitions;
    std::vector<StandingMove> moves;
    std::vector<std::uint64_t> selected; ///< and still to be moved
    std::vector<std::string> groups;
    std::uint64_t messages; ///< so many follow
};
BOOST_DESCRIBE_STRUCT(StandingQueue, (),
                      (id, name, owner, key, settings, tags, created_at, changed_at, time,
                       purged_at, paused_at, next_number, sent, settled, dead, expired, purged,
                       receives, parked, repetitions, moves, selected, groups, messages))
static_assert(describes_every_field<StandingQueue>());

} // namespace kontor::queues

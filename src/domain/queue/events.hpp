#pragma once

/// The facts of a queue: that it was made, what went into it, who took it out, and where else it
/// went. A stream for each queue, named by the queue's id; all that a queue knows is a fold over
/// it and over what other queues say that they moved into it.
///
/// WARNING: these are stored for ever. The field names are the JSON format, their order is the
/// binary one. A fact changes in one way only: an optional field added at its end.
///
/// That a message's time of waiting or its retention has passed is no fact: it follows from the
/// time at which the next fact says it happened.
///
/// Source: MESSAGING section 6.

#include "base/describe.hpp"
#include "base/inline_text.hpp"
#include "base/instant.hpp"
#include "domain/values/id128.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::queue {

using Name = InlineText<80>;

// Stored as their numbers: only ever added to.
enum class Kind : std::uint8_t { standard = 1, fifo = 2 };
BOOST_DESCRIBE_ENUM(Kind, standard, fifo)
enum class Scope : std::uint8_t { queue = 1, message_group = 2 };
BOOST_DESCRIBE_ENUM(Scope, queue, message_group)
enum class Throughput : std::uint8_t { per_queue = 1, per_message_group_id = 2 };
BOOST_DESCRIBE_ENUM(Throughput, per_queue, per_message_group_id)
enum class Policy : std::uint8_t { skip = 1, park = 2, block = 3 };
BOOST_DESCRIBE_ENUM(Policy, skip, park, block)
enum class Admits : std::uint8_t { all = 1, none = 2, by_queue = 3 };
BOOST_DESCRIBE_ENUM(Admits, all, none, by_queue)
enum class Owner : std::uint8_t { topology = 1, caller = 2 };
BOOST_DESCRIBE_ENUM(Owner, topology, caller)
enum class Why : std::uint8_t {
    received_too_often = 1,
    refused = 2, ///< its receiver said that it can never succeed
    parked = 3,  ///< one before it in its group had to go
    moved = 4    ///< by a move task
};
BOOST_DESCRIBE_ENUM(Why, received_too_often, refused, parked, moved)
enum class MoveEnd : std::uint8_t { completed = 1, cancelled = 2, failed = 3 };
BOOST_DESCRIBE_ENUM(MoveEnd, completed, cancelled, failed)

struct Named {
    std::string name;
    std::string value;
    friend bool operator==(Named const&, Named const&) = default;
};
BOOST_DESCRIBE_STRUCT(Named, (), (name, value))
static_assert(describes_every_field<Named>());

struct Redrive {
    Name dead_letters;
    std::uint32_t receives_max;
    Policy policy;
    friend bool operator==(Redrive const&, Redrive const&) = default;
};
BOOST_DESCRIBE_STRUCT(Redrive, (), (dead_letters, receives_max, policy))
static_assert(describes_every_field<Redrive>());

struct Settings {
    Kind kind;
    Duration visibility;
    Duration retention;
    Duration delay;
    Duration receive_wait;
    std::uint32_t message_bytes_max;
    bool deduplicates_by_content;
    Scope deduplication_scope;
    Throughput throughput_limit;
    std::optional<Redrive> redrive;
    Admits redrive_admits;
    std::vector<Name> redrive_sources;
    std::vector<Named> kept;
    friend bool operator==(Settings const&, Settings const&) = default;
};
BOOST_DESCRIBE_STRUCT(Settings, (),
                      (kind, visibility, retention, delay, receive_wait, message_bytes_max,
                       deduplicates_by_content, deduplication_scope, throughput_limit, redrive,
                       redrive_admits, redrive_sources, kept))
static_assert(describes_every_field<Settings>());

/// `key` makes and checks the receipts of this queue.
struct Created {
    Instant at;
    Name name;
    Owner owner;
    std::vector<std::uint8_t> key;
    Settings settings;
    std::vector<Named> tags;
    friend bool operator==(Created const&, Created const&) = default;
};
BOOST_DESCRIBE_STRUCT(Created, (), (at, name, owner, key, settings, tags))
static_assert(describes_every_field<Created>());

struct Changed {
    Instant at;
    Settings settings;
    std::vector<Named> tags;
    friend bool operator==(Changed const&, Changed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Changed, (), (at, settings, tags))
static_assert(describes_every_field<Changed>());

struct Removed {
    Instant at;
    friend bool operator==(Removed const&, Removed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Removed, (), (at))
static_assert(describes_every_field<Removed>());

struct Purged {
    Instant at;
    friend bool operator==(Purged const&, Purged const&) = default;
};
BOOST_DESCRIBE_STRUCT(Purged, (), (at))
static_assert(describes_every_field<Purged>());

struct Attribute {
    std::string name;
    std::string type;
    std::string text;                ///< the value, but of a Binary one
    std::vector<std::uint8_t> bytes; ///< the value of a Binary one
    friend bool operator==(Attribute const&, Attribute const&) = default;
};
BOOST_DESCRIBE_STRUCT(Attribute, (), (name, type, text, bytes))
static_assert(describes_every_field<Attribute>());

struct MessageSent {
    Instant at;
    std::uint64_t sequence;
    Instant visible_at;
    InlineText<63> sender;
    std::string group_id;
    std::string deduplication_id; ///< as the sender said it; empty: none, or the body is it
    std::string trace_header;
    std::vector<Attribute> attributes;
    std::string body;
    std::optional<Id128> retry_of; ///< the dead letter whose copy this is
    friend bool operator==(MessageSent const&, MessageSent const&) = default;
};
BOOST_DESCRIBE_STRUCT(MessageSent, (),
                      (at, sequence, visible_at, sender, group_id, deduplication_id, trace_header,
                       attributes, body, retry_of))
static_assert(describes_every_field<MessageSent>());

/// Nobody waits for this fact to be durable: a crash may lose it, and a count is one low then.
/// `incarnation` tells the receipts of one run from those of another.
struct MessagesReceived {
    Instant at;
    std::uint32_t incarnation;
    std::vector<std::uint64_t> sequences;
    friend bool operator==(MessagesReceived const&, MessagesReceived const&) = default;
};
BOOST_DESCRIBE_STRUCT(MessagesReceived, (), (at, incarnation, sequences))
static_assert(describes_every_field<MessagesReceived>());

struct MessagesSettled {
    Instant at;
    std::vector<std::uint64_t> sequences;
    friend bool operator==(MessagesSettled const&, MessagesSettled const&) = default;
};
BOOST_DESCRIBE_STRUCT(MessagesSettled, (), (at, sequences))
static_assert(describes_every_field<MessagesSettled>());

/// They left this queue and stand in another: one fact, so that no crash comes between. There they
/// are numbered from `first_sequence`, in the sequence of `sequences`.
struct MessagesMoved {
    Instant at;
    Id128 to;
    Why why;
    std::uint64_t first_sequence;
    std::vector<std::uint64_t> sequences;
    std::string cause;
    std::optional<Id128> task;
    friend bool operator==(MessagesMoved const&, MessagesMoved const&) = default;
};
BOOST_DESCRIBE_STRUCT(MessagesMoved, (), (at, to, why, first_sequence, sequences, cause, task))
static_assert(describes_every_field<MessagesMoved>());

struct MoveStarted {
    Instant at;
    Id128 task;
    Name destination; ///< empty: to where each message came from
    std::uint32_t messages_per_second;
    std::uint64_t to_move;
    std::optional<Instant> begins_at;               ///< absent: at once
    std::optional<std::vector<std::uint64_t>> only; ///< these, ascending; absent: all that wait
    friend bool operator==(MoveStarted const&, MoveStarted const&) = default;
};
BOOST_DESCRIBE_STRUCT(MoveStarted, (),
                      (at, task, destination, messages_per_second, to_move, begins_at, only))
static_assert(describes_every_field<MoveStarted>());

struct MoveEnded {
    Instant at;
    Id128 task;
    MoveEnd end;
    std::string failure;
    friend bool operator==(MoveEnded const&, MoveEnded const&) = default;
};
BOOST_DESCRIBE_STRUCT(MoveEnded, (), (at, task, end, failure))
static_assert(describes_every_field<MoveEnded>());

/// It accepts what is sent and hands nothing out, until it is resumed.
struct Paused {
    Instant at;
    friend bool operator==(Paused const&, Paused const&) = default;
};
BOOST_DESCRIBE_STRUCT(Paused, (), (at))
static_assert(describes_every_field<Paused>());

struct Resumed {
    Instant at;
    friend bool operator==(Resumed const&, Resumed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Resumed, (), (at))
static_assert(describes_every_field<Resumed>());

using Event = std::variant<Created, Changed, Removed, Purged, MessageSent, MessagesReceived,
                           MessagesSettled, MessagesMoved, MoveStarted, MoveEnded, Paused, Resumed>;

} // namespace kontor::queue

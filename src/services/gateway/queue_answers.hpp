#pragma once

/// What the shop answers operators of queues: as answers.hpp, under the same rule.

#include "codec/json_values.hpp"
#include "ports/dead_letters.hpp"
#include "ports/queue_admin.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

/// sent = settled + in flight + delayed + waiting + dead + expired + purged.
struct QueueAnswer {
    std::string name;
    ports::QueueKind kind;
    ports::QueueOwner owner;
    std::uint64_t waiting;
    std::uint64_t delayed;
    std::uint64_t in_flight;
    std::optional<Instant> oldest_sent_at; ///< of what is in it
    std::uint64_t sent;
    std::uint64_t settled;
    std::uint64_t dead;
    std::uint64_t expired;
    std::uint64_t purged;
    std::uint64_t receives;
    std::int64_t visibility_s;
    std::int64_t retention_s;
    std::optional<std::string> dead_letters; ///< where they go to
    std::optional<std::uint32_t> receives_max;
    std::optional<ports::DeadLetterPolicy> policy;
    Instant created_at;
    std::optional<Instant> paused_at; ///< since then it hands nothing out
};
BOOST_DESCRIBE_STRUCT(QueueAnswer, (),
                      (name, kind, owner, waiting, delayed, in_flight, oldest_sent_at, sent,
                       settled, dead, expired, purged, receives, visibility_s, retention_s,
                       dead_letters, receives_max, policy, created_at, paused_at))
static_assert(describes_every_field<QueueAnswer>());

struct SentAnswer {
    std::string queue;
    std::string message_id;
    std::uint64_t sequence;
    bool is_duplicate; ///< nothing was sent: it is the first one's id
};
BOOST_DESCRIBE_STRUCT(SentAnswer, (), (queue, message_id, sequence, is_duplicate))
static_assert(describes_every_field<SentAnswer>());

/// Without a target each goes to where it came from. Of `to_move`: as of the start.
struct RedriveAnswer {
    std::string id;
    std::string queue;
    std::optional<std::string> target;
    ports::MoveTaskStatus state;
    std::uint32_t rate;
    std::uint64_t moved;
    std::uint64_t to_move;
    Instant started_at;
    Instant begins_at; ///< until then it can be cancelled, and nothing has happened
    std::optional<std::string> failure;
};
BOOST_DESCRIBE_STRUCT(RedriveAnswer, (),
                      (id, queue, target, state, rate, moved, to_move, started_at, begins_at,
                       failure))
static_assert(describes_every_field<RedriveAnswer>());

struct LetterAttributeAnswer {
    std::string name;
    std::string type;
    std::string value; ///< of a Binary one in base 64
};
BOOST_DESCRIBE_STRUCT(LetterAttributeAnswer, (), (name, type, value))
static_assert(describes_every_field<LetterAttributeAnswer>());

/// A message that lies in a queue. In lists a long body is cut, and attributes are left out.
struct LetterAnswer {
    std::uint64_t number; ///< in its queue
    std::string message_id;
    ports::Standing state;
    std::optional<Instant> until; ///< delayed, in flight: when that ends
    Instant sent_at;
    std::uint32_t receives; ///< here
    std::optional<std::string> group;
    std::optional<std::string> dedup_id;
    std::optional<std::string> sender;
    std::optional<std::string> trace;
    std::optional<std::string> source; ///< the queue that gave it up
    std::optional<ports::Death> death;
    std::optional<Instant> died_at;
    std::optional<std::uint32_t> attempts; ///< so often it was received there
    std::optional<Instant> first_received_at;
    std::optional<std::string> cause; ///< as its receiver said it
    std::string cause_id;             ///< of its group
    std::uint64_t bytes;              ///< of its body
    std::string body;
    std::vector<LetterAttributeAnswer> attributes;
};
BOOST_DESCRIBE_STRUCT(LetterAnswer, (),
                      (number, message_id, state, until, sent_at, receives, group, dedup_id, sender,
                       trace, source, death, died_at, attempts, first_received_at, cause, cause_id,
                       bytes, body, attributes))
static_assert(describes_every_field<LetterAnswer>());

/// Without an id: letters of still more causes than are told apart.
struct LetterCauseAnswer {
    std::string id;
    std::optional<std::string> source;
    std::string words; ///< with # for what differs
    std::uint64_t count;
    Instant first; ///< when the first of those that are there died
    Instant last;
    std::uint64_t sample; ///< the number of the latest
    std::string said;     ///< of that one
};
BOOST_DESCRIBE_STRUCT(LetterCauseAnswer, (), (id, source, words, count, first, last, sample, said))
static_assert(describes_every_field<LetterCauseAnswer>());

/// The copy that was sent in place of a dead letter.
struct RetryAnswer {
    std::string target;
    std::string message_id;
    std::string dedup_id; ///< the original's, and how often it was edited: "ord_1~1"
};
BOOST_DESCRIBE_STRUCT(RetryAnswer, (), (target, message_id, dedup_id))
static_assert(describes_every_field<RetryAnswer>());

/// What would come of a message now.
enum class LetterTrial : std::uint8_t {
    accepted,      ///< it would take effect
    refused,       ///< the shop would say no
    unreadable,    ///< it can never succeed
    nothing,       ///< it asks for nothing that is not done already
    done_before,   ///< it has taken effect
    done_otherwise ///< it has taken effect, saying something else
};
BOOST_DESCRIBE_ENUM(LetterTrial, accepted, refused, unreadable, nothing, done_before,
                    done_otherwise)

/// With each fact stands its data.
struct TriedFactAnswer {
    std::string type;
    std::string stream;
};
BOOST_DESCRIBE_STRUCT(TriedFactAnswer, (), (type, stream))
static_assert(describes_every_field<TriedFactAnswer>());

/// Facts that it would write stand behind it.
struct LetterTrialAnswer {
    LetterTrial outcome;
    std::optional<std::string> problem; ///< the code of the refusal
    std::optional<std::string> why;
    std::uint64_t follow_ups; ///< commands that would follow, with facts of their own
};
BOOST_DESCRIBE_STRUCT(LetterTrialAnswer, (), (outcome, problem, why, follow_ups))
static_assert(describes_every_field<LetterTrialAnswer>());

struct DiscardAnswer {
    std::string queue;
    std::uint64_t discarded;
    std::uint64_t gone_before;
    std::uint64_t in_flight; ///< somebody is at work on them: they stay
};
BOOST_DESCRIBE_STRUCT(DiscardAnswer, (), (queue, discarded, gone_before, in_flight))
static_assert(describes_every_field<DiscardAnswer>());

} // namespace kontor::services::gateway

#pragma once

/// The facts of those who work behind the log and write into it again. Of a follower: how far it
/// has come, in a stream named by what it does (`process-bus`), in the commit of what it did. Of
/// the bus: what callers put on it (`process-events`), and the buses, rules, targets, topics,
/// subscriptions and archives that they made beside the topology's, and the replays that they
/// began (`process-wiring`). Each says what stands from then on, so the latest one of a name is
/// all that is true of it.
///
/// WARNING: these are stored for ever. The field names are the JSON format, their order is the
/// binary one. A fact changes in one way only: an optional field added at its end.
///
/// Source: MESSAGING sections 4 and 5.

#include "base/describe.hpp"
#include "base/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::process {

/// All facts up to this position of the log, itself included, have had what they ask for; and of
/// what the one right behind it asks for, everything has been done up to `after`. It names what was
/// done last by what it came through (router/letter.hpp), in whose sequence things are done: who
/// goes on after rules have come and gone knows what still waits.
struct Followed {
    std::uint64_t through;
    std::optional<std::uint64_t> of_next{}; ///< not written any more: a count says too little
    std::optional<std::string> after{};
    friend bool operator==(Followed const&, Followed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Followed, (), (through, of_next, after))
static_assert(describes_every_field<Followed>());

struct Named {
    std::string name;
    std::string value;
    friend bool operator==(Named const&, Named const&) = default;
};
BOOST_DESCRIBE_STRUCT(Named, (), (name, value))
static_assert(describes_every_field<Named>());

/// An event from outside was accepted. `id` is a UUID, `envelope` what patterns are asked of.
struct EventPut {
    std::string id;
    std::string bus;
    std::string envelope;
    Instant time;
    Instant ingested;
    friend bool operator==(EventPut const&, EventPut const&) = default;
};
BOOST_DESCRIBE_STRUCT(EventPut, (), (id, bus, envelope, time, ingested))
static_assert(describes_every_field<EventPut>());

struct BusPut {
    std::string name;
    std::string description;
    std::string dead_letter_arn;
    Instant at;
    friend bool operator==(BusPut const&, BusPut const&) = default;
};
BOOST_DESCRIBE_STRUCT(BusPut, (), (name, description, dead_letter_arn, at))
static_assert(describes_every_field<BusPut>());

struct BusDeleted {
    std::string name;
    friend bool operator==(BusDeleted const&, BusDeleted const&) = default;
};
BOOST_DESCRIBE_STRUCT(BusDeleted, (), (name))
static_assert(describes_every_field<BusDeleted>());

/// At most one of constant, path and template says what a target gets; none: the whole event.
struct Target {
    std::string id;
    std::string arn;
    std::string role_arn;
    std::string dead_letter_arn;
    std::string message_group_id;
    std::vector<Named> paths; ///< of the template's variables
    std::optional<std::string> constant;
    std::optional<std::string> path;
    std::optional<std::string> filled; ///< the template
    std::optional<std::uint32_t> tries_max;
    std::optional<std::uint32_t> age_seconds;
    friend bool operator==(Target const&, Target const&) = default;
};
BOOST_DESCRIBE_STRUCT(Target, (),
                      (id, arn, role_arn, dead_letter_arn, message_group_id, paths, constant, path,
                       filled, tries_max, age_seconds))
static_assert(describes_every_field<Target>());

/// A rule with all its targets.
struct RulePut {
    std::string bus;
    std::string name;
    std::string pattern;
    bool is_enabled;
    std::string description;
    std::string role_arn;
    std::vector<Target> targets;
    friend bool operator==(RulePut const&, RulePut const&) = default;
};
BOOST_DESCRIBE_STRUCT(RulePut, (), (bus, name, pattern, is_enabled, description, role_arn, targets))
static_assert(describes_every_field<RulePut>());

struct RuleDeleted {
    std::string bus;
    std::string name;
    friend bool operator==(RuleDeleted const&, RuleDeleted const&) = default;
};
BOOST_DESCRIBE_STRUCT(RuleDeleted, (), (bus, name))
static_assert(describes_every_field<RuleDeleted>());

struct TopicPut {
    std::string name;
    std::vector<Named> attributes;
    friend bool operator==(TopicPut const&, TopicPut const&) = default;
};
BOOST_DESCRIBE_STRUCT(TopicPut, (), (name, attributes))
static_assert(describes_every_field<TopicPut>());

/// With all its subscriptions.
struct TopicDeleted {
    std::string name;
    friend bool operator==(TopicDeleted const&, TopicDeleted const&) = default;
};
BOOST_DESCRIBE_STRUCT(TopicDeleted, (), (name))
static_assert(describes_every_field<TopicDeleted>());

/// Somebody wants what is published: a queue, or who stands behind a URL. The latter is asked
/// first, and gets nothing before it said yes.
struct SubscriptionPut {
    std::string arn;
    std::string topic_arn;
    std::string endpoint; ///< the ARN of a queue, or a URL
    std::vector<Named> attributes;
    std::optional<Instant> asked{};
    std::optional<Instant> confirmed{};
    friend bool operator==(SubscriptionPut const&, SubscriptionPut const&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionPut, (), (arn, topic_arn, endpoint, attributes, asked, confirmed))
static_assert(describes_every_field<SubscriptionPut>());

struct SubscriptionDeleted {
    std::string arn;
    friend bool operator==(SubscriptionDeleted const&, SubscriptionDeleted const&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionDeleted, (), (arn))
static_assert(describes_every_field<SubscriptionDeleted>());

/// All tags of a bus, a rule or a topic.
struct Tagged {
    std::string arn;
    std::vector<Named> tags;
    friend bool operator==(Tagged const&, Tagged const&) = default;
};
BOOST_DESCRIBE_STRUCT(Tagged, (), (arn, tags))
static_assert(describes_every_field<Tagged>());

/// A view of the log: what comes behind `since`, on a bus, and meets a pattern.
struct ArchivePut {
    std::string name;
    std::string bus;
    std::string description;
    std::string pattern;          ///< empty: all
    std::uint32_t retention_days; ///< 0: for ever
    std::uint64_t since;          ///< position in the log
    Instant at;                   ///< when it was made
    friend bool operator==(ArchivePut const&, ArchivePut const&) = default;
};
BOOST_DESCRIBE_STRUCT(ArchivePut, (), (name, bus, description, pattern, retention_days, since, at))
static_assert(describes_every_field<ArchivePut>());

/// Its replays end.
struct ArchiveDeleted {
    std::string name;
    Instant at;
    friend bool operator==(ArchiveDeleted const&, ArchiveDeleted const&) = default;
};
BOOST_DESCRIBE_STRUCT(ArchiveDeleted, (), (name, at))
static_assert(describes_every_field<ArchiveDeleted>());

/// What an archive holds of a stretch of the log and a window of time is brought again.
struct ReplayStarted {
    std::uint64_t number; ///< of all replays; its stream is `process-replay-<number>`
    std::string name;
    std::string description;
    std::string archive;
    std::vector<std::string> rule_arns; ///< that it is for; none: all
    Instant start;
    Instant end;
    std::uint64_t from;  ///< behind this position
    std::uint64_t until; ///< up to this one
    Instant at;
    std::optional<std::string> pattern{}; ///< only what meets it
    friend bool operator==(ReplayStarted const&, ReplayStarted const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplayStarted, (),
                      (number, name, description, archive, rule_arns, start, end, from, until, at,
                       pattern))
static_assert(describes_every_field<ReplayStarted>());

struct ReplayCancelled {
    std::string name;
    Instant at;
    friend bool operator==(ReplayCancelled const&, ReplayCancelled const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplayCancelled, (), (name, at))
static_assert(describes_every_field<ReplayCancelled>());

/// How far a replay has come, in its own stream: as Followed.
struct ReplayMoved {
    std::uint64_t through;
    Instant at;
    std::optional<Instant> reached{}; ///< time of the last event that it brought
    std::optional<std::string> after{};
    friend bool operator==(ReplayMoved const&, ReplayMoved const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplayMoved, (), (through, at, reached, after))
static_assert(describes_every_field<ReplayMoved>());

using Event = std::variant<Followed, EventPut, BusPut, BusDeleted, RulePut, RuleDeleted, TopicPut,
                           TopicDeleted, SubscriptionPut, SubscriptionDeleted, Tagged, ArchivePut,
                           ArchiveDeleted, ReplayStarted, ReplayCancelled, ReplayMoved>;

} // namespace kontor::process

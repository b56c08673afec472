#pragma once

/// What operators send about queues, rules, topics and archives: as bodies.hpp, under the same
/// rule.

#include "services/gateway/bodies.hpp"

#include "platform/messaging/topics/filter_policy.hpp"

namespace kontor::services::gateway {

// Queues.

struct SendToQueue {
    std::string body;
    std::optional<Text<1, 128>> group;
    std::optional<Text<1, 128>> dedup;
    std::optional<Count> delay_s;
};
BOOST_DESCRIBE_STRUCT(SendToQueue, (), (body, group, dedup, delay_s))
static_assert(describes_every_field<SendToQueue>());

struct PurgeQueue {
    Text<1, 80> confirm; ///< the name of the queue
    Reason reason;
};
BOOST_DESCRIBE_STRUCT(PurgeQueue, (), (confirm, reason))
static_assert(describes_every_field<PurgeQueue>());

/// Without a target each message goes back to where it came from; without messages or a cause all
/// go.
struct Redrive {
    Reason reason;
    std::optional<Text<1, 80>> target;
    std::optional<Count> rate;
    std::optional<std::vector<Count>> messages; ///< by their numbers
    std::optional<Text<16, 16>> cause;          ///< all of one group
};
BOOST_DESCRIBE_STRUCT(Redrive, (), (reason, target, rate, messages, cause))
static_assert(describes_every_field<Redrive>());

struct TestRule {
    Text<1, 4096> pattern;
    std::string event; ///< an envelope of the bus as JSON, or part of one
};
BOOST_DESCRIBE_STRUCT(TestRule, (), (pattern, event))
static_assert(describes_every_field<TestRule>());

/// The rule has these queues and no others; what else a target may have is said through the AWS
/// endpoint.
struct PutRule {
    Reason reason;
    Text<1, 4096> pattern;
    std::vector<Text<1, 80>> queues;
    std::optional<Text<1, 128>> group;       ///< in which FIFO queues keep what they get
    std::optional<Text<1, 80>> dead_letters; ///< the queue of what cannot be delivered
    std::optional<Text<1, 512>> description;
};
BOOST_DESCRIBE_STRUCT(PutRule, (), (reason, pattern, queues, group, dead_letters, description))
static_assert(describes_every_field<PutRule>());

/// An event that somebody has, or a fact of the log.
struct MatchRules {
    std::optional<std::string> event;
    std::optional<Count> position;
    std::optional<Text<1, 256>> bus;
};
BOOST_DESCRIBE_STRUCT(MatchRules, (), (event, position, bus))
static_assert(describes_every_field<MatchRules>());

/// Without a target it goes back to where it came from.
struct RetryLetter {
    Reason reason;
    std::optional<std::string> body; ///< what the copy says instead
    std::optional<Text<1, 80>> target;
};
BOOST_DESCRIBE_STRUCT(RetryLetter, (), (reason, body, target))
static_assert(describes_every_field<RetryLetter>());

struct TryLetter {
    std::optional<std::string> body; ///< what a copy would say instead
};
BOOST_DESCRIBE_STRUCT(TryLetter, (), (body))
static_assert(describes_every_field<TryLetter>());

struct DiscardLetters {
    Reason reason;
    std::optional<std::vector<Count>> messages; ///< by their numbers
    std::optional<Text<16, 16>> cause;          ///< all of one group
};
BOOST_DESCRIBE_STRUCT(DiscardLetters, (), (reason, messages, cause))
static_assert(describes_every_field<DiscardLetters>());

// Topics.

struct SentAttribute {
    Text<1, 256> name;
    std::string value;
    std::optional<Text<1, 256>> type; ///< String, Number or String.Array; none: String
};
BOOST_DESCRIBE_STRUCT(SentAttribute, (), (name, value, type))
static_assert(describes_every_field<SentAttribute>());

struct PublishToTopic {
    std::string body;
    std::optional<Text<1, 100>> subject;
    std::optional<std::vector<SentAttribute>> attributes;
    std::optional<Text<1, 128>> group;
    std::optional<Text<1, 128>> dedup;
};
BOOST_DESCRIBE_STRUCT(PublishToTopic, (), (body, subject, attributes, group, dedup))
static_assert(describes_every_field<PublishToTopic>());

struct TestFilter {
    std::string filter;
    std::string message;                      ///< the body
    std::optional<topics::FilterScope> scope; ///< none: body
    std::optional<std::vector<SentAttribute>> attributes;
};
BOOST_DESCRIBE_STRUCT(TestFilter, (), (filter, message, scope, attributes))
static_assert(describes_every_field<TestFilter>());

/// How a subscription is set.
struct SubscribeTo {
    Text<1, 2048> endpoint;                   ///< the name of a queue, or a URL
    std::optional<std::string> filter;        ///< none: all that is published
    std::optional<topics::FilterScope> scope; ///< of what it is asked; none: of the body
    std::optional<bool> raw;                  ///< the message alone, without its envelope
    std::optional<Text<0, 80>> dead_letters;  ///< none: those of the shop; empty: lost, and counted
};
BOOST_DESCRIBE_STRUCT(SubscribeTo, (), (endpoint, filter, scope, raw, dead_letters))
static_assert(describes_every_field<SubscribeTo>());

/// What is not said stays as it is.
struct ChangeSubscription {
    std::optional<std::string> filter; ///< {}: all that is published
    std::optional<topics::FilterScope> scope;
    std::optional<bool> raw;
    std::optional<Text<0, 80>> dead_letters;
};
BOOST_DESCRIBE_STRUCT(ChangeSubscription, (), (filter, scope, raw, dead_letters))
static_assert(describes_every_field<ChangeSubscription>());

// Archives.

/// What an archive holds of a window is brought once more, to some rules of its bus or to all.
struct StartReplay {
    Text<1, 64> name;
    Text<1, 48> archive;
    Instant from; ///< by the time of the events
    Instant to;   ///< not itself
    Reason reason;
    std::optional<std::vector<Text<1, 64>>> rules; ///< none: all
    std::optional<Text<1, 4096>> pattern;          ///< only what meets it, as rules say it
    std::optional<Text<1, 512>> description;
};
BOOST_DESCRIBE_STRUCT(StartReplay, (),
                      (name, archive, from, to, reason, rules, pattern, description))
static_assert(describes_every_field<StartReplay>());

} // namespace kontor::services::gateway

#pragma once

/// Topology: the one declaration of what messages flow through: bus, archive, rules, queues,
/// topics, subscriptions, tables, streams, alarms. It is data and does nothing. In process it is
/// wiring, on AWS a template; `shop.hpp` has the shop's own.
///
/// Names are logical: on AWS each gets a prefix.   Units: seconds, bytes, days, as the names say.
/// Source: MESSAGING section 1.

#include <cstdint>
#include <span>
#include <string_view>

namespace kontor::topology {

using Text = std::string_view;

enum class QueueKind : std::uint8_t { standard, fifo };

/// What to do with a message that was received too often.   Source: RELIABILITY section 9.
enum class Poison : std::uint8_t { park, block, skip };

struct Queue {
    Text name;
    QueueKind kind{QueueKind::standard};
    std::uint32_t visibility_seconds{30};
    Text dead_letters{}; ///< a queue; empty: it is one itself
    std::uint32_t receives_max{0};
    std::uint32_t retention_seconds{345'600};
    Text group{};            ///< of a FIFO queue: what a group is
    Text deduplication_id{}; ///< of a FIFO queue: where it comes from
    Text fed_by{};
    Text read_by{};
    Poison poison{Poison::park};
};

/// What all queues share.
struct QueueDefaults {
    std::uint32_t wait_seconds{20};
    std::uint32_t delay_seconds{0};
    std::uint32_t message_bytes_max{1'048'576};
};

enum class TargetKind : std::uint8_t { queue, topic };

struct Variable {
    Text name;
    Text path;
};

struct Target {
    TargetKind kind{};
    Text name;
    Text input_template{}; ///< empty: the whole event
    std::span<Variable const> variables{};
    std::uint32_t tries_max{185};
    std::uint32_t age_seconds{86'400};
    Text dead_letters{};
};

struct Rule {
    Text name;
    Text pattern;
    std::span<Target const> targets;
};

struct Topic {
    Text name;
    std::uint32_t signature_version{2};
    std::uint32_t message_bytes_max{262'144};
};

enum class FilterScope : std::uint8_t { attributes, body };

struct Subscription {
    Text topic;
    Text queue;
    Text filter;
    FilterScope scope{FilterScope::body};
    bool is_raw{true};
    Text dead_letters{};
};

struct Attribute {
    Text name;
    char type; ///< S, N
};

struct Table {
    Text name;
    Attribute partition_key;
    Attribute sort_key{"", ' '}; ///< no name: none
    Text expires{};              ///< the attribute of the time to live; empty: rows stay
    bool has_stream{false};
    bool has_recovery{false}; ///< to a point in time
    bool is_protected{false}; ///< from deletion
};

struct Stream {
    Text name;
    std::uint32_t partitions;
    Text key;
    std::uint32_t retention_days; ///< 0: compacted
    bool is_on_aws_only{false};
};

struct StreamDefaults {
    std::uint32_t replication{3};
    std::uint32_t insync_replicas_min{2};
    std::uint32_t message_bytes_max{1'100'000};
};

enum class AlarmSubject : std::uint8_t { queue, rules, topic, table, follower };
enum class Severity : std::uint8_t { ticket, page };

struct Alarm {
    Text name;
    AlarmSubject subject{};
    Text of; ///< a queue, a topic, a table; empty: all of them
    Text metric;
    std::uint32_t above; ///< more than this
    std::uint32_t periods_wrong{1};
    std::uint32_t periods{1}; ///< of a minute each
    Severity severity{Severity::ticket};
    bool is_missing_breaching{false};
};

struct Topology {
    Text bus;
    Text archive;
    std::uint32_t archive_days_on_aws;
    std::span<Queue const> queues;
    QueueDefaults queue_defaults{};
    std::span<Rule const> rules;
    std::span<Topic const> topics;
    std::span<Subscription const> subscriptions;
    std::span<Table const> tables;
    std::span<Stream const> streams;
    StreamDefaults stream_defaults{};
    std::span<Alarm const> alarms;
    Text alarm_topic;
};

} // namespace kontor::topology

#pragma once

/// Soundness: what must hold of any topology, so that nothing vanishes unseen: a message that
/// nobody can take has somewhere to go, whoever is named is there, and kinds agree. Known when the
/// program is compiled. That patterns, filters and templates compile is the spec's to show.
/// Source: MESSAGING section 1, "In code".

#include "topology/topology.hpp"

#include <algorithm>
#include <optional>

namespace kontor::topology {

enum class Unsound : std::uint8_t {
    nothing, ///< it is sound
    queue_name,
    queue_twice,
    queue_times,
    no_dead_letters,        ///< a queue has none, and is none
    dead_letters_unknown,   ///< they name no queue
    dead_letters_of_other,  ///< kind: FIFO behind FIFO, standard behind standard
    dead_letters_too_short, ///< they keep no longer than the queue
    dead_letters_in_circle, ///< they have dead letters themselves
    rule_twice,
    rule_without_pattern,
    target_count,
    target_unknown,
    target_is_fifo, ///< a bus keeps no sequence
    target_without_dead_letters,
    target_retry,
    topic_twice,
    topic_size,
    subscription_unknown,
    subscription_is_fifo,
    subscription_without_dead_letters,
    table_name,
    table_key,
    stream_partitions,
    stream_replicas,
    alarm_unknown,
    alarm_missing, ///< dead letters that nobody is told of
    alarm_periods
};

inline constexpr std::size_t targets_of_rule_max = 5;
/// With the longest prefix.
inline constexpr std::size_t name_size_max = 80;

/// A queue by its name; nothing: there is none. By value, for under UndefinedBehaviorSanitizer this
/// compiler finds no comparison of a pointer with null constant.
constexpr std::optional<Queue> find_queue(Topology const& topology, Text name) {
    for (auto const& each : topology.queues)
        if (each.name == name)
            return each;
    return std::nullopt;
}

constexpr bool has_topic(Topology const& topology, Text name) {
    return std::any_of(topology.topics.begin(), topology.topics.end(),
                       [&](Topic const& each) { return each.name == name; });
}

constexpr bool is_name(Text name) {
    return !name.empty() && name.size() <= name_size_max &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

template <class Item>
constexpr bool is_twice(std::span<Item const> items, Text name) {
    return std::count_if(items.begin(), items.end(),
                         [&](Item const& each) { return each.name == name; }) > 1;
}

/// A standard queue that takes what its kind of sender could not deliver.
constexpr bool takes_dead_letters(Topology const& topology, Text name) {
    auto const queue = find_queue(topology, name);
    return queue && queue->kind == QueueKind::standard && queue->dead_letters.empty();
}

constexpr Unsound unsound_dead_letters(Topology const& topology, Queue const& queue) {
    if (queue.dead_letters.empty()) {
        bool const is_used =
            std::any_of(topology.queues.begin(), topology.queues.end(),
                        [&](Queue const& each) { return each.dead_letters == queue.name; });
        return is_used ? Unsound::nothing : Unsound::no_dead_letters;
    }
    auto const dead = find_queue(topology, queue.dead_letters);
    if (!dead)
        return Unsound::dead_letters_unknown;
    if (dead->kind != queue.kind)
        return Unsound::dead_letters_of_other;
    if (!dead->dead_letters.empty())
        return Unsound::dead_letters_in_circle;
    return dead->retention_seconds > queue.retention_seconds ? Unsound::nothing
                                                             : Unsound::dead_letters_too_short;
}

constexpr Unsound unsound_queue(Topology const& topology, Queue const& queue) {
    constexpr Text ending = ".fifo";
    bool const is_fifo = queue.kind == QueueKind::fifo;
    auto const stem = is_fifo && queue.name.ends_with(ending) ? queue.name.size() - ending.size()
                                                              : queue.name.size();
    if (is_fifo != queue.name.ends_with(ending) || !is_name(queue.name.substr(0, stem)))
        return Unsound::queue_name;
    if (is_twice(topology.queues, queue.name))
        return Unsound::queue_twice;
    bool const has_dead_letters = !queue.dead_letters.empty();
    if (queue.visibility_seconds > 43'200 || queue.retention_seconds < 60 ||
        queue.retention_seconds > 1'209'600 || queue.receives_max > 1'000 ||
        has_dead_letters != (queue.receives_max > 0))
        return Unsound::queue_times;
    if (is_fifo && (queue.group.empty() || queue.deduplication_id.empty()))
        return Unsound::queue_name;
    return unsound_dead_letters(topology, queue);
}

constexpr Unsound unsound_target(Topology const& topology, Target const& target) {
    if (target.kind == TargetKind::topic && !has_topic(topology, target.name))
        return Unsound::target_unknown;
    if (target.kind == TargetKind::queue) {
        auto const queue = find_queue(topology, target.name);
        if (!queue)
            return Unsound::target_unknown;
        if (queue->kind == QueueKind::fifo)
            return Unsound::target_is_fifo;
    }
    if (!takes_dead_letters(topology, target.dead_letters))
        return Unsound::target_without_dead_letters;
    if (target.tries_max > 185 || target.age_seconds < 60 || target.age_seconds > 86'400)
        return Unsound::target_retry;
    return target.variables.empty() || !target.input_template.empty() ? Unsound::nothing
                                                                      : Unsound::target_unknown;
}

constexpr Unsound unsound_rule(Topology const& topology, Rule const& rule) {
    if (!is_name(rule.name) || is_twice(topology.rules, rule.name))
        return Unsound::rule_twice;
    if (rule.pattern.empty())
        return Unsound::rule_without_pattern;
    if (rule.targets.empty() || rule.targets.size() > targets_of_rule_max)
        return Unsound::target_count;
    for (auto const& target : rule.targets)
        if (auto const unsound = unsound_target(topology, target); unsound != Unsound::nothing)
            return unsound;
    return Unsound::nothing;
}

constexpr Unsound unsound_topic(Topology const& topology, Topic const& topic) {
    if (!is_name(topic.name) || is_twice(topology.topics, topic.name))
        return Unsound::topic_twice;
    bool const has_size = topic.message_bytes_max >= 1'024 && topic.message_bytes_max <= 1'048'576;
    return has_size && (topic.signature_version == 1 || topic.signature_version == 2)
               ? Unsound::nothing
               : Unsound::topic_size;
}

constexpr Unsound unsound_subscription(Topology const& topology, Subscription const& each) {
    auto const queue = find_queue(topology, each.queue);
    if (!queue || !has_topic(topology, each.topic))
        return Unsound::subscription_unknown;
    if (queue->kind == QueueKind::fifo)
        return Unsound::subscription_is_fifo;
    return takes_dead_letters(topology, each.dead_letters)
               ? Unsound::nothing
               : Unsound::subscription_without_dead_letters;
}

constexpr Unsound unsound_table(Topology const& topology, Table const& table) {
    if (!is_name(table.name) || table.name.size() < 3 || is_twice(topology.tables, table.name))
        return Unsound::table_name;
    auto const is_key = [](Attribute const& each) {
        return !each.name.empty() && (each.type == 'S' || each.type == 'N');
    };
    return is_key(table.partition_key) && (table.sort_key.name.empty() || is_key(table.sort_key))
               ? Unsound::nothing
               : Unsound::table_key;
}

constexpr bool has_subject(Topology const& topology, Alarm const& alarm) {
    auto const is_table = [&](Table const& each) { return each.name == alarm.of; };
    switch (alarm.subject) {
    case AlarmSubject::queue: return alarm.of.empty() || find_queue(topology, alarm.of).has_value();
    case AlarmSubject::topic: return alarm.of.empty() || has_topic(topology, alarm.of);
    case AlarmSubject::table:
        return std::any_of(topology.tables.begin(), topology.tables.end(), is_table);
    case AlarmSubject::rules:
    case AlarmSubject::follower: return alarm.of.empty();
    }
    return false;
}

constexpr Unsound unsound_alarms(Topology const& topology) {
    if (!has_topic(topology, topology.alarm_topic))
        return Unsound::alarm_unknown;
    for (auto const& alarm : topology.alarms) {
        if (!has_subject(topology, alarm) || is_twice(topology.alarms, alarm.name))
            return Unsound::alarm_unknown;
        if (alarm.periods_wrong == 0 || alarm.periods_wrong > alarm.periods)
            return Unsound::alarm_periods;
    }
    for (auto const& queue : topology.queues) {
        bool const is_watched =
            !queue.dead_letters.empty() ||
            std::any_of(topology.alarms.begin(), topology.alarms.end(), [&](Alarm const& each) {
                return each.subject == AlarmSubject::queue && each.of == queue.name &&
                       each.metric == "ApproximateNumberOfMessagesVisible" && each.above == 0;
            });
        if (!is_watched)
            return Unsound::alarm_missing;
    }
    return Unsound::nothing;
}

constexpr Unsound unsound_streams(Topology const& topology) {
    auto const& defaults = topology.stream_defaults;
    if (defaults.insync_replicas_min > defaults.replication || defaults.insync_replicas_min == 0)
        return Unsound::stream_replicas;
    for (auto const& stream : topology.streams)
        if (stream.partitions == 0 || stream.name.empty() || stream.key.empty() ||
            is_twice(topology.streams, stream.name))
            return Unsound::stream_partitions;
    return Unsound::nothing;
}

/// The first thing that does not hold.
constexpr Unsound unsound(Topology const& topology) {
    auto first = Unsound::nothing;
    auto const look = [&](auto const& items, auto check) {
        for (auto const& item : items)
            if (first == Unsound::nothing)
                first = check(topology, item);
    };
    look(topology.queues, unsound_queue);
    look(topology.rules, unsound_rule);
    look(topology.topics, unsound_topic);
    look(topology.subscriptions, unsound_subscription);
    look(topology.tables, unsound_table);
    if (first == Unsound::nothing)
        first = unsound_streams(topology);
    return first == Unsound::nothing ? unsound_alarms(topology) : first;
}

/// Does not compile otherwise, and the compiler's message names what was found.
template <Unsound found>
constexpr bool is_sound() {
    static_assert(found == Unsound::nothing, "the topology is unsound: `found` says how");
    return found == Unsound::nothing;
}

} // namespace kontor::topology

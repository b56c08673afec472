#include "platform/messaging/queues/stored_settings.hpp"

namespace kontor::queues {
namespace {

queue::Policy to_stored(ports::DeadLetterPolicy policy) {
    switch (policy) {
    case ports::DeadLetterPolicy::skip: return queue::Policy::skip;
    case ports::DeadLetterPolicy::park: return queue::Policy::park;
    case ports::DeadLetterPolicy::block: return queue::Policy::block;
    }
    KONTOR_UNREACHABLE();
}

ports::DeadLetterPolicy from_stored(queue::Policy policy) {
    switch (policy) {
    case queue::Policy::skip: return ports::DeadLetterPolicy::skip;
    case queue::Policy::park: return ports::DeadLetterPolicy::park;
    case queue::Policy::block: return ports::DeadLetterPolicy::block;
    }
    KONTOR_UNREACHABLE();
}

queue::Admits to_stored(ports::RedriveAllow::Kind kind) {
    switch (kind) {
    case ports::RedriveAllow::Kind::all: return queue::Admits::all;
    case ports::RedriveAllow::Kind::none: return queue::Admits::none;
    case ports::RedriveAllow::Kind::by_queue: return queue::Admits::by_queue;
    }
    KONTOR_UNREACHABLE();
}

ports::RedriveAllow::Kind from_stored(queue::Admits admits) {
    switch (admits) {
    case queue::Admits::all: return ports::RedriveAllow::Kind::all;
    case queue::Admits::none: return ports::RedriveAllow::Kind::none;
    case queue::Admits::by_queue: return ports::RedriveAllow::Kind::by_queue;
    }
    KONTOR_UNREACHABLE();
}

} // namespace

queue::Settings to_stored(ports::QueueSettings const& settings) {
    std::optional<queue::Redrive> redrive;
    if (settings.redrive)
        redrive = {settings.redrive->dead_letters, settings.redrive->receives_max,
                   to_stored(settings.redrive->policy)};
    bool const is_fifo = settings.kind == ports::QueueKind::fifo;
    bool const by_group = settings.deduplication_scope == ports::DeduplicationScope::message_group;
    bool const per_queue = settings.throughput_limit == ports::ThroughputLimit::per_queue;
    return {is_fifo ? queue::Kind::fifo : queue::Kind::standard,
            settings.visibility,
            settings.retention,
            settings.delay,
            settings.receive_wait,
            settings.message_bytes_max,
            settings.deduplicates_by_content,
            by_group ? queue::Scope::message_group : queue::Scope::queue,
            per_queue ? queue::Throughput::per_queue : queue::Throughput::per_message_group_id,
            redrive,
            to_stored(settings.redrive_allow.kind),
            settings.redrive_allow.sources,
            to_stored(settings.kept)};
}

ports::QueueSettings from_stored(queue::Settings const& stored) {
    ports::QueueSettings settings;
    settings.kind =
        stored.kind == queue::Kind::fifo ? ports::QueueKind::fifo : ports::QueueKind::standard;
    settings.visibility = stored.visibility;
    settings.retention = stored.retention;
    settings.delay = stored.delay;
    settings.receive_wait = stored.receive_wait;
    settings.message_bytes_max = stored.message_bytes_max;
    settings.deduplicates_by_content = stored.deduplicates_by_content;
    settings.deduplication_scope = stored.deduplication_scope == queue::Scope::queue
                                       ? ports::DeduplicationScope::queue
                                       : ports::DeduplicationScope::message_group;
    settings.throughput_limit = stored.throughput_limit == queue::Throughput::per_queue
                                    ? ports::ThroughputLimit::per_queue
                                    : ports::ThroughputLimit::per_message_group_id;
    if (stored.redrive)
        settings.redrive =
            ports::RedrivePolicy{stored.redrive->dead_letters, stored.redrive->receives_max,
                                 from_stored(stored.redrive->policy)};
    settings.redrive_allow = {from_stored(stored.redrive_admits), stored.redrive_sources};
    settings.kept = from_stored(stored.kept);
    return settings;
}

queue::Owner to_stored(ports::QueueOwner owner) {
    return owner == ports::QueueOwner::topology ? queue::Owner::topology : queue::Owner::caller;
}

ports::QueueOwner from_stored(queue::Owner owner) {
    return owner == queue::Owner::topology ? ports::QueueOwner::topology
                                           : ports::QueueOwner::caller;
}

std::vector<queue::Named> to_stored(std::map<std::string, std::string> const& texts) {
    std::vector<queue::Named> stored;
    for (auto const& [name, value] : texts)
        stored.push_back({name, value});
    return stored;
}

std::map<std::string, std::string> from_stored(std::vector<queue::Named> const& stored) {
    std::map<std::string, std::string> texts;
    for (auto const& [name, value] : stored)
        texts.insert_or_assign(name, value);
    return texts;
}

std::vector<queue::Attribute> to_stored(ports::MessageAttributes const& attributes) {
    std::vector<queue::Attribute> stored;
    stored.reserve(attributes.size());
    for (auto const& [name, type, value] : attributes) {
        auto& added = stored.emplace_back();
        added.name = name;
        added.type = type;
        if (type.starts_with("Binary"))
            added.bytes.assign(value.begin(), value.end());
        else
            added.text = value;
    }
    return stored;
}

ports::MessageAttributes from_stored(std::vector<queue::Attribute>&& stored) {
    ports::MessageAttributes attributes;
    attributes.reserve(stored.size());
    for (auto& [name, type, text, bytes] : stored) {
        if (type.starts_with("Binary"))
            text.assign(bytes.begin(), bytes.end());
        attributes.push_back({std::move(name), std::move(type), std::move(text)});
    }
    return attributes;
}

} // namespace kontor::queues

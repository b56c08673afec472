#include "platform/messaging/hosting/declared_queues.hpp"

namespace kontor::hosting {
namespace {

ports::QueueKind kind_of(topology::QueueKind kind) {
    switch (kind) {
    case topology::QueueKind::standard: return ports::QueueKind::standard;
    case topology::QueueKind::fifo: return ports::QueueKind::fifo;
    }
    KONTOR_UNREACHABLE();
}

ports::DeadLetterPolicy policy_of(topology::Poison poison) {
    switch (poison) {
    case topology::Poison::park: return ports::DeadLetterPolicy::park;
    case topology::Poison::block: return ports::DeadLetterPolicy::block;
    case topology::Poison::skip: return ports::DeadLetterPolicy::skip;
    }
    KONTOR_UNREACHABLE();
}

bool is_refused_for(ports::QueueFault const& fault, ports::QueueError error) {
    auto const* const refusal = std::get_if<ports::QueueRefusal>(&fault);
    return refusal != nullptr && refusal->error == error;
}

Result<ports::QueueMark, ports::QueueFault> declare_one(ports::QueueAdmin& admin,
                                                        topology::Topology const& topology,
                                                        topology::Queue const& queue) {
    ports::QueueName const name(queue.name);
    auto const change = change_of(topology, queue);
    constexpr auto owner = ports::QueueOwner::topology;
    auto made = admin.create(name, kind_of(queue.kind), change, owner);
    if (made || !is_refused_for(made.error(), ports::QueueError::queue_name_exists))
        return made;
    return admin.change(name, change, owner);
}

} // namespace

ports::QueueChange change_of(topology::Topology const& topology, topology::Queue const& queue) {
    ports::QueueChange change;
    change.visibility = Duration::seconds(queue.visibility_seconds);
    change.retention = Duration::seconds(queue.retention_seconds);
    change.delay = Duration::seconds(topology.queue_defaults.delay_seconds);
    change.receive_wait = Duration::seconds(topology.queue_defaults.wait_seconds);
    change.message_bytes_max = topology.queue_defaults.message_bytes_max;
    if (queue.kind == topology::QueueKind::fifo) {
        change.deduplicates_by_content = false; // whoever sends says an id
        change.deduplication_scope = ports::DeduplicationScope::message_group;
        change.throughput_limit = ports::ThroughputLimit::per_message_group_id;
    }
    if (!queue.dead_letters.empty()) {
        change.redrive = ports::RedrivePolicy{ports::QueueName(queue.dead_letters),
                                              queue.receives_max, policy_of(queue.poison)};
    } else {
        ports::RedriveAllow allow{ports::RedriveAllow::Kind::by_queue, {}};
        for (auto const& source : topology.queues)
            if (source.dead_letters == queue.name)
                allow.sources.emplace_back(source.name);
        change.redrive_allow = std::move(allow);
    }
    return change;
}

Result<ports::QueueMark, ports::QueueFault> declare_queues(ports::QueueAdmin& admin,
                                                           topology::Topology const& topology) {
    Result<ports::QueueMark, ports::QueueFault> latest{ports::QueueMark()};
    // Where dead letters go to must stand before whoever sends them there.
    for (bool const is_last : {true, false})
        for (auto const& queue : topology.queues) {
            if (queue.dead_letters.empty() != is_last)
                continue;
            latest = declare_one(admin, topology, queue);
            if (!latest)
                return latest;
        }
    return latest;
}

} // namespace kontor::hosting

#include "platform/messaging/queues/checks.hpp"
#include "platform/messaging/queues/limits.hpp"
#include "platform/messaging/queues/queues.hpp"
#include "platform/messaging/queues/stored_settings.hpp"
#include "ports/house_queues.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::queues {

using ports::QueueError;
using ports::QueueRefusal;

namespace {

Unexpected<QueueRefusal> refuse(QueueError error, std::string what) {
    return unexpected(QueueRefusal{error, std::move(what)});
}

Unexpected<QueueRefusal> belongs_to_the_topology(ports::QueueName const& name) {
    return refuse(QueueError::access_denied,
                  fmt::format("The queue {} belongs to the topology.", name.view()));
}

} // namespace

Decided<ports::QueueMark> Queues::create(ports::QueueDescription const& wanted,
                                         ports::QueueChange const& change,
                                         QueueIdentity const& identity, Instant now) {
    auto const kind = wanted.settings.kind;
    KONTOR_TRY(check_name(wanted.name, kind));
    if (wanted.owner == ports::QueueOwner::caller && ports::is_house_queue(wanted.name.view()))
        return refuse(QueueError::invalid_parameter_value,
                      fmt::format("Value {} for parameter QueueName is invalid. Reason: {} and "
                                  "names that begin with {} are those of queues of the house.",
                                  wanted.name.view(), ports::repetitions_queue,
                                  ports::endpoint_queue_prefix));
    KONTOR_TRY(check_change(change, kind));
    if (auto const* const standing = entry(wanted.name)) {
        if (is_as_set(change, standing->description))
            return latest_;
        return refuse(QueueError::queue_name_exists,
                      "A queue already exists with the same name and a different value for an "
                      "attribute.");
    }
    auto const removed = removed_.find(wanted.name.view());
    if (removed != removed_.end() && removed->second + name_rest > now)
        return refuse(QueueError::queue_deleted_recently,
                      "You must wait 60 seconds after deleting a queue before you can create "
                      "another with the same name.");
    if (by_name_.size() >= queues_max)
        return refuse(QueueError::over_limit, "There are as many queues as can be.");
    auto made = wanted;
    apply_change(change, made);
    if (made.tags.size() > tags_max)
        return refuse(QueueError::invalid_parameter_value, "Too many tags.");
    KONTOR_TRY(check_dead_letters(made));
    std::erase_if(removed_, [&](auto const& one) { return one.second + name_rest <= now; });
    queue::Created fact{now,
                        made.name,
                        to_stored(made.owner),
                        identity.key,
                        to_stored(made.settings),
                        to_stored(made.tags)};
    latest_ = recorder_.record(identity.id, fact);
    apply(identity.id, std::move(fact), {latest_, 0});
    return latest_;
}

Decided<void> Queues::check_dead_letters(ports::QueueDescription const& queue) const {
    auto const& redrive = queue.settings.redrive;
    if (!redrive)
        return {};
    auto const reason = [&](std::string_view why) {
        return refuse(QueueError::invalid_parameter_value,
                      fmt::format("Value for parameter RedrivePolicy is invalid. Reason: {}", why));
    };
    auto const* const target = entry(redrive->dead_letters);
    if (target == nullptr || redrive->dead_letters == queue.name ||
        ports::is_house_queue(redrive->dead_letters.view()))
        return reason("Dead letter target does not exist.");
    if (target->description.settings.kind != queue.settings.kind)
        return reason("Dead-letter queue must be same type of queue as the source.");
    auto const& allow = target->description.settings.redrive_allow;
    bool const is_named = std::ranges::find(allow.sources, queue.name) != allow.sources.end();
    if (allow.kind == ports::RedriveAllow::Kind::none ||
        (allow.kind == ports::RedriveAllow::Kind::by_queue && !is_named))
        return reason("The dead-letter queue does not admit this source.");
    return {};
}

Decided<ports::QueueMark> Queues::change(ports::QueueName const& name,
                                         ports::QueueChange const& change, ports::QueueOwner by,
                                         Instant now) {
    KONTOR_TRY(auto* const queue, wanted(name, now));
    auto const& standing = queue->description;
    if (standing.owner == ports::QueueOwner::topology && by != standing.owner)
        return belongs_to_the_topology(name);
    KONTOR_TRY(check_change(change, standing.settings.kind));
    auto changed = standing;
    apply_change(change, changed);
    if (changed.tags.size() > tags_max)
        return refuse(QueueError::invalid_parameter_value, "Too many tags.");
    if (change.redrive)
        KONTOR_TRY(check_dead_letters(changed));
    if (changed == standing)
        return latest_;
    return take(*queue, queue::Changed{queue->messages.time(), to_stored(changed.settings),
                                       to_stored(changed.tags)});
}

Decided<ports::QueueMark> Queues::remove(ports::QueueName const& name, ports::QueueOwner by,
                                         Instant now) {
    KONTOR_TRY(auto* const queue, wanted(name, now));
    auto const owner = queue->description.owner;
    if (owner == ports::QueueOwner::topology && by != owner)
        return belongs_to_the_topology(name);
    return take(*queue, queue::Removed{queue->messages.time()});
}

Decided<ports::QueueMark> Queues::purge(ports::QueueName const& name, Instant now) {
    KONTOR_TRY(auto* const queue, wanted(name, now));
    auto const at = queue->messages.time();
    if (queue->purged_at && *queue->purged_at + purge_rest > at)
        return refuse(QueueError::purge_queue_in_progress,
                      fmt::format("Only one PurgeQueue operation on {} is allowed every 60 "
                                  "seconds.",
                                  name.view()));
    return take(*queue, queue::Purged{at});
}

Decided<ports::QueueMark> Queues::set_flow(ports::QueueName const& name, ports::QueueFlow flow,
                                           Instant now) {
    KONTOR_TRY(auto* const queue, wanted(name, now));
    auto const at = queue->messages.time();
    bool const pauses = flow == ports::QueueFlow::paused;
    if (pauses == queue->is_paused())
        return latest_;
    return pauses ? take(*queue, queue::Paused{at}) : take(*queue, queue::Resumed{at});
}

Decided<ports::QueueDescription> Queues::find(ports::QueueName const& name) const {
    auto const* const queue = entry(name);
    if (queue == nullptr)
        return refuse(QueueError::queue_does_not_exist, "The specified queue does not exist.");
    return queue->description;
}

Decided<std::vector<ports::QueueName>> Queues::list(ports::QueueSelection const& selection) const {
    auto const& target = selection.dead_letters_in;
    if (!target.empty() && entry(target) == nullptr)
        return refuse(QueueError::queue_does_not_exist, "The specified queue does not exist.");
    std::vector<ports::QueueName> names;
    auto at = selection.after.empty() ? by_name_.lower_bound(selection.prefix)
                                      : by_name_.upper_bound(selection.after.view());
    for (; at != by_name_.end() && names.size() < selection.limit.value(); ++at) {
        if (!at->first.starts_with(selection.prefix)) {
            if (at->first < selection.prefix)
                continue;
            break;
        }
        if (selection.listed == ports::QueuesListed::for_callers &&
            ports::is_house_queue(at->first))
            continue;
        auto const& redrive = at->second->description.settings.redrive;
        if (target.empty() || (redrive && redrive->dead_letters == target))
            names.push_back(at->second->description.name);
    }
    return names;
}

} // namespace kontor::queues

#include "platform/messaging/queues/limits.hpp"
#include "platform/messaging/queues/queues.hpp"
#include "platform/messaging/queues/stored_settings.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cstring>

namespace kontor::queues {
namespace {

SipKey key_of(std::vector<std::uint8_t> const& bytes) {
    SipKey key{};
    std::memcpy(key.data(), bytes.data(), std::min(bytes.size(), sizeof key));
    return key;
}

} // namespace

ports::MessageId message_id(Id128 queue, std::uint64_t number) {
    return ports::MessageId(Id128::derive(queue, "message", number));
}

void Queues::apply(Id128 id, queue::Event fact, Placed where) {
    where_ = where;
    if (auto* const created = std::get_if<queue::Created>(&fact)) {
        auto made = std::make_unique<QueueEntry>(
            id,
            ports::QueueDescription{created->name, from_stored(created->settings),
                                    from_stored(created->owner), from_stored(created->tags),
                                    created->at, created->at},
            key_of(created->key));
        by_id_.emplace(id, made.get());
        removed_.erase(std::string(created->name.view()));
        by_name_.insert_or_assign(std::string(created->name.view()), std::move(made));
        return;
    }
    auto* const queue = entry(id);
    if (queue == nullptr)
        return; // it was removed meanwhile, and all that was in it
    std::visit(
        [&]<class Fact>(Fact& what) {
            if constexpr (!std::same_as<Fact, queue::Created>) {
                queue->messages.advance(what.at);
                release_parked(*queue);
                fold(*queue, what);
            }
        },
        fact);
}

void Queues::fold(QueueEntry& queue, queue::Changed& fact) {
    auto& description = queue.description;
    bool const frees = description.settings.redrive != from_stored(fact.settings).redrive;
    description.settings = from_stored(fact.settings);
    description.tags = from_stored(fact.tags);
    description.changed_at = fact.at;
    queue.messages.set_retention(description.settings.retention);
    if (frees)
        queue.messages.groups().unblock_all();
}

void Queues::fold(QueueEntry& queue, queue::Removed& fact) {
    queue.messages.purge();
    release_parked(queue);
    moves_running_ -= static_cast<std::size_t>(
        std::ranges::count(queue.moves, ports::MoveTaskStatus::running, &ports::MoveTask::status));
    auto const name = std::string(queue.description.name.view());
    std::erase_if(removed_, [&](auto const& one) { return one.second + name_rest <= fact.at; });
    removed_.insert_or_assign(name, fact.at);
    by_id_.erase(queue.id);
    by_name_.erase(name);
}

void Queues::fold(QueueEntry& queue, queue::Purged& fact) {
    queue.purged_at = fact.at;
    queue.messages.purge();
    release_parked(queue);
}

void Queues::fold(QueueEntry& queue, queue::MessageSent& fact) {
    auto& messages = queue.messages;
    auto& record = messages.add(fact.sequence, fact.group_id, fact.at, fact.visible_at);
    record.mark = where_.mark;
    record.position = where_.position;
    if (fact.retry_of) { // it waits for the rest of its group, as what is moved back does
        record.origin = std::make_unique<Origin>();
        record.origin->id = message_id(queue.id, fact.sequence);
        record.origin->was_moved_back = true;
    }
    if (queue.is_fifo()) {
        bool const by_group = queue.description.settings.deduplication_scope ==
                              ports::DeduplicationScope::message_group;
        queue.deduplication.advance(messages.time());
        queue.deduplication.add(deduplication_key(queue.key,
                                                  by_group ? std::string_view(fact.group_id) : "",
                                                  fact.deduplication_id),
                                fact.sequence, fact.at);
    }
    if (where_.position != 0)
        return; // whoever reads the log anew can read it again
    record.content =
        ContentPointer(new Content{std::move(fact.body), from_stored(std::move(fact.attributes)),
                                   fact.sender, std::move(fact.group_id),
                                   std::move(fact.deduplication_id), std::move(fact.trace_header)},
                       ForgetContent{&kept_bytes_});
    kept_bytes_ += bytes_of(*record.content);
}

void Queues::fold(QueueEntry& queue, queue::MessagesReceived& fact) {
    for (auto const number : fact.sequences)
        if (auto* const record = queue.messages.find(number))
            queue.messages.count_receive(*record, fact.incarnation);
}

void Queues::fold(QueueEntry& queue, queue::MessagesSettled& fact) {
    for (auto const number : fact.sequences)
        if (auto* const record = queue.messages.find(number))
            queue.messages.remove(*record, Left::settled);
    release_parked(queue);
}

void Queues::fold(QueueEntry& queue, queue::MessagesMoved& fact) {
    auto* const target = entry(fact.to);
    if (target != nullptr)
        target->messages.advance(fact.at);
    for (std::size_t i = 0; i < fact.sequences.size(); ++i)
        fold_one_move(queue, target, fact, i);
    release_parked(queue);
    if (target != nullptr)
        release_parked(*target);
    for (auto& task : queue.moves)
        if (fact.task == task.id.value())
            task.moved += fact.sequences.size();
    while (fact.task && !queue.selected.empty() && queue.selected.front() <= fact.sequences.back())
        queue.selected.pop_front();
}

void Queues::fold_one_move(QueueEntry& queue, QueueEntry* target, queue::MessagesMoved const& fact,
                           std::size_t index) {
    auto* const record = queue.messages.find(fact.sequences[index]);
    if (record == nullptr)
        return;
    auto const number = fact.first_sequence + index;
    auto const group = queue.messages.group_of(*record).name;
    auto const sent_at = record->sent_at;
    bool const is_moved = fact.why == queue::Why::moved;
    bool const parks = !is_moved && queue.is_fifo() && queue.description.settings.redrive &&
                       queue.description.settings.redrive->policy == ports::DeadLetterPolicy::park;
    auto origin = std::make_unique<Origin>();
    origin->was_moved_back = is_moved;
    if (is_moved) {
        origin->id = message_id(fact.to, number);
    } else {
        origin->id =
            record->origin != nullptr ? record->origin->id : message_id(queue.id, record->sequence);
        origin->queue = queue.id;
        origin->queue_name = queue.description.name;
        origin->is_parked = parks;
        origin->why = fact.why;
        origin->died_at = fact.at;
        origin->attempts = record->receive_count;
        origin->first_received_at = record->first_received_at;
        origin->cause = fact.cause;
    }
    auto content = std::move(record->content);
    auto const position = record->position;
    queue.messages.remove(*record, is_moved ? Left::settled : Left::dead);
    if (target == nullptr)
        return;
    bool const keeps_time = !is_moved && !queue.is_fifo();
    auto& arrived = target->messages.add(number, group, keeps_time ? sent_at : fact.at, fact.at);
    arrived.mark = where_.mark;
    arrived.position = position;
    if (is_moved || position == 0)
        arrived.content = std::move(content); // a dead letter is read from the log
    arrived.origin = std::move(origin);
    target->messages.groups().consider(arrived.group);
    if (parks)
        queue.messages.park(group);
}

void Queues::fold(QueueEntry& queue, queue::MoveStarted& fact) {
    queue.moves.push_back({ports::MoveTaskId(fact.task),
                           queue.description.name,
                           fact.destination,
                           fact.messages_per_second,
                           ports::MoveTaskStatus::running,
                           0,
                           fact.to_move,
                           fact.at,
                           fact.begins_at.value_or(fact.at),
                           fact.only.has_value(),
                           {}});
    if (fact.only)
        queue.selected.assign(fact.only->begin(), fact.only->end());
    ++moves_running_;
    if (queue.moves.size() > move_tasks_max)
        queue.moves.erase(queue.moves.begin());
}

void Queues::fold(QueueEntry& queue, queue::MoveEnded& fact) {
    for (auto& task : queue.moves) {
        if (task.id.value() != fact.task || task.status != ports::MoveTaskStatus::running)
            continue;
        --moves_running_;
        queue.selected.clear();
        task.failure = fact.failure;
        switch (fact.end) {
        case queue::MoveEnd::completed: task.status = ports::MoveTaskStatus::completed; break;
        case queue::MoveEnd::cancelled: task.status = ports::MoveTaskStatus::cancelled; break;
        case queue::MoveEnd::failed: task.status = ports::MoveTaskStatus::failed; break;
        }
    }
}

void Queues::fold(QueueEntry& queue, queue::Paused& fact) {
    queue.description.paused_at = fact.at;
}

void Queues::fold(QueueEntry& queue, queue::Resumed&) {
    queue.description.paused_at.reset();
}

void Queues::release_parked(QueueEntry& queue) {
    for (auto const& [source, group] : queue.messages.take_unparked())
        if (auto* const waiting = entry(source))
            waiting->messages.unpark(group);
}

void Queues::place(Id128 id, std::uint64_t number, std::uint64_t position, bool keeps_content) {
    auto* const queue = entry(id);
    auto* const record = queue == nullptr ? nullptr : queue->messages.find(number);
    if (record == nullptr)
        return; // settled before it was written, or moved on
    record->position = position;
    if (!keeps_content)
        record->content.reset();
}

bool Queues::is_whole() {
    return std::ranges::all_of(by_name_, [](auto const& named) {
        auto& messages = named.second->messages;
        return ports::is_conserved(messages.depth()) && messages.depth() == messages.recount();
    });
}

std::optional<Id128> Queues::id_of(ports::QueueName const& name) const {
    auto const* const queue = entry(name);
    return queue == nullptr ? std::nullopt : std::optional(queue->id);
}

} // namespace kontor::queues

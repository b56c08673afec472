#include "base/assert.hpp"
#include "codec/records.hpp"
#include "platform/messaging/queues/queues.hpp"
#include "platform/messaging/queues/standing_records.hpp"
#include "platform/messaging/queues/stored_settings.hpp"

#include <algorithm>
#include <cstring>

namespace kontor::queues {

namespace {

std::vector<std::uint8_t> bytes_of(SipKey const& key) {
    std::vector<std::uint8_t> bytes(sizeof key);
    std::memcpy(bytes.data(), key.data(), sizeof key);
    return bytes;
}

SipKey key_of(std::vector<std::uint8_t> const& bytes) {
    SipKey key{};
    std::memcpy(key.data(), bytes.data(), std::min(bytes.size(), sizeof key));
    return key;
}

/// The names of groups that have messages, each with a number of its own.
class GroupNames {
public:
    std::uint32_t number_of(std::uint32_t group, std::string const& name) {
        auto const [found, is_new] =
            numbers_.emplace(group, static_cast<std::uint32_t>(names.size()));
        if (is_new)
            names.push_back(name);
        return found->second;
    }
    std::vector<std::string> names;

private:
    boost::unordered_flat_map<std::uint32_t, std::uint32_t> numbers_;
};

std::optional<StandingOrigin> to_standing(Origin const* origin) {
    if (origin == nullptr)
        return std::nullopt;
    return StandingOrigin{origin->id.value(),
                          origin->queue,
                          origin->queue_name,
                          origin->is_parked,
                          origin->was_moved_back,
                          origin->attempts,
                          origin->first_received_at,
                          origin->cause,
                          origin->why,
                          origin->died_at};
}

StandingQueue to_standing(QueueEntry const& queue) {
    auto const& description = queue.description;
    auto const counts = queue.messages.counts();
    StandingQueue standing{
        .id = queue.id,
        .name = description.name,
        .owner = to_stored(description.owner),
        .key = bytes_of(queue.key),
        .settings = to_stored(description.settings),
        .tags = to_stored(description.tags),
        .created_at = description.created_at,
        .changed_at = description.changed_at,
        .time = queue.messages.time(),
        .purged_at = queue.purged_at,
        .paused_at = description.paused_at,
        .next_number = queue.messages.next_number(),
        .sent = counts.sent,
        .settled = counts.settled,
        .dead = counts.dead,
        .expired = counts.expired,
        .purged = counts.purged,
        .receives = counts.receives,
        .parked = {},
        .repetitions = {},
        .moves = {},
        .selected = {queue.selected.begin(), queue.selected.end()},
        .groups = {},
        .messages = counts.waiting + counts.delayed + counts.in_flight,
    };
    for (auto& [group, messages] : queue.messages.parked_groups())
        standing.parked.push_back({std::move(group), messages});
    for (auto const& [at, key] : queue.deduplication.known())
        standing.repetitions.push_back({at, key.high, key.low, *queue.deduplication.find(key)});
    for (auto const& task : queue.moves)
        standing.moves.push_back({task.id.value(), task.destination, task.messages_per_second,
                                  task.status, task.moved, task.to_move, task.started_at,
                                  task.begins_at, task.is_selection, task.failure});
    return standing;
}

/// The head says which groups there are, and they are known when all messages were looked at.
void put_queue(std::vector<std::uint8_t>& out, QueueEntry& queue) {
    auto& messages = queue.messages;
    GroupNames groups;
    std::vector<std::uint8_t> bodies;
    for (auto* record = messages.first_from(0); record != nullptr;
         record = messages.first_from(record->sequence + 1))
        codec::append_value(
            bodies,
            StandingMessage{record->sequence,
                            groups.number_of(record->group, messages.group_of(*record).name),
                            record->receive_count, record->epoch, record->sent_at,
                            record->state == State::delayed ? record->until : record->sent_at,
                            record->received_at, record->first_received_at, record->position,
                            to_standing(record->origin.get())});
    auto head = to_standing(queue);
    head.groups = std::move(groups.names);
    codec::append_value(out, head);
    out.insert(out.end(), bodies.begin(), bodies.end());
}

void take_message(codec::BinaryReader& from, StandingQueue const& head, Messages& messages) {
    auto message = codec::take_value<StandingMessage>(from);
    bool const is_one = from.ok() && message.group < head.groups.size() &&
                        message.sequence < head.next_number &&
                        messages.find(message.sequence) == nullptr;
    if (!is_one)
        return from.fail("a message stands where none can");
    auto& record = messages.add(message.sequence, head.groups[message.group], message.sent_at,
                                message.visible_at);
    record.receive_count = message.receive_count;
    record.epoch = message.epoch;
    record.received_at = message.received_at;
    record.first_received_at = message.first_received_at;
    record.position = message.position;
    if (auto& origin = message.origin)
        record.origin = std::make_unique<Origin>(
            Origin{ports::MessageId(origin->id), origin->queue, origin->queue_name,
                   origin->is_parked, origin->was_moved_back, origin->why, origin->attempts,
                   origin->first_received_at, origin->died_at, std::move(origin->cause)});
    messages.groups().consider(record.group);
}

/// Null: the bytes end in it, or say what cannot be.
std::unique_ptr<QueueEntry> take_queue(codec::BinaryReader& from) {
    auto const head = codec::take_value<StandingQueue>(from);
    if (!from.ok())
        return nullptr;
    auto queue = std::make_unique<QueueEntry>(
        head.id,
        ports::QueueDescription{head.name, from_stored(head.settings), from_stored(head.owner),
                                from_stored(head.tags), head.created_at, head.changed_at},
        key_of(head.key));
    auto& messages = queue->messages;
    messages.advance(head.time);
    for (auto const& [group, count] : head.parked)
        for (std::uint32_t i = 0; i < count; ++i)
            messages.park(group);
    for (std::uint64_t i = 0; i < head.messages && from.ok(); ++i)
        take_message(from, head, messages);
    ports::QueueDepth past;
    past.sent = head.sent;
    past.settled = head.settled;
    past.dead = head.dead;
    past.expired = head.expired;
    past.purged = head.purged;
    past.receives = head.receives;
    messages.take_up(past, head.next_number);
    for (auto const& [at, high, low, number] : head.repetitions)
        queue->deduplication.add({high, low}, number, at);
    for (auto const& task : head.moves)
        queue->moves.push_back({ports::MoveTaskId(task.id), head.name, task.destination,
                                task.messages_per_second, task.status, task.moved, task.to_move,
                                task.started_at, task.begins_at, task.is_selection, task.failure});
    queue->selected.assign(head.selected.begin(), head.selected.end());
    queue->purged_at = head.purged_at;
    queue->description.paused_at = head.paused_at;
    return from.ok() ? std::move(queue) : nullptr;
}

} // namespace

std::vector<std::uint8_t> Queues::standing() const {
    std::vector<std::uint8_t> out;
    std::vector<StandingRemoval> removals;
    for (auto const& [name, at] : removed_)
        removals.push_back({name, at});
    codec::append_value(out, removals);
    codec::append_value(out, std::uint64_t{by_name_.size()});
    for (auto const& [name, queue] : by_name_)
        put_queue(out, *queue);
    return out;
}

Result<void> Queues::restore(std::span<std::uint8_t const> standing) {
    KONTOR_ASSERT(by_name_.empty() && removed_.empty(), "{} queues stand already", by_name_.size());
    codec::BinaryReader from(standing);
    for (auto& [name, at] : codec::take_value<std::vector<StandingRemoval>>(from))
        removed_.insert_or_assign(std::move(name), at);
    auto const count = codec::take_value<std::uint64_t>(from);
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        auto queue = take_queue(from);
        if (queue == nullptr)
            break;
        moves_running_ += static_cast<std::size_t>(std::ranges::count(
            queue->moves, ports::MoveTaskStatus::running, &ports::MoveTask::status));
        by_id_.emplace(queue->id, queue.get());
        auto const name = std::string(queue->description.name.view());
        by_name_.insert_or_assign(name, std::move(queue));
    }
    if (from.ok() && (!from.at_end() || by_id_.size() != by_name_.size()))
        from.fail("queues do not stand so");
    auto outcome = from.outcome();
    if (!outcome) {
        by_id_.clear();
        by_name_.clear();
        removed_.clear();
        moves_running_ = 0;
    }
    return outcome;
}

std::uint64_t Queues::messages() const {
    std::uint64_t sum = 0;
    for (auto const& [name, queue] : by_name_) {
        auto const counts = queue->messages.counts();
        sum += counts.waiting + counts.delayed + counts.in_flight;
    }
    return sum;
}

} // namespace kontor::queues

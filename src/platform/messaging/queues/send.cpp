#include "platform/messaging/queues/checks.hpp"
#include "platform/messaging/queues/limits.hpp"
#include "platform/messaging/queues/queues.hpp"
#include "platform/messaging/queues/stored_settings.hpp"

#include <algorithm>
#include <set>

namespace kontor::queues {

using ports::QueueError;
using ports::QueueRefusal;

QueueEntry* Queues::entry(ports::QueueName const& name) const {
    auto const found = by_name_.find(name.view());
    return found == by_name_.end() ? nullptr : found->second.get();
}

QueueEntry* Queues::entry(Id128 id) const {
    auto const found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

Decided<QueueEntry*> Queues::wanted(ports::QueueName const& name, Instant now) {
    auto* const queue = entry(name);
    if (queue == nullptr)
        return unexpected(
            QueueRefusal{QueueError::queue_does_not_exist, "The specified queue does not exist."});
    queue->messages.advance(now);
    release_parked(*queue);
    return queue;
}

ports::QueueMark Queues::take(QueueEntry& queue, queue::Event fact) {
    auto const mark = recorder_.record(queue.id, fact);
    latest_ = mark;
    apply(queue.id, std::move(fact), {mark, 0});
    return mark;
}

Answers<ports::SentMessage> Queues::send(ports::QueueName const& name,
                                         ports::SenderId const& sender,
                                         std::span<ports::OutgoingMessage const> messages,
                                         Instant now) {
    KONTOR_TRY(auto* const queue, wanted(name, now));
    ports::QueueAnswers<ports::SentMessage> answers;
    answers.entries.reserve(messages.size());
    queue->deduplication.advance(queue->messages.time());
    for (auto const& message : messages)
        answers.entries.push_back(send_one(*queue, sender, message, answers.mark));
    return answers;
}

Decided<ports::SentMessage> Queues::send_one(QueueEntry& queue, ports::SenderId const& sender,
                                             ports::OutgoingMessage const& message,
                                             ports::QueueMark& mark) {
    auto const& settings = queue.description.settings;
    KONTOR_TRY(check_message(message, settings));
    auto id = message.deduplication_id;
    if (queue.is_fifo()) {
        if (id.empty())
            id = content_id(message.body);
        bool const by_group =
            settings.deduplication_scope == ports::DeduplicationScope::message_group;
        auto const key =
            deduplication_key(queue.key, by_group ? std::string_view(message.group_id) : "", id);
        if (auto const first = queue.deduplication.find(key)) {
            // Its first one may not be durable yet, and the repetition says that it is there.
            auto const* const record = queue.messages.find(*first);
            mark = std::max(mark, record != nullptr ? record->mark : latest_);
            return ports::SentMessage{message_id(queue.id, *first), ports::SequenceNumber(*first),
                                      true};
        }
        if (queue.deduplication.size() >= deduplicated_max)
            return unexpected(QueueRefusal{QueueError::request_throttled,
                                           "Too many messages within five minutes."});
    }
    auto const number = queue.messages.take_number();
    auto const at = queue.messages.time();
    mark = take(queue, queue::MessageSent{at,
                                          number,
                                          at + message.delay.value_or(settings.delay),
                                          sender,
                                          message.group_id,
                                          std::move(id),
                                          message.trace_header,
                                          to_stored(message.attributes),
                                          message.body,
                                          {}});
    if (queue.messages.is_parked(message.group_id))
        divert(queue, message.group_id);
    return ports::SentMessage{message_id(queue.id, number), ports::SequenceNumber(number), false};
}

Decided<ports::QueueDepth> Queues::depth(ports::QueueName const& name, Instant now) {
    KONTOR_TRY(auto* const queue, wanted(name, now));
    return queue->messages.depth();
}

std::vector<ShownFigures> Queues::figures(std::size_t shown_max, Instant now) {
    std::set<std::string_view> targets;
    for (auto const& [name, queue] : by_name_)
        if (auto const& redrive = queue->description.settings.redrive)
            targets.insert(redrive->dead_letters.view());
    std::vector<ShownFigures> shown;
    shown.reserve(std::min(shown_max, by_name_.size()));
    for (auto const& [name, queue] : by_name_) {
        if (shown.size() == shown_max)
            break;
        auto& messages = queue->messages;
        messages.advance(now);
        release_parked(*queue);
        shown.push_back({queue->description.name, queue->description.owner, messages.depth(),
                         targets.contains(name), queue->is_paused(),
                         messages.parked_groups().size(), queue->figures});
    }
    return shown;
}

} // namespace kontor::queues

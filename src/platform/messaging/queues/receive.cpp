#include "platform/messaging/queues/limits.hpp"
#include "platform/messaging/queues/queues.hpp"

#include <algorithm>

namespace kontor::queues {

using ports::QueueError;
using ports::QueueRefusal;

void show_content(Content const& content, ports::ReceivedMessage& message) {
    message.body = content.body;
    message.attributes = content.attributes;
    message.sender = content.sender;
    message.group_id = content.group_id;
    message.deduplication_id = content.deduplication_id;
    message.trace_header = content.trace_header;
}

ports::ReceivedMessage envelope_of(QueueEntry const& queue, Record const& record) {
    ports::ReceivedMessage message{};
    auto const* const origin = record.origin.get();
    message.id = origin != nullptr ? origin->id : message_id(queue.id, record.sequence);
    message.sent_at = record.sent_at;
    message.first_received_at = record.first_received_at;
    message.receive_count = record.receive_count;
    message.sequence = ports::SequenceNumber(record.sequence);
    if (origin != nullptr) {
        message.dead_letter_source = origin->queue_name;
        message.dead_letter_attempts = origin->attempts;
        message.cause = origin->cause;
    }
    return message;
}

Decided<HandedOut> Queues::receive(ports::QueueName const& name,
                                   ports::ReceiveRequest const& request, Instant now) {
    KONTOR_TRY(auto* const queue, wanted(name, now));
    auto const visibility = request.visibility.value_or(queue->description.settings.visibility);
    if (visibility < Duration() || visibility > visibility_max)
        return unexpected(QueueRefusal{QueueError::invalid_parameter_value,
                                       "VisibilityTimeout must be between 0 and 43200."});
    bool const is_attempt = !request.attempt_id.empty();
    if (is_attempt && (!queue->is_fifo() || request.attempt_id.size() > attempt_id_max))
        return unexpected(QueueRefusal{QueueError::invalid_parameter_value,
                                       "ReceiveRequestAttemptId is for FIFO queues alone, and of "
                                       "at most 128 characters."});
    if (queue->is_paused())
        return HandedOut{}; // no time brings anything: the bell rings when it goes on
    if (is_attempt)
        if (auto again = receive_again(*queue, request.attempt_id, visibility))
            return *std::move(again);
    auto& messages = queue->messages;
    KONTOR_TRY(auto const records, choose(*queue, request.up_to, messages.time() + visibility));
    auto out = hand_out(*queue, records);
    if (is_attempt && !records.empty()) {
        Attempt attempt{messages.time(), {}};
        for (auto const* const record : records)
            attempt.messages.emplace_back(record->sequence, record->epoch);
        queue->attempts.add(request.attempt_id, std::move(attempt));
    }
    messages.advance(messages.time()); // what was handed out for no time at all
    if (out.messages.empty())
        out.ask_again_at = messages.next_time();
    return out;
}

std::optional<HandedOut> Queues::receive_again(QueueEntry& queue, std::string const& id,
                                               Duration visibility) {
    auto& messages = queue.messages;
    queue.attempts.advance(messages.time());
    auto const* const attempt = queue.attempts.find(id);
    if (attempt == nullptr)
        return std::nullopt;
    std::vector<Record*> records;
    for (auto const& [number, epoch] : attempt->messages) {
        auto* const record = messages.find(number);
        if (record == nullptr || record->epoch != epoch || record->was_extended)
            return std::nullopt;
        records.push_back(record);
    }
    HandedOut out;
    for (auto* const record : records) {
        messages.hand_out_again(*record, messages.time() + visibility);
        show(queue, *record, out);
    }
    messages.advance(messages.time());
    return out;
}

Decided<std::vector<Record*>> Queues::choose(QueueEntry& queue, std::size_t up_to, Instant until) {
    auto& messages = queue.messages;
    std::vector<Record*> chosen;
    std::size_t moved = 0;
    while (chosen.size() < up_to && moved < moves_per_call_max) {
        auto* record = messages.next_to_hand_out();
        if (record == nullptr)
            break;
        auto const& group = messages.group_of(*record);
        if (group.parked > 0)
            if (auto const gone = divert(queue, std::string(group.name)); gone > 0) {
                moved += gone;
                continue;
            }
        if (is_given_up(queue, *record) &&
            give_up(queue, *record, queue::Why::received_too_often, "")) {
            ++moved;
            continue;
        }
        // On a FIFO queue others of the group may go with it, in sequence.
        bool is_full = false;
        while (record != nullptr && !is_full) {
            is_full = messages.in_flight() >= in_flight_max;
            if (is_full)
                break;
            queue.figures.note_receive(*record, messages.time());
            messages.hand_out(*record, until);
            chosen.push_back(record);
            auto* const next = queue.is_fifo() && chosen.size() < up_to
                                   ? messages.next_of_group(*record)
                                   : nullptr;
            record = next != nullptr && !is_given_up(queue, *next) ? next : nullptr;
        }
        messages.pass();
        if (is_full && chosen.empty() && !queue.is_fifo())
            return unexpected(QueueRefusal{QueueError::over_limit,
                                           "Too many messages are in flight: settle some first."});
        if (is_full)
            break;
    }
    return chosen;
}

HandedOut Queues::hand_out(QueueEntry& queue, std::vector<Record*> const& records) {
    HandedOut out;
    if (records.empty())
        return out;
    queue::MessagesReceived fact{queue.messages.time(), incarnation_, {}};
    fact.sequences.reserve(records.size());
    for (auto const* const record : records)
        fact.sequences.push_back(record->sequence);
    take(queue, std::move(fact)); // that it is not durable keeps nobody waiting
    out.messages.reserve(records.size());
    out.positions.reserve(records.size());
    for (auto const* const record : records)
        show(queue, *record, out);
    return out;
}

void Queues::show(QueueEntry const& queue, Record const& record, HandedOut& out) const {
    auto& message = out.messages.emplace_back(envelope_of(queue, record));
    message.receipt = write_receipt(queue.key, queue.id, {record.sequence, record.epoch});
    if (record.content != nullptr)
        show_content(*record.content, message);
    out.positions.push_back(record.content != nullptr ? 0 : record.position);
    out.mark = std::max(out.mark, record.mark);
}

bool Queues::is_given_up(QueueEntry const& queue, Record const& record) const {
    auto const& redrive = queue.description.settings.redrive;
    return redrive && record.receive_count >= redrive->receives_max;
}

QueueEntry* Queues::dead_letters_of(QueueEntry const& queue) const {
    auto const& redrive = queue.description.settings.redrive;
    auto* const target = redrive ? entry(redrive->dead_letters) : nullptr;
    return target != nullptr && target->is_fifo() == queue.is_fifo() && target != &queue ? target
                                                                                         : nullptr;
}

bool Queues::give_up(QueueEntry& queue, Record& record, queue::Why why, std::string const& cause) {
    auto* const target = dead_letters_of(queue);
    if (target == nullptr)
        return false;
    auto const policy = queue.description.settings.redrive->policy;
    bool const parks = policy == ports::DeadLetterPolicy::park;
    bool const blocks = policy == ports::DeadLetterPolicy::block ||
                        (parks && queue.messages.parked() >= parked_max);
    auto const group = std::string(queue.messages.group_of(record).name);
    if (queue.is_fifo() && blocks) {
        queue.messages.block(record);
        if (record.state == State::in_flight)
            queue.messages.set_until(record, queue.messages.time());
        return true;
    }
    move(queue, *target, {record.sequence},
         {.at = {},
          .to = {},
          .why = why,
          .first_sequence = 0,
          .sequences = {},
          .cause = cause,
          .task = {}});
    if (queue.is_fifo() && parks)
        divert(queue, group);
    return true;
}

std::size_t Queues::divert(QueueEntry& queue, std::string const& name) {
    auto& messages = queue.messages;
    auto* const target = dead_letters_of(queue);
    if (target == nullptr || !messages.is_parked(name))
        return 0;
    auto& group = messages.groups().at(messages.groups().enter(name));
    if (group.in_flight > 0)
        return 0; // what somebody has comes first
    std::vector<std::uint64_t> numbers;
    for (auto* record = messages.head_of(group);
         record != nullptr && numbers.size() < moves_per_call_max;
         record = messages.behind(*record))
        if (record->origin == nullptr || !record->origin->was_moved_back)
            numbers.push_back(record->sequence);
    auto const count = numbers.size();
    if (count > 0)
        move(queue, *target, std::move(numbers),
             {.at = {},
              .to = {},
              .why = queue::Why::parked,
              .first_sequence = 0,
              .sequences = {},
              .cause = {},
              .task = {}});
    return count;
}

ports::QueueMark Queues::move(QueueEntry& from, QueueEntry& to, std::vector<std::uint64_t> numbers,
                              queue::MessagesMoved as) {
    to.messages.advance(from.messages.time());
    as.at = from.messages.time();
    as.to = to.id;
    as.first_sequence = to.messages.take_number();
    for (std::size_t i = 1; i < numbers.size(); ++i)
        to.messages.take_number();
    as.sequences = std::move(numbers);
    return take(from, std::move(as));
}

} // namespace kontor::queues

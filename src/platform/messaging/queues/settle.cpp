#include "platform/messaging/queues/limits.hpp"
#include "platform/messaging/queues/queues.hpp"

#include <algorithm>

namespace kontor::queues {

using ports::QueueError;
using ports::QueueRefusal;
using ports::Settled;

namespace {

Unexpected<QueueRefusal> no_such_receipt() {
    return unexpected(QueueRefusal{QueueError::receipt_handle_is_invalid,
                                   "The input receipt handle is invalid."});
}

} // namespace

Answers<Settled> Queues::settle(ports::QueueName const& name,
                                std::span<ports::Settlement const> settlements, Instant now) {
    KONTOR_TRY(auto* const queue, wanted(name, now));
    ports::QueueAnswers<Settled> answers;
    answers.entries.reserve(settlements.size());
    std::vector<std::uint64_t> done;
    done.reserve(settlements.size());
    for (auto const& settlement : settlements)
        answers.entries.push_back(settle_one(*queue, settlement, done, answers.mark));
    if (!done.empty())
        answers.mark =
            take(*queue, queue::MessagesSettled{queue->messages.time(), std::move(done)});
    return answers;
}

Decided<Settled> Queues::settle_one(QueueEntry& queue, ports::Settlement const& settlement,
                                    std::vector<std::uint64_t>& done, ports::QueueMark& mark) {
    auto const receipt = read_receipt(queue.key, queue.id, settlement.receipt.view());
    if (!receipt)
        return no_such_receipt();
    auto* const record = queue.messages.find(receipt->number);
    if (record == nullptr || record->is_leaving) {
        mark = std::max(mark, latest_); // that it is gone may not be durable yet
        return Settled::before;
    }
    bool const is_latest = record->epoch == receipt->epoch;
    if (queue.is_fifo() && (!is_latest || record->state != State::in_flight))
        return unexpected(QueueRefusal{QueueError::invalid_parameter_value,
                                       "Value for parameter ReceiptHandle is invalid. Reason: The "
                                       "receipt handle has expired."});
    if (!is_latest)
        return Settled::not_ours;
    switch (settlement.ending) {
    case ports::Ending::done:
        record->is_leaving = true;
        queue.figures.note_settled(*record, queue.messages.time());
        done.push_back(record->sequence);
        return Settled::now;
    case ports::Ending::dead:
        if (!give_up(queue, *record, queue::Why::refused, settlement.cause))
            return unexpected(QueueRefusal{QueueError::unsupported_operation,
                                           "The queue has no dead-letter queue."});
        mark = std::max(mark, latest_);
        return Settled::now;
    }
    KONTOR_UNREACHABLE();
}

Answers<ports::Extended> Queues::extend(ports::QueueName const& name,
                                        std::span<ports::Extension const> extensions, Instant now) {
    KONTOR_TRY(auto* const queue, wanted(name, now));
    ports::QueueAnswers<ports::Extended> answers;
    answers.entries.reserve(extensions.size());
    for (auto const& extension : extensions)
        answers.entries.push_back(extend_one(*queue, extension));
    return answers;
}

Decided<ports::Extended> Queues::extend_one(QueueEntry& queue, ports::Extension const& extension) {
    auto& messages = queue.messages;
    auto const receipt = read_receipt(queue.key, queue.id, extension.receipt.view());
    if (!receipt)
        return no_such_receipt();
    if (extension.visibility < Duration() || extension.visibility > visibility_max)
        return unexpected(QueueRefusal{QueueError::invalid_parameter_value,
                                       "VisibilityTimeout must be between 0 and 43200."});
    auto* const record = messages.find(receipt->number);
    if (record == nullptr || record->epoch != receipt->epoch || record->state != State::in_flight)
        return unexpected(
            QueueRefusal{QueueError::message_not_in_flight, "The message is not in flight."});
    auto const until = messages.time() + extension.visibility;
    if (until > record->received_at + visibility_max)
        return unexpected(QueueRefusal{QueueError::invalid_parameter_value,
                                       "Total VisibilityTimeout for the message is beyond the "
                                       "limit [43200 seconds]."});
    record->was_extended = true;
    messages.set_until(*record, until);
    return ports::Extended{until};
}

} // namespace kontor::queues

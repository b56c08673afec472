#include "platform/messaging/queues/limits.hpp"
#include "platform/messaging/queues/queues.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace kontor::queues {

using ports::Discarded;
using ports::QueueError;
using ports::QueueRefusal;

namespace {

ports::Standing standing_of(Record const& record) {
    switch (record.state) {
    case State::waiting: return ports::Standing::waiting;
    case State::delayed: return ports::Standing::delayed;
    case State::in_flight: return ports::Standing::in_flight;
    case State::gone: break;
    }
    KONTOR_UNREACHABLE();
}

/// Absent: a move brought it, so it is no dead letter any more.
std::optional<ports::Death> death_of(Origin const& origin) {
    switch (origin.why) {
    case queue::Why::received_too_often: return ports::Death::received_too_often;
    case queue::Why::refused: return ports::Death::refused;
    case queue::Why::parked: return ports::Death::parked;
    case queue::Why::moved: return std::nullopt;
    }
    KONTOR_UNREACHABLE();
}

} // namespace

ports::PeekedMessage Queues::look_at(QueueEntry& queue, Record const& record) const {
    ports::PeekedMessage seen{envelope_of(queue, record), standing_of(record), {}, {}, {}};
    seen.message.group_id = queue.messages.group_of(record).name;
    if (record.state != State::waiting)
        seen.until = record.until;
    if (auto const* const origin = record.origin.get();
        origin != nullptr && !origin->was_moved_back) {
        seen.death = death_of(*origin);
        seen.died_at = origin->died_at;
        seen.message.first_received_at = origin->first_received_at;
    }
    return seen;
}

Decided<LookedAt> Queues::peek(ports::QueueName const& name, ports::PeekRequest const& request,
                               Instant now) {
    KONTOR_TRY(auto* const queue, wanted(name, now));
    bool const with_contents = request.at == ports::PeekAt::contents;
    LookedAt out;
    std::size_t bytes = 0;
    auto* record = queue->messages.first_from(request.after.value() + 1);
    for (; record != nullptr; record = queue->messages.first_from(record->sequence + 1)) {
        auto const* const content = with_contents ? record->content.get() : nullptr;
        bytes += content != nullptr ? bytes_of(*content) : 0;
        bool const is_full = out.positions.size() == request.up_to ||
                             (bytes > peeked_bytes_max && !out.positions.empty());
        if (is_full)
            break;
        auto& seen = out.peeked.messages.emplace_back(look_at(*queue, *record));
        if (content != nullptr)
            show_content(*content, seen.message);
        out.positions.push_back(with_contents && content == nullptr ? record->position : 0);
        out.peeked.mark = std::max(out.peeked.mark, record->mark);
    }
    out.peeked.has_more = record != nullptr;
    return out;
}

Answers<Discarded> Queues::discard(ports::QueueName const& name,
                                   std::span<ports::SequenceNumber const> numbers, Instant now) {
    KONTOR_TRY(auto* const queue, wanted(name, now));
    if (!is_dead_letter_queue(name))
        return unexpected(QueueRefusal{QueueError::unsupported_operation,
                                       "The queue must be configured as a Dead Letter Queue."});
    ports::QueueAnswers<Discarded> answers;
    answers.entries.reserve(numbers.size());
    std::vector<std::uint64_t> gone;
    for (auto const number : numbers) {
        auto* const record = queue->messages.find(number.value());
        auto outcome = Discarded::now;
        if (record == nullptr || record->is_leaving)
            outcome = Discarded::before;
        else if (record->state == State::in_flight)
            outcome = Discarded::in_flight;
        if (outcome == Discarded::now) {
            record->is_leaving = true;
            gone.push_back(record->sequence);
        }
        answers.entries.emplace_back(outcome);
    }
    answers.mark =
        gone.empty()
            ? latest_
            : take(*queue, queue::MessagesSettled{queue->messages.time(), std::move(gone)});
    return answers;
}

} // namespace kontor::queues

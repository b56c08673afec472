#include "services/gateway/queue_calls.hpp"

namespace kontor::services::gateway {

Result<QueueDesk*, Trouble> queue_desk_of(Parts const& parts) {
    if (parts.queues == nullptr)
        return unexpected(trouble("queues_off"));
    return parts.queues;
}

Trouble queue_trouble(ports::QueueFault const& fault) {
    if (auto const* const failure = std::get_if<Failure>(&fault))
        return trouble_of(*failure);
    auto const& [error, what] = std::get<ports::QueueRefusal>(fault);
    using enum ports::QueueError;
    if (error == queue_does_not_exist || error == resource_not_found)
        return trouble("unknown_queue");
    if (error == missing_parameter)
        return trouble("group_required", what);
    if (error == purge_queue_in_progress)
        return trouble("purge_in_progress");
    return trouble("queue_refused", what);
}

Result<ports::QueueName, Trouble> queue_named(std::string_view text) {
    if (text.empty() || text.size() > ports::QueueName::length_max)
        return unexpected(trouble("unknown_queue"));
    return ports::QueueName(text);
}

Result<ports::PeekedMessage, Trouble> letter_at(QueueDesk& desk, ports::QueueName const& queue,
                                                std::uint64_t number) {
    if (number == 0)
        return unexpected(trouble("no_such_letter"));
    KONTOR_TRY(auto peeked, or_refused(desk.letters.peek(queue, {ports::SequenceNumber(number - 1),
                                                                 1, ports::PeekAt::contents})));
    if (peeked.messages.empty() || peeked.messages[0].message.sequence.value() != number)
        return unexpected(trouble("no_such_letter"));
    return std::move(peeked.messages[0]);
}

void hold_until(Asked& asked, ports::QueueProgress& progress, ports::QueueMark mark) {
    asked.is_durable = [&progress, mark] { return mark <= progress.durable(); };
}

} // namespace kontor::services::gateway

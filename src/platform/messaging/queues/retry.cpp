#include "platform/messaging/queues/checks.hpp"
#include "platform/messaging/queues/limits.hpp"
#include "platform/messaging/queues/queues.hpp"
#include "platform/messaging/queues/stored_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kontor::queues {

using ports::QueueError;
using ports::QueueRefusal;

namespace {

Unexpected<QueueRefusal> no_retry(QueueError error, std::string what) {
    return unexpected(QueueRefusal{error, std::move(what)});
}

/// "a" is edited for the first time as "a~1", "a~1" for the second time as "a~2".
std::string next_edit_of(std::string_view id) {
    auto const at = id.rfind('~');
    std::uint32_t edit = 0;
    if (at != std::string_view::npos) {
        auto const digits = id.substr(at + 1);
        auto const [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), edit);
        bool const is_edit = error == std::errc() && end == digits.data() + digits.size();
        edit = is_edit ? edit : 0;
        id = is_edit ? id.substr(0, at) : id;
    }
    return fmt::format("{}~{}", id, edit + 1);
}

} // namespace

Decided<Queues::Retry> Queues::plan_retry(ports::QueueName const& name,
                                          ports::RetryRequest const& request, Content content,
                                          Instant now) {
    KONTOR_TRY(auto* const from, wanted(name, now));
    auto const* const record = from->messages.find(request.message.value());
    if (record == nullptr)
        return no_retry(QueueError::resource_not_found, "There is no such message.");
    if (!is_dead_letter_queue(name))
        return no_retry(QueueError::unsupported_operation,
                        "The queue must be configured as a Dead Letter Queue.");
    if (record->state != State::waiting)
        return no_retry(QueueError::unsupported_operation, "Somebody is at work on the message.");
    auto* to = request.destination.empty() ? nullptr : entry(request.destination);
    if (request.destination.empty() && record->origin != nullptr)
        to = entry(record->origin->queue);
    if (to == nullptr)
        return no_retry(QueueError::resource_not_found,
                        "It is not known where the message came from: name a destination.");
    if (to == from || to->is_fifo() != from->is_fifo())
        return no_retry(QueueError::unsupported_operation,
                        "The destination must be another queue of the same type.");
    auto const original =
        record->origin != nullptr ? record->origin->id : message_id(from->id, record->sequence);
    auto id = next_edit_of(content.deduplication_id.empty() ? ports::uuid_text(original.value())
                                                            : content.deduplication_id);
    if (id.size() > deduplication_id_max)
        id = next_edit_of(ports::uuid_text(original.value()));
    to->messages.advance(now);
    release_parked(*to);
    ports::OutgoingMessage message{.body = std::move(request.body ? *request.body : content.body),
                                   .attributes = std::move(content.attributes),
                                   .group_id = std::move(content.group_id),
                                   .trace_header = std::move(content.trace_header)};
    if (to->is_fifo())
        message.deduplication_id = id;
    auto const& settings = to->description.settings;
    KONTOR_TRY(check_message(message, settings));
    if (to->is_fifo()) {
        to->deduplication.advance(to->messages.time());
        bool const by_group =
            settings.deduplication_scope == ports::DeduplicationScope::message_group;
        auto const key =
            deduplication_key(to->key, by_group ? std::string_view(message.group_id) : "", id);
        if (to->deduplication.find(key) || to->deduplication.size() >= deduplicated_max)
            return no_retry(QueueError::unsupported_operation,
                            fmt::format("The destination has had {} already.", id));
    }
    auto const at = to->messages.time();
    return Retry{from, record->sequence, to,
                 queue::MessageSent{at, 0, at, content.sender, std::move(message.group_id),
                                    std::move(id), std::move(message.trace_header),
                                    to_stored(message.attributes), std::move(message.body),
                                    original.value()}};
}

ports::Retried Queues::carry_out(Retry retry) {
    auto& [from, number, to, copy] = retry;
    take(*from, queue::MessagesSettled{from->messages.time(), {number}});
    copy.sequence = to->messages.take_number();
    ports::Retried done{to->description.name,
                        {message_id(to->id, copy.sequence), ports::SequenceNumber(copy.sequence)},
                        copy.deduplication_id,
                        {}};
    done.mark = take(*to, std::move(copy));
    return done;
}

} // namespace kontor::queues

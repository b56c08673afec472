#include "platform/messaging/router/repetitions.hpp"

#include "platform/messaging/router/web_queues.hpp"
#include "platform/messaging/topics/limits.hpp"

#include <charconv>

namespace kontor::router {
namespace {

constexpr std::string_view topic_name = "TOPIC_ARN";
constexpr std::string_view message_name = "MESSAGE_ID";
constexpr std::string_view sequence_name = "SEQUENCE";
constexpr std::string_view id_name = "DEDUPLICATION_ID";

ports::QueueName queue_of_repetitions() {
    return ports::QueueName(ports::repetitions_queue);
}

Letter letter_about(std::string_view topic_arn, std::string_view body) {
    Letter letter{queue_of_repetitions(), ports::SenderId(topic_sender)};
    letter.message.body = body;
    letter.message.attributes.push_back(
        {std::string(topic_name), "String", std::string(topic_arn)});
    return letter;
}

void remember(topics::Board& board, ports::ReceivedMessage const& message) {
    auto const said = [&](std::string_view name) {
        return ports::value_of(message.attributes, name);
    };
    topics::TakenMessage taken{std::string(said(id_name)), std::string(said(message_name)), 0,
                               message.sent_at};
    if (taken.deduplication_id.empty())
        return board.forget_taken(said(topic_name));
    auto const text = said(sequence_name);
    std::from_chars(text.data(), text.data() + text.size(), taken.sequence);
    board.restore_taken(said(topic_name), taken);
}

} // namespace

Letter letter_of(std::string_view topic_arn, topics::TakenMessage const& taken) {
    auto letter = letter_about(topic_arn, "taken");
    auto const add = [&](std::string_view name, std::string value) {
        letter.message.attributes.push_back({std::string(name), "String", std::move(value)});
    };
    add(message_name, taken.message_id);
    add(sequence_name, std::to_string(taken.sequence));
    add(id_name, taken.deduplication_id);
    return letter;
}

Letter letter_of_end(std::string_view topic_arn) {
    return letter_about(topic_arn, "ended");
}

Result<void, ports::QueueFault> make_queue_of_repetitions(ports::QueueAdmin& admin) {
    ports::QueueChange change;
    change.retention = topics::deduplication_window;
    KONTOR_TRY(admin.create(queue_of_repetitions(), ports::QueueKind::standard, change,
                            ports::QueueOwner::topology));
    return {};
}

Result<void> restore_taken(ports::DeadLetters& letters, topics::Board& board, Instant now) {
    ports::PeekRequest request{{}, ports::queue_entries_max, ports::PeekAt::contents};
    for (bool goes_on = true; goes_on;) {
        auto const page = letters.peek(queue_of_repetitions(), request);
        if (!page) {
            auto const* const failure = std::get_if<Failure>(&page.error());
            return failure == nullptr ? Result<void>() : unexpected(*failure);
        }
        for (auto const& [message, standing, until, death, died_at] : page->messages) {
            request.after = message.sequence;
            if (message.sent_at + topics::deduplication_window > now && // ends by itself, unnoticed
                message.sender.view() == topic_sender)
                remember(board, message);
        }
        goes_on = page->has_more;
    }
    return {};
}

} // namespace kontor::router

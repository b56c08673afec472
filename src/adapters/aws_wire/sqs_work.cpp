/// The operations on messages: send, receive, settle, extend.

#include "adapters/aws_wire/limits.hpp"
#include "adapters/aws_wire/sqs.hpp"
#include "adapters/aws_wire/sqs_entries.hpp"

#include <fmt/format.h>

#include <array>

namespace kontor::aws_wire {
namespace {

using ports::QueueError;
using ports::QueueRefusal;

constexpr std::int64_t visibility_seconds_max = 43'200;

/// Errors: MissingParameter, ReceiptHandleIsInvalid.
Wired<ports::ReceiptHandle> read_receipt(Params const& params) {
    KONTOR_TRY(auto const text, params.needed_text("ReceiptHandle"));
    if (text.size() > ports::ReceiptHandle::length_max)
        return unexpected(to_wire(QueueRefusal{
            QueueError::receipt_handle_is_invalid,
            fmt::format("The input receipt handle \"{}\" is not a valid receipt handle.",
                        text.substr(0, ports::ReceiptHandle::length_max))}));
    return ports::ReceiptHandle(text);
}

Wired<ports::Extension> read_extension(Params const& params) {
    KONTOR_TRY(auto const receipt, read_receipt(params));
    KONTOR_TRY(auto const seconds, params.number("VisibilityTimeout", {0, visibility_seconds_max}));
    if (!seconds)
        return unexpected(missing_parameter("VisibilityTimeout"));
    return ports::Extension{receipt, Duration::seconds(*seconds)};
}

Wired<ports::Settlement> read_settlement(Params const& params) {
    KONTOR_TRY(auto const receipt, read_receipt(params));
    return ports::Settlement{receipt, ports::Ending::done, {}};
}

ports::SenderId sender_of(Call const& call) {
    std::string_view const id = call.caller.key_id;
    return ports::SenderId(id.substr(0, ports::SenderId::length_max));
}

/// The one entry of a call without a batch.
template <class T, class Show>
Wired<Answer> only_answer(Result<ports::QueueAnswers<T>, ports::QueueFault> const& done,
                          Show show) {
    if (!done)
        return unexpected(to_wire(done.error()));
    KONTOR_ASSERT(done->entries.size() == 1, "{} answers for one entry", done->entries.size());
    auto const& only = done->entries.front();
    if (!only)
        return unexpected(to_wire(only.error()));
    return Answer{show(*only), done->mark};
}

/// Entries that could be read, and of the others why not, by their place in the batch.
template <class T>
struct ReadBatch {
    std::vector<T> good{};
    std::vector<std::optional<WireError>> errors{};
};
template <class T, class Read>
ReadBatch<T> read_each(std::vector<Entry> const& entries, Read read) {
    ReadBatch<T> batch;
    for (auto const& entry : entries) {
        auto content = read(entry.params);
        if (content)
            batch.good.push_back(*std::move(content));
        batch.errors.push_back(content ? std::nullopt : std::optional(std::move(content).error()));
    }
    return batch;
}

/// Puts what became of the good entries and why the others were refused back into the sequence of
/// the batch. `show(T const&, n)`: what is told of the n-th good one.
template <class T, class Content, class Show>
Wired<Answer> batch_answer(std::vector<Entry> const& entries, ReadBatch<Content> const& batch,
                           Result<ports::QueueAnswers<T>, ports::QueueFault> const& done,
                           Show show) {
    if (!done)
        return unexpected(to_wire(done.error()));
    KONTOR_ASSERT(done->entries.size() == batch.good.size(), "{} answers for {} entries",
                  done->entries.size(), batch.good.size());
    BatchAnswer answer;
    std::size_t n = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (batch.errors[i]) {
            answer.add_failed(entries[i].id, *batch.errors[i]);
            continue;
        }
        auto const& outcome = done->entries[n];
        if (outcome)
            answer.add(entries[i].id, show(*outcome, n));
        else
            answer.add_failed(entries[i].id, to_wire(outcome.error()));
        ++n;
    }
    return Answer{std::move(answer).take(), done->mark};
}

} // namespace

Wired<Answer> Sqs::send(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    KONTOR_TRY(auto const message, read_message(call.params));
    auto const done = doors_.queue.send(queue, sender_of(call), std::span(&message, 1));
    return only_answer(done, [&](ports::SentMessage const& sent) {
        return sent_value(message, sent, is_fifo(queue));
    });
}

Wired<Answer> Sqs::send_batch(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    KONTOR_TRY(auto const entries, read_entries(call.params));
    auto const batch = read_each<ports::OutgoingMessage>(entries, read_message);
    std::size_t bytes = 0;
    for (auto const& message : batch.good)
        bytes += size_of(message);
    if (bytes > batch_bytes_max)
        return unexpected(batch_too_long(bytes));
    using Done = Result<ports::QueueAnswers<ports::SentMessage>, ports::QueueFault>;
    auto const done =
        batch.good.empty() ? Done({}) : doors_.queue.send(queue, sender_of(call), batch.good);
    return batch_answer(entries, batch, done, [&](ports::SentMessage const& sent, std::size_t n) {
        return sent_value(batch.good[n], sent, is_fifo(queue));
    });
}

Wired<Answer> Sqs::settle(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    KONTOR_TRY(auto const settlement, read_settlement(call.params));
    auto const done = doors_.queue.settle(queue, std::span(&settlement, 1));
    return only_answer(done, [](ports::Settled) { return Value(); });
}

Wired<Answer> Sqs::settle_batch(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    KONTOR_TRY(auto const entries, read_entries(call.params));
    auto const batch = read_each<ports::Settlement>(entries, read_settlement);
    using Done = Result<ports::QueueAnswers<ports::Settled>, ports::QueueFault>;
    auto const done = batch.good.empty() ? Done({}) : doors_.queue.settle(queue, batch.good);
    return batch_answer(entries, batch, done,
                        [](ports::Settled, std::size_t) { return Value::object(); });
}

Wired<Answer> Sqs::extend(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    KONTOR_TRY(auto const extension, read_extension(call.params));
    auto const done = doors_.queue.extend(queue, std::span(&extension, 1));
    return only_answer(done, [](ports::Extended const&) { return Value(); });
}

Wired<Answer> Sqs::extend_batch(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    KONTOR_TRY(auto const entries, read_entries(call.params));
    auto const batch = read_each<ports::Extension>(entries, read_extension);
    using Done = Result<ports::QueueAnswers<ports::Extended>, ports::QueueFault>;
    auto const done = batch.good.empty() ? Done({}) : doors_.queue.extend(queue, batch.good);
    return batch_answer(entries, batch, done,
                        [](ports::Extended const&, std::size_t) { return Value::object(); });
}

Wired<ReceiveCall> Sqs::read_receive(Call const& call) {
    ReceiveCall receive;
    KONTOR_TRY(receive.queue, queue_of(call));
    constexpr std::int64_t most = batch_entries_max;
    constexpr std::int64_t wait_seconds_max = wait_max.in_milliseconds() / 1000;
    KONTOR_TRY(auto const up_to, call.params.number("MaxNumberOfMessages", {1, most}));
    KONTOR_TRY(auto const wait, call.params.number("WaitTimeSeconds", {0, wait_seconds_max}));
    KONTOR_TRY(auto const visibility,
               call.params.number("VisibilityTimeout", {0, visibility_seconds_max}));
    KONTOR_TRY(auto attempt, call.params.text("ReceiveRequestAttemptId"));
    KONTOR_TRY(receive.wanted, read_wanted(call.params));
    receive.request.up_to = static_cast<std::size_t>(up_to.value_or(1));
    if (visibility)
        receive.request.visibility = Duration::seconds(*visibility);
    receive.request.attempt_id = attempt.value_or("");
    if (wait) {
        receive.wait = Duration::seconds(*wait);
        return receive;
    }
    auto const found = doors_.admin.find(receive.queue);
    if (!found)
        return unexpected(to_wire(found.error()));
    receive.wait = found->settings.receive_wait;
    return receive;
}

Wired<ReceiveAnswer> Sqs::receive(ReceiveCall const& call) {
    auto const received = doors_.queue.receive(call.queue, call.request);
    if (!received)
        return unexpected(to_wire(received.error()));
    ReceiveAnswer answer{{Value::object(), received->mark}, received->ask_again_at};
    if (received->messages.empty())
        return answer;
    auto messages = Value::list();
    for (auto const& message : received->messages)
        messages.add(received_value(message, call.wanted, place_));
    answer.answer.value.set("Messages", std::move(messages));
    return answer;
}

} // namespace kontor::aws_wire

/// The operations that move messages back from dead letters.

#include "adapters/aws_wire/limits.hpp"
#include "adapters/aws_wire/sqs.hpp"
#include "ports/house_queues.hpp"

namespace kontor::aws_wire {
namespace {

using ports::QueueError;
using ports::QueueRefusal;

constexpr std::int64_t moves_a_second_max = 500;

constexpr std::string_view status_text(ports::MoveTaskStatus status) {
    switch (status) {
    case ports::MoveTaskStatus::running: return "RUNNING";
    case ports::MoveTaskStatus::completed: return "COMPLETED";
    case ports::MoveTaskStatus::cancelling: return "CANCELLING";
    case ports::MoveTaskStatus::cancelled: return "CANCELLED";
    case ports::MoveTaskStatus::failed: return "FAILED";
    }
    KONTOR_UNREACHABLE();
}

Value move_value(ports::MoveTask const& task, ports::CloudPlace const& place) {
    auto const count = [](std::uint64_t n) { return Value::integer(static_cast<std::int64_t>(n)); };
    auto object = Value::object();
    if (task.status == ports::MoveTaskStatus::running) // only who can still be cancelled has one
        object.set("TaskHandle", task.id.value().to_string());
    object.set("Status", status_text(task.status));
    object.set("SourceArn", arn_of(place, task.source.view()));
    if (!task.destination.empty())
        object.set("DestinationArn", arn_of(place, task.destination.view()));
    if (task.messages_per_second > 0)
        object.set("MaxNumberOfMessagesPerSecond", count(task.messages_per_second));
    object.set("ApproximateNumberOfMessagesMoved", count(task.moved));
    object.set("ApproximateNumberOfMessagesToMove", count(task.to_move));
    if (!task.failure.empty())
        object.set("FailureReason", task.failure);
    object.set("StartedTimestamp", Value::integer(task.started_at.unix_milliseconds()));
    return object;
}

} // namespace

Wired<Answer> Sqs::start_move(Call const& call) {
    KONTOR_TRY(auto const source, call.params.needed_text("SourceArn"));
    KONTOR_TRY(permit(call, source));
    ports::MoveRequest request;
    KONTOR_TRY(request.source, queue_of_arn(source, place_));
    KONTOR_TRY(auto const destination, call.params.text("DestinationArn"));
    if (destination) {
        KONTOR_TRY(permit_sending(call, *destination));
        KONTOR_TRY(request.destination, queue_of_arn(*destination, place_));
    }
    KONTOR_TRY(auto const pace,
               call.params.number("MaxNumberOfMessagesPerSecond", {1, moves_a_second_max}));
    request.messages_per_second = static_cast<std::uint32_t>(pace.value_or(0));
    auto const started = doors_.moves.start_move(request);
    if (!started)
        return unexpected(to_wire(started.error()));
    return Answer{Value::object().set("TaskHandle", started->id.value().to_string()),
                  started->mark};
}

Wired<Answer> Sqs::cancel_move(Call const& call) {
    KONTOR_TRY(permit(call, "*"));
    KONTOR_TRY(auto const handle, call.params.needed_text("TaskHandle"));
    auto const id = Id128::parse(handle);
    if (!id)
        return unexpected(to_wire(
            QueueRefusal{QueueError::resource_not_found, "The specified task does not exist."}));
    auto const cancelled = doors_.moves.cancel_move(ports::MoveTaskId(*id));
    if (!cancelled)
        return unexpected(to_wire(cancelled.error()));
    auto const moved = static_cast<std::int64_t>(cancelled->moved);
    return Answer{Value::object().set("ApproximateNumberOfMessagesMoved", Value::integer(moved)),
                  cancelled->mark};
}

Wired<Answer> Sqs::list_moves(Call const& call) {
    KONTOR_TRY(auto const source, call.params.needed_text("SourceArn"));
    KONTOR_TRY(permit(call, source));
    KONTOR_TRY(auto const queue, queue_of_arn(source, place_));
    if (ports::is_house_queue(queue.view()))
        return unexpected(to_wire(QueueRefusal{QueueError::resource_not_found,
                                               "The resource that you specified doesn't exist."}));
    constexpr std::int64_t most = batch_entries_max;
    KONTOR_TRY(auto const limit, call.params.number("MaxResults", {1, most}));
    auto const tasks =
        doors_.moves.list_moves(queue, ports::Limit(static_cast<std::size_t>(limit.value_or(1))));
    if (!tasks)
        return unexpected(to_wire(tasks.error()));
    auto list = Value::list();
    for (auto const& task : *tasks)
        list.add(move_value(task, place_));
    Answer answer{Value::object()};
    if (!list.members().empty())
        answer.value.set("Results", std::move(list));
    return answer;
}

} // namespace kontor::aws_wire

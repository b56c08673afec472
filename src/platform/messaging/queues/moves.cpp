#include "platform/messaging/queues/limits.hpp"
#include "platform/messaging/queues/queues.hpp"
#include "ports/house_queues.hpp"

#include <algorithm>

namespace kontor::queues {

using ports::MoveTaskStatus;
using ports::QueueError;
using ports::QueueRefusal;

namespace {

Unexpected<QueueRefusal> refuse(QueueError error, std::string what) {
    return unexpected(QueueRefusal{error, std::move(what)});
}

/// How many a task may have moved by now.
std::uint64_t moved_by(Instant now, ports::MoveTask const& task, MovePace& pace) {
    constexpr std::uint64_t second = 1'000'000;
    if (now < task.begins_at)
        return 0;
    if (pace.task != task.id)
        pace = {task.id, task.begins_at, task.begins_at, task.moved};
    if (now - pace.seen > move_idle_max)
        pace = {task.id, now, now, task.moved};
    pace.seen = now;
    auto const rate =
        task.messages_per_second == 0 ? moves_per_second_max : task.messages_per_second;
    auto const passed = static_cast<std::uint64_t>((now - pace.since).in_microseconds());
    return pace.moved + passed * rate / second + 1;
}

/// The task that runs, as there is one at most.
ports::MoveTask* running_task(QueueEntry& queue) {
    auto const found =
        std::ranges::find(queue.moves, MoveTaskStatus::running, &ports::MoveTask::status);
    return found == queue.moves.end() ? nullptr : &*found;
}

} // namespace

bool Queues::is_dead_letter_queue(ports::QueueName const& name) const {
    return std::ranges::any_of(by_name_, [&](auto const& one) {
        auto const& redrive = one.second->description.settings.redrive;
        return redrive && redrive->dead_letters == name;
    });
}

Decided<ports::MoveStarted> Queues::start_move(ports::MoveRequest const& request,
                                               ports::MoveTaskId task, Instant now) {
    auto* const source = entry(request.source);
    auto const* const destination = entry(request.destination);
    bool const is_of_house = ports::is_house_queue(request.source.view()) ||
                             ports::is_house_queue(request.destination.view());
    if (is_of_house || source == nullptr ||
        (destination == nullptr && !request.destination.empty()))
        return refuse(QueueError::resource_not_found,
                      "The resource that you specified doesn't exist.");
    if (!is_dead_letter_queue(request.source))
        return refuse(QueueError::unsupported_operation,
                      "Source queue must be configured as a Dead Letter Queue.");
    if (destination == source ||
        (destination != nullptr && destination->is_fifo() != source->is_fifo()))
        return refuse(QueueError::unsupported_operation,
                      "The destination must be another queue of the same type.");
    if (request.messages_per_second > moves_per_second_max)
        return refuse(QueueError::invalid_parameter_value,
                      "MaxNumberOfMessagesPerSecond must be between 1 and 500.");
    if (request.wait < Duration() || request.wait > move_wait_max ||
        request.only.size() > ports::move_selected_max)
        return refuse(QueueError::invalid_parameter_value,
                      "A move waits at most a minute, and for at most 10,000 messages by number.");
    if (running_task(*source) != nullptr)
        return refuse(QueueError::unsupported_operation,
                      "There is already a task running. Only one active task is allowed for a "
                      "source queue arn at a given time.");
    source->messages.advance(now);
    release_parked(*source);
    auto const at = source->messages.time();
    queue::MoveStarted fact{at,
                            task.value(),
                            request.destination,
                            request.messages_per_second,
                            source->messages.depth().waiting,
                            {},
                            {}};
    if (request.wait > Duration())
        fact.begins_at = at + request.wait;
    if (!request.only.empty()) {
        auto& only = fact.only.emplace();
        for (auto const number : request.only)
            only.push_back(number.value());
        std::ranges::sort(only);
        auto const repeated = std::ranges::unique(only);
        only.erase(repeated.begin(), repeated.end());
        fact.to_move = only.size();
    }
    auto const mark = take(*source, std::move(fact));
    return ports::MoveStarted{task, mark};
}

Decided<ports::MoveCancelled> Queues::cancel_move(ports::MoveTaskId id, Instant now) {
    for (auto const& [name, queue] : by_name_)
        for (auto const& task : queue->moves) {
            if (task.id != id)
                continue;
            if (task.status != MoveTaskStatus::running)
                return refuse(QueueError::unsupported_operation,
                              "Only active message movement tasks can be cancelled.");
            auto const moved = task.moved;
            queue->messages.advance(now);
            auto const mark = take(
                *queue, queue::MoveEnded{
                            queue->messages.time(), id.value(), queue::MoveEnd::cancelled, {}});
            return ports::MoveCancelled{moved, mark};
        }
    return refuse(QueueError::resource_not_found, "Task does not exist.");
}

Decided<std::vector<ports::MoveTask>> Queues::list_moves(ports::QueueName const& source,
                                                         ports::Limit limit) const {
    auto const* const queue = entry(source);
    if (queue == nullptr)
        return refuse(QueueError::resource_not_found,
                      "The resource that you specified doesn't exist.");
    std::vector<ports::MoveTask> tasks(queue->moves.rbegin(), queue->moves.rend());
    if (tasks.size() > limit.value())
        tasks.resize(limit.value());
    return tasks;
}

Decided<std::vector<ports::MoveTask>> Queues::latest_moves(ports::Limit limit) const {
    std::vector<ports::MoveTask> tasks;
    for (auto const& [name, queue] : by_name_)
        tasks.insert(tasks.end(), queue->moves.begin(), queue->moves.end());
    std::ranges::sort(tasks, [](ports::MoveTask const& one, ports::MoveTask const& other) {
        return std::pair(other.started_at, other.id) < std::pair(one.started_at, one.id);
    });
    if (tasks.size() > limit.value())
        tasks.resize(limit.value());
    return tasks;
}

std::size_t Queues::work_on_moves(Instant now, std::size_t messages_max) {
    std::size_t moved = 0;
    if (moves_running_ == 0)
        return moved;
    for (auto const& [name, queue] : by_name_) {
        queue->messages.advance(now);
        release_parked(*queue);
        for (auto* task = running_task(*queue); task != nullptr && moved < messages_max;
             task = running_task(*queue)) {
            if (task->moved >= moved_by(queue->messages.time(), *task, queue->pace))
                break;
            moved += move_next(*queue, *task) ? 1 : 0;
        }
    }
    return moved;
}

/// The next one of those that the task is for, or null.
Record* Queues::next_to_move(QueueEntry& queue, ports::MoveTask const& task) {
    if (!task.is_selection)
        return queue.messages.next_to_hand_out();
    for (auto const number : queue.selected)
        if (auto* const record = queue.messages.find(number);
            record != nullptr && record->state == State::waiting)
            return record; // when it moves, those before it are passed over for good
    return nullptr;
}

/// Moves one, or ends the task.
bool Queues::move_next(QueueEntry& queue, ports::MoveTask const& task) {
    auto const end = [&](queue::MoveEnd how, std::string why) {
        take(queue, queue::MoveEnded{queue.messages.time(), task.id.value(), how, std::move(why)});
        return false;
    };
    auto const* const record = next_to_move(queue, task);
    if (record == nullptr)
        return end(queue::MoveEnd::completed, {});
    auto* to = task.destination.empty() ? nullptr : entry(task.destination);
    if (task.destination.empty() && record->origin != nullptr)
        to = entry(record->origin->queue);
    if (to == nullptr || to == &queue || to->is_fifo() != queue.is_fifo())
        return end(queue::MoveEnd::failed, "CouldNotDetermineMessageSource");
    move(queue, *to, {record->sequence},
         {.at = {},
          .to = {},
          .why = queue::Why::moved,
          .first_sequence = 0,
          .sequences = {},
          .cause = {},
          .task = task.id.value()});
    return true;
}

} // namespace kontor::queues

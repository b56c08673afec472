#pragma once

/// Sqs: the operations of SQS, each read from its parameters, asked of the queues, and answered.
/// It decides nothing about messages: ranges of time, deduplication, groups and dead letters are
/// the queues' own.
///
/// No call waits. A receive that finds nothing says so, and whoever holds the request asks again.
/// Thread: one.   Source: MESSAGING sections 6 and 7; Amazon SQS API Reference (2012-11-05).

#include "adapters/aws_wire/call.hpp"
#include "adapters/aws_wire/sqs_messages.hpp"
#include "ports/queue_admin.hpp"

#include <functional>
#include <optional>

namespace kontor::aws_wire {

/// What is asked of the queues. All outlive whoever asks.
struct QueueDoors {
    ports::Queue& queue;
    ports::QueueAdmin& admin;
    ports::MoveTasks& moves;
};

/// What is answered, as soon as `mark` is durable. A value that is nothing: there is nothing to
/// say.
struct Answer {
    Value value{};
    ports::QueueMark mark{};
};

/// A receive that may be asked again.
struct ReceiveCall {
    ports::QueueName queue{};
    ports::ReceiveRequest request{};
    Duration wait{};
    WantedAttributes wanted{};
};

/// What is there now; without messages also when time alone may bring one.
struct ReceiveAnswer {
    Answer answer{};
    std::optional<Instant> ask_again_at{};

    bool has_messages() const { return !answer.value.members().empty(); }
};

class Sqs {
public:
    Sqs(QueueDoors doors, ports::CloudPlace place) : doors_(doors), place_(std::move(place)) {}

    static bool is_operation(std::string_view name);

    /// Any operation but ReceiveMessage.
    /// Errors: those of the operation's page in the API reference, InvalidAction and
    ///         UnknownOperationException (no such operation), AccessDenied.
    Wired<Answer> answer(Call const& call);

    /// Errors: those of ReceiveMessage.
    Wired<ReceiveCall> read_receive(Call const& call);
    /// Errors: those of ReceiveMessage.
    Wired<ReceiveAnswer> receive(ReceiveCall const& call);

private:
    struct Operation;
    static std::span<Operation const> operations();

    Wired<Answer> create_queue(Call const& call);
    Wired<Answer> delete_queue(Call const& call);
    Wired<Answer> get_queue_url(Call const& call);
    Wired<Answer> list_queues(Call const& call);
    Wired<Answer> list_sources(Call const& call);
    Wired<Answer> get_attributes(Call const& call);
    Wired<Answer> set_attributes(Call const& call);
    Wired<Answer> purge(Call const& call);
    Wired<Answer> tag(Call const& call);
    Wired<Answer> untag(Call const& call);
    Wired<Answer> list_tags(Call const& call);
    Wired<Answer> add_permission(Call const& call);
    Wired<Answer> remove_permission(Call const& call);

    Wired<Answer> send(Call const& call);
    Wired<Answer> send_batch(Call const& call);
    Wired<Answer> settle(Call const& call);
    Wired<Answer> settle_batch(Call const& call);
    Wired<Answer> extend(Call const& call);
    Wired<Answer> extend_batch(Call const& call);

    Wired<Answer> start_move(Call const& call);
    Wired<Answer> cancel_move(Call const& call);
    Wired<Answer> list_moves(Call const& call);

    /// The queue of QueueUrl, or of the path, which the caller must be allowed to use so.
    /// Errors: MissingParameter, InvalidAddress, QueueDoesNotExist, AccessDenied.
    Wired<ports::QueueName> queue_of(Call const& call) const;
    /// Errors: AccessDenied.
    Wired<void> permit(Call const& call, std::string_view resource) const;
    /// Whether the caller may send to where a change has dead letters go.
    /// Errors: AccessDenied.
    Wired<void> permit_dead_letters(Call const& call, ports::QueueChange const& change) const;
    Wired<Answer> list_names(Call const& call, ports::QueueSelection selection,
                             std::string_view member);

    QueueDoors doors_;
    ports::CloudPlace place_;
};

/// How a queue's no, or a failure below it, is told.
WireError to_wire(ports::QueueFault const& fault);

} // namespace kontor::aws_wire

#include "adapters/aws_wire/sqs.hpp"

#include "adapters/aws_wire/dispatch.hpp"
#include "base/overloaded.hpp"

#include <algorithm>
#include <array>

namespace kontor::aws_wire {

struct Sqs::Operation {
    std::string_view name;
    Wired<Answer> (Sqs::*run)(Call const&);
};

std::span<Sqs::Operation const> Sqs::operations() {
    static constexpr std::array<Operation, 22> all{{
        {"SendMessage", &Sqs::send},
        {"DeleteMessage", &Sqs::settle},
        {"SendMessageBatch", &Sqs::send_batch},
        {"DeleteMessageBatch", &Sqs::settle_batch},
        {"ChangeMessageVisibility", &Sqs::extend},
        {"ChangeMessageVisibilityBatch", &Sqs::extend_batch},
        {"GetQueueUrl", &Sqs::get_queue_url},
        {"GetQueueAttributes", &Sqs::get_attributes},
        {"SetQueueAttributes", &Sqs::set_attributes},
        {"CreateQueue", &Sqs::create_queue},
        {"DeleteQueue", &Sqs::delete_queue},
        {"ListQueues", &Sqs::list_queues},
        {"ListDeadLetterSourceQueues", &Sqs::list_sources},
        {"PurgeQueue", &Sqs::purge},
        {"TagQueue", &Sqs::tag},
        {"UntagQueue", &Sqs::untag},
        {"ListQueueTags", &Sqs::list_tags},
        {"AddPermission", &Sqs::add_permission},
        {"RemovePermission", &Sqs::remove_permission},
        {"StartMessageMoveTask", &Sqs::start_move},
        {"CancelMessageMoveTask", &Sqs::cancel_move},
        {"ListMessageMoveTasks", &Sqs::list_moves},
    }};
    return all;
}

bool Sqs::is_operation(std::string_view name) {
    return name == "ReceiveMessage" ||
           std::ranges::find(operations(), name, &Operation::name) != operations().end();
}

Wired<Answer> Sqs::answer(Call const& call) {
    auto const found = std::ranges::find(operations(), call.operation, &Operation::name);
    if (found == operations().end())
        return unexpected(unknown_operation(call.operation, call.params.protocol()));
    return (this->*found->run)(call);
}

WireError to_wire(ports::QueueFault const& fault) {
    auto const names = ports::names_of(fault);
    auto const status_of_failure = [](Failure const& failure) -> std::uint16_t {
        auto const its = ports::names_of(failure.kind);
        if (its.is_senders_fault)
            return 400;
        return its.json == "ServiceUnavailable" ? 503 : 500;
    };
    auto const status = std::visit(
        overloaded{[](ports::QueueRefusal const& refusal) -> std::uint16_t {
                       return refusal.error == ports::QueueError::access_denied ? 403 : 400;
                   },
                   status_of_failure},
        fault);
    return {std::string(names.json), std::string(names.query), ports::what_of(fault), status,
            names.is_senders_fault};
}

Wired<void> Sqs::permit(Call const& call, std::string_view resource) const {
    return aws_wire::permit(call, "sqs", resource);
}

Wired<ports::QueueName> Sqs::queue_of(Call const& call) const {
    KONTOR_TRY(auto const given, call.params.text("QueueUrl"));
    auto const url = given ? std::string_view(*given) : call.path;
    if (url.empty() || url == "/")
        return unexpected(missing_parameter("QueueUrl"));
    KONTOR_TRY(auto const queue, queue_of_url(url, place_));
    KONTOR_TRY(permit(call, arn_of(place_, queue.view())));
    return queue;
}

} // namespace kontor::aws_wire

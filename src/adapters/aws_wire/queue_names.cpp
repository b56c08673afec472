#include "adapters/aws_wire/queue_names.hpp"

#include "ports/house_queues.hpp"

#include <fmt/format.h>

namespace kontor::aws_wire {

std::string url_of(PublicUrl const& base, ports::CloudPlace const& place, std::string_view queue) {
    return fmt::format("{}/{}/{}", base.text, place.account, queue);
}

std::string arn_of(ports::CloudPlace const& place, std::string_view queue) {
    return ports::Arn{"sqs", place, std::string(queue)}.to_string();
}

WireError no_such_queue() {
    auto const names = ports::names_of(ports::QueueError::queue_does_not_exist);
    return {std::string(names.json), std::string(names.query),
            "The specified queue does not exist."};
}

Wired<ports::QueueName> queue_named(std::string_view name) {
    if (name.empty() || name.size() > ports::QueueName::length_max || ports::is_house_queue(name))
        return unexpected(no_such_queue());
    return ports::QueueName(name);
}

Wired<ports::QueueName> queue_of_url(std::string_view url, ports::CloudPlace const& place) {
    auto const name_begin = url.rfind('/');
    auto const account_begin = name_begin == url.npos || name_begin == 0
                                   ? std::string_view::npos
                                   : url.rfind('/', name_begin - 1);
    if (account_begin == url.npos)
        return unexpected(wire_error(
            "InvalidAddress", fmt::format("The address {} is not valid for this endpoint.", url)));
    if (url.substr(account_begin + 1, name_begin - account_begin - 1) != place.account)
        return unexpected(no_such_queue());
    return queue_named(url.substr(name_begin + 1));
}

Wired<ports::QueueName> queue_of_arn(std::string_view text, ports::CloudPlace const& place) {
    auto const arn = ports::Arn::parse(text);
    if (!arn || arn->service != "sqs" || arn->place != place || arn->resource.empty() ||
        arn->resource.size() > ports::QueueName::length_max)
        return unexpected(wire_error("InvalidParameterValue",
                                     fmt::format("{} is not the ARN of a queue here.", text)));
    return ports::QueueName(arn->resource);
}

bool is_fifo(ports::QueueName const& queue) {
    return queue.view().ends_with(".fifo");
}

} // namespace kontor::aws_wire

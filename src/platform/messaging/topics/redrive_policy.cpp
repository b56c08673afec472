#include "platform/messaging/topics/redrive_policy.hpp"

#include "platform/messaging/topics/refusals.hpp"
#include "platform/routing/json_tree.hpp"
#include "ports/arn.hpp"
#include "ports/house_queues.hpp"

namespace kontor::topics {

bool is_queue(std::string_view arn) {
    auto const parsed = ports::Arn::parse(arn);
    return parsed && parsed->service == "sqs" && !ports::is_house_queue(parsed->resource);
}

Result<std::string, ports::MessagingRefusal> dead_letters_in(std::string_view policy) {
    constexpr std::size_t depth_max = 2;
    if (policy.empty() || policy == "{}")
        return std::string();
    auto const tree = routing::read_json(policy, depth_max);
    bool const is_one = tree && tree->type == routing::JsonType::object && tree->keys.size() == 1 &&
                        tree->keys.front() == "deadLetterTargetArn";
    if (!is_one || !is_queue(tree->items.front().text))
        return refuse_parameter("RedrivePolicy: failed to parse JSON with a deadLetterTargetArn");
    return tree->items.front().text;
}

} // namespace kontor::topics

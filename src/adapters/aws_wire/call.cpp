#include "adapters/aws_wire/call.hpp"

#include "adapters/aws_wire/dispatch.hpp"
#include "ports/arn.hpp"

#include <fmt/format.h>

namespace kontor::aws_wire {
namespace {

Wired<void> permit_action(Call const& call, std::string_view action, std::string_view resource) {
    if (call.caller.may(action, resource))
        return {};
    return unexpected(to_wire(
        AuthRefusal{AuthFault::not_permitted,
                    fmt::format("The key {} is not authorized to perform {} on resource: {}",
                                call.caller.key_id, action, resource)}));
}

/// None: nothing is sent to what that service has.
std::string_view action_of_sending(std::string_view service) {
    if (service == "sqs")
        return "sqs:SendMessage";
    if (service == "sns")
        return "sns:Publish";
    return service == "events" ? "events:PutEvents" : "";
}

} // namespace

Wired<void> permit(Call const& call, std::string_view service, std::string_view resource) {
    auto name = call.operation; // the entries of a batch are permitted as one alone is
    if (name.ends_with("Batch"))
        name.remove_suffix(std::string_view("Batch").size());
    return permit_action(call, fmt::format("{}:{}", service, name), resource);
}

Wired<void> permit_sending(Call const& call, std::string_view text) {
    auto const arn = ports::Arn::parse(text);
    auto const action = arn ? action_of_sending(arn->service) : "";
    return action.empty() ? Wired<void>() : permit_action(call, action, arn->to_string());
}

} // namespace kontor::aws_wire

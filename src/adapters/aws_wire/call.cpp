#include "adapters/aws_wire/call.hpp"

#include "adapters/aws_wire/dispatch.hpp"

#include <fmt/format.h>

namespace kontor::aws_wire {

Wired<void> permit(Call const& call, std::string_view service, std::string_view resource) {
    auto name = call.operation; // the entries of a batch are permitted as one alone is
    if (name.ends_with("Batch"))
        name.remove_suffix(std::string_view("Batch").size());
    auto const action = fmt::format("{}:{}", service, name);
    if (call.caller.may(action, resource))
        return {};
    return unexpected(to_wire(
        AuthRefusal{AuthFault::not_permitted,
                    fmt::format("The key {} is not authorized to perform {} on resource: {}",
                                call.caller.key_id, action, resource)}));
}

} // namespace kontor::aws_wire

#include "adapters/aws_wire/sts.hpp"

#include "adapters/aws_wire/dispatch.hpp"

#include <fmt/format.h>

namespace kontor::aws_wire {

Wired<Value> answer_sts(Call const& call, ports::CloudPlace const& place) {
    if (call.operation != "GetCallerIdentity")
        return unexpected(unknown_operation(call.operation, call.params.protocol()));
    auto identity = Value::object();
    identity.set("Arn", fmt::format("arn:aws:iam::{}:user/{}", place.account, call.caller.key_id));
    identity.set("UserId", call.caller.key_id).set("Account", place.account);
    return identity;
}

} // namespace kontor::aws_wire

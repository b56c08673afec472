#pragma once

/// STS: who am I, because people ask that first.   Thread: any.
/// Source: AWS STS API Reference, GetCallerIdentity (2011-06-15).

#include "adapters/aws_wire/call.hpp"
#include "ports/arn.hpp"

namespace kontor::aws_wire {

/// Everybody who signed may ask; nothing can forbid it, as at AWS.
/// Errors: InvalidAction (any other operation).
Wired<Value> answer_sts(Call const& call, ports::CloudPlace const& place);

} // namespace kontor::aws_wire

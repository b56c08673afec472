#pragma once

/// How a pattern stands with an event, as operators are told of rules and of filters.
/// Thread: any.

#include "services/gateway/rule_answers.hpp"

namespace kontor::services::gateway {

FieldAnswer field_answer(routing::FieldFinding const& finding, routing::Pattern const& pattern);

/// Field by field, and what in the pattern may not be meant.
PatternTestAnswer tested(routing::Pattern const& pattern, routing::FlatEvent const& event);

} // namespace kontor::services::gateway

#pragma once

/// The rules of the audit record: what was done has a name. It refuses nothing else, and it does
/// not tell repetitions apart: an operator may do the same thing twice, and each is an entry. That
/// a command is not carried out twice is the desk's care.

#include "domain/audit/commands.hpp"
#include "domain/audit/state.hpp"

#include "domain/values/context.hpp"

#include "base/shapes.hpp"

namespace kontor::audit {

enum class Rejection : std::uint8_t {
    verb_missing ///< what was done has no name
};
BOOST_DESCRIBE_ENUM(Rejection, verb_missing)

using Decision = DecisionOf<Event, Rejection>;

/// Errors: verb_missing.
Decision decide(State const& state, TakeNote const& command, Context const& context);

} // namespace kontor::audit

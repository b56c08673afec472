#pragma once

/// The rules of the documents of one year: numbers without a gap, one document for each cause, in
/// the sequence of the log. Every command repeated on its own outcome changes nothing.
/// Source: DOMAIN section 4, "Invoices".

#include "domain/documents/commands.hpp"
#include "domain/documents/state.hpp"

#include "domain/values/context.hpp"

#include "base/shapes.hpp"

namespace kontor::documents {

enum class Rejection : std::uint8_t {
    causes_out_of_sequence ///< they do not ascend as the log does
};
BOOST_DESCRIBE_ENUM(Rejection, causes_out_of_sequence)

using Decision = DecisionOf<Event, Rejection>;

/// Causes at or before the position that is documented have their document already.
/// Errors: causes_out_of_sequence.
Decision decide(State const& state, Issue const& command, Context const& context);

} // namespace kontor::documents

#pragma once

/// Reading of what stands in a field's list. `pattern.cpp` reads what stands around it.

#include "platform/routing/json_tree.hpp"
#include "platform/routing/pattern.hpp"

namespace kontor::routing {

/// Whether a word means something to the language, so that `$or` with it as a key is no `$or`.
bool is_reserved(std::string_view word);

/// Reads one entry of a field's list. The pointer of an error begins at the entry.
/// Errors: list_in_list, operator_keys, unknown_operator, wrong_operand, wrong_wildcard,
/// wrong_number, wrong_range, wrong_network.
Result<Alternative, PatternError> read_alternative(JsonTree const& entry);

} // namespace kontor::routing

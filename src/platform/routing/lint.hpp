#pragma once

/// Lint: what in a pattern compiles and still may not be meant. Nothing here is an error.
/// Source: MESSAGING section 2.

#include "platform/routing/pattern.hpp"

namespace kontor::routing {

enum class LintFault : std::uint8_t {
    engine_only,      ///< `exactly` is not in AWS's list of operators
    overridden,       ///< a later field of the same path replaces this one everywhere
    spelling_only,    ///< the number matches no other spelling of it
    always_true,      ///< one alternative makes the others needless
    repeated,         ///< an alternative stands twice
    absence_over_all, ///< absence is judged over all elements, not in the chosen one
    path_in_path,     ///< a field lies in another; lists are then matched slowly
    or_is_a_field,    ///< `$or` is a plain field here
    not_finished      ///< the pattern has more to look at than lint_steps_max; this is not all
};

std::string_view name(LintFault fault);

struct LintFinding {
    LintFault fault{};
    std::uint32_t field{}; ///< index into Pattern::fields
    std::string what{};    ///< a sentence with what to write instead
};

/// In the sequence of the fields, each fault of a field once.
/// Units:    `steps_max` counts comparisons.
std::vector<LintFinding> lint(Pattern const& pattern, std::size_t steps_max = lint_steps_max);

} // namespace kontor::routing

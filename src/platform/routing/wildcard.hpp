#pragma once

/// Wildcards: texts in which a star stands for any run of characters, also none. `\*` is a star and
/// `\\` a backslash.

#include <string>
#include <string_view>
#include <vector>

namespace kontor::routing {

/// What is wrong with a wildcard, as a sentence; empty if nothing is.
std::string_view wildcard_fault(std::string_view text);

/// A wildcard as the texts between its stars, escapes resolved: one more than there are stars.
/// Requires: no fault.
std::vector<std::string> split_wildcard(std::string_view text);

} // namespace kontor::routing

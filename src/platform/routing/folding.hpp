#pragma once

/// Texts without their letter case: each code point becomes its simple folding, so ß equals ẞ and
/// not SS, K equals the Kelvin sign, and no letter depends on its neighbours or on a language.
/// Source: CaseFolding.txt of Unicode 15.0, statuses C and S; the engine folds otherwise
/// (MESSAGING section 2, "Differences").

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::routing {

std::uint32_t fold_point(std::uint32_t point);

/// Writes the folded text and answers where it ends.
/// Requires: `text` is UTF-8; room for twice its bytes.
char* fold_case(std::string_view text, char* out);

std::string fold_case(std::string_view text);

} // namespace kontor::routing

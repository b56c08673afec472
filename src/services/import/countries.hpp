#pragma once

/// The countries as the file names them, as codes.

#include "domain/values/names.hpp"

#include <optional>
#include <string_view>

namespace kontor::online_retail {

/// Empty: a name that nobody knows.
std::optional<Country> try_country(std::string_view text);
/// "EIRE" is IE, "Channel Islands" XC; a name that nobody knows is ZZ, as "Unspecified" is.
Country country_named(std::string_view text);

} // namespace kontor::online_retail

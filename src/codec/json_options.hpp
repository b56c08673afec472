#pragma once

/// What callers choose when they read or write JSON.

#include <cstdint>

namespace kontor::codec {

/// Our own API refuses unknown keys by name; readers of facts skip them, for a newer writer may
/// have added some.
enum class UnknownKeys : std::uint8_t { refused, skipped };

/// Withheld personal values are written as {"withheld":true}, which no reader takes for one.
enum class PersonalFields : std::uint8_t { written, withheld };

} // namespace kontor::codec

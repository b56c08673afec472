#pragma once

/// How long a book is. Behind the last page the next book begins.

#include <cstdint>

namespace kontor::webhook_book {

inline constexpr std::uint64_t pages_max = 1'000;

} // namespace kontor::webhook_book

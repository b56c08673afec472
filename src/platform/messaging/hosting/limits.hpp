#pragma once

/// The limits of hosted queues, with what happens at each.

#include <cstddef>
#include <cstdint>

namespace kontor::hosting {

/// Of contents that the log has as well. At the limit those that come are read back when somebody
/// receives them.
inline constexpr std::uint64_t recent_content_bytes_max = std::uint64_t{256} << 20;

/// Who may wait for bells.
inline constexpr std::size_t bells_max = 64;

} // namespace kontor::hosting

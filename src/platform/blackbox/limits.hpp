#pragma once

/// The limits of the blackbox, with what happens at each.

#include <cstddef>
#include <cstdint>

namespace kontor::blackbox {

/// Agents that have a hand. One more is a defect.
inline constexpr std::size_t hands_max = 24;

/// What was in hand at an unclean end and has not been handled since. At the limit the one that was
/// seen least lately makes room, unless all are quarantined: then the new one is not noted.
inline constexpr std::size_t suspects_max = 64;

/// So many unclean ends with the same thing in hand, and it is quarantined.
inline constexpr std::uint32_t ends_max = 3;

/// Of an agent's name, the zero at its end included; what is longer is cut.
inline constexpr std::size_t agent_name_max = 32;

} // namespace kontor::blackbox

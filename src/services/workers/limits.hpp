#pragma once

/// The limits of whoever takes work from queues, with what happens at each.

#include "base/instant.hpp"

#include <cstddef>

namespace kontor::services {

/// Messages that one worker has in hand. At the limit it receives no more until some are done.
inline constexpr std::size_t messages_in_hand_max = 256;

/// Messages taken in one go.
inline constexpr std::size_t messages_of_receive_max = 32;

/// A message that the world kept from being handled is tried again so much later. Until it passes
/// it stays in hand, and counts as received once: a full disk makes no dead letters.
inline constexpr Duration message_rest = Duration::seconds(1);

/// So long a message that rests is kept from others: the queues' own time, and the rest.
inline constexpr Duration message_kept = Duration::seconds(30) + message_rest;

/// Lines of one delivery or one count. What has more is a dead letter: its sender splits it.
inline constexpr std::size_t warehouse_items_max = 256;

} // namespace kontor::services

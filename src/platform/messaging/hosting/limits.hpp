#pragma once

/// The limits of hosted queues, with what happens at each.

#include "ports/batch.hpp"

#include <cstddef>
#include <cstdint>

namespace kontor::hosting {

/// Of contents that the log has as well. At the limit those that come are read back when somebody
/// receives them.
inline constexpr std::uint64_t recent_content_bytes_max = std::uint64_t{256} << 20;

/// Of facts that wait for the store. At the limit whatever would bring more is refused with `full`.
inline constexpr std::size_t waiting_bytes_max = std::size_t{64} << 20;
/// At this limit nobody receives any more: `full`. What was received may still be settled, once.
inline constexpr std::size_t waiting_bytes_last = 2 * waiting_bytes_max;

/// Appends that wait for the disk. At the limit whatever would bring more is refused with `full`.
inline constexpr std::size_t appends_unconfirmed_max = 65'536;

/// A batch that has so much is not added to: a frame of the log holds it.
inline constexpr std::size_t batch_bytes_goal = std::size_t{512} << 10;
inline constexpr std::size_t batch_events_goal = 8192;
struct BatchGoal {
    std::size_t bytes{batch_bytes_goal};
    std::size_t events{batch_events_goal};
};

/// Events that come before the next checkpoint of queues, and how many are folded for it at a time.
inline constexpr std::uint64_t checkpoint_after = 100'000;
inline constexpr std::size_t checkpoint_page = 1024;
/// Of a checkpoint: some four million messages. At the limit none is made any more in this run, and
/// the one before stays: a start reads more.
inline constexpr std::size_t checkpoint_bytes_max = std::size_t{256} << 20;

/// Batches that are kept to be used again. At the limit they are let go.
inline constexpr std::size_t spare_batches_max = 8;

/// Messages that ended in a commit that another writer overtook. At the limit one more is not
/// noted: it comes again in the next life of the process, and its command finds that it was
/// carried out.
inline constexpr std::size_t overtaken_max = 1024;

/// Who may wait for bells.
inline constexpr std::size_t bells_max = 64;

static_assert(batch_bytes_goal * 2 <= ports::Batch::bytes_max,
              "what is added to a batch beyond its goal fits, unless one message alone is large");

} // namespace kontor::hosting

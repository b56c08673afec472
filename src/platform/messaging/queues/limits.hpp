#pragma once

/// The limits of queues, in one place, with what happens at each.
/// Source: MESSAGING section 6; Amazon SQS developer guide, quotas.

#include "base/instant.hpp"
#include "ports/queue.hpp"

#include <cstddef>
#include <cstdint>

namespace kontor::queues {

/// Queues at once. At the limit none is made: over_limit.
inline constexpr std::size_t queues_max = 100'000;

/// Messages of a queue that receivers have at once. At the limit a standard queue answers
/// over_limit, a FIFO queue gives nothing.
inline constexpr std::uint64_t in_flight_max = 120'000;

/// How long a receiver may have a message, however often it asks for more: it is refused.
inline constexpr Duration visibility_max = Duration::hours(12);
inline constexpr Duration delay_max = Duration::minutes(15);
inline constexpr Duration receive_wait_max = Duration::seconds(20);
inline constexpr Duration retention_min = Duration::seconds(60);
inline constexpr Duration retention_max = Duration::days(14);
inline constexpr std::uint32_t message_bytes_min = 1024;
inline constexpr std::uint32_t message_bytes_max = 1'048'576;
inline constexpr std::uint32_t receives_max = 1000;
inline constexpr std::size_t redrive_sources_max = 10;

/// Of one message. Past them it is refused.
inline constexpr std::size_t attributes_max = 10;
inline constexpr std::size_t attribute_name_max = 256;
inline constexpr std::size_t attribute_type_max = 256;
inline constexpr std::size_t group_id_max = 128;
inline constexpr std::size_t deduplication_id_max = 128;
inline constexpr std::size_t attempt_id_max = 128;

/// Of one queue. Past them a change is refused.
inline constexpr std::size_t tags_max = 50;
inline constexpr std::size_t tag_key_max = 128;
inline constexpr std::size_t tag_value_max = 256;

/// Of attributes that change nothing here (Policy, …), of one queue together: names and values.
/// Past it a change is refused.
inline constexpr std::size_t kept_attribute_bytes_max = 65'536;

/// So long a repetition is known as one, and an attempt to receive may be repeated.
inline constexpr Duration deduplication_window = Duration::seconds(300);

/// What a queue knows of sends within the window. At the limit a send is throttled: forgetting
/// would let a repetition in.
inline constexpr std::size_t deduplicated_max = 50'000'000;

/// Attempts to receive that may be repeated, of a queue. At the limit the oldest is forgotten; its
/// messages come again when their time is over.
inline constexpr std::size_t attempts_max = 20'000;

/// Messages that one call moves to dead letters before it answers with what it has.
inline constexpr std::size_t moves_per_call_max = 1000;

/// Of contents that one look at a queue brings. At the limit the rest is on the next page.
inline constexpr std::size_t peeked_bytes_max = std::size_t{4} << 20;

/// Groups of causes of dead letters. At the limit the rest is one number.
inline constexpr std::size_t causes_max = 1000;
/// Of the words that name a group. At the limit they are cut.
inline constexpr std::size_t cause_words_max = 200;

/// Messages that are parked because one before them failed, of a queue. At the limit the next
/// group that fails blocks.   Source: RELIABILITY section 9.
inline constexpr std::uint64_t parked_max = 10'000;

/// How long a name is not given again, and between two purges.
inline constexpr Duration name_rest = Duration::seconds(60);
inline constexpr Duration purge_rest = Duration::seconds(60);

/// Move tasks that are remembered, of a queue. At the limit the oldest one is forgotten.
inline constexpr std::size_t move_tasks_max = 10;
inline constexpr std::uint32_t moves_per_second_max = 500;
/// Nobody worked on a task for longer: its rate counts anew.
inline constexpr Duration move_idle_max = Duration::seconds(2);
/// How long a move may wait before it begins: it is refused.
inline constexpr Duration move_wait_max = Duration::seconds(60);

static_assert(moves_per_call_max >= ports::queue_entries_max,
              "a receive that finds only dead letters gets through as many as it asked for");
static_assert(in_flight_max >= ports::queue_entries_max, "one receive fits");

} // namespace kontor::queues

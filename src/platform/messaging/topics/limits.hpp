#pragma once

/// Limits of topics, filters and deliveries. Whoever asks for more is refused by name.
/// Source: MESSAGING section 5; Amazon SNS quotas.

#include "platform/routing/limits.hpp"

#include "base/instant.hpp"

#include <cstddef>
#include <cstdint>

namespace kontor::topics {

inline constexpr std::size_t topics_max = 10'000;
inline constexpr std::size_t subscriptions_of_topic_max = 10'000;
inline constexpr std::size_t topic_name_size_max = 256;
inline constexpr std::size_t attribute_name_size_max = 256;
inline constexpr std::size_t attribute_value_size_max = 30'720; ///< of a topic or a subscription

inline constexpr std::size_t message_bytes_min = 1'024;
inline constexpr std::size_t message_bytes_default = 262'144;
inline constexpr std::size_t message_bytes_max = 1'048'576;
inline constexpr std::size_t subject_size_max = 100;
inline constexpr std::size_t batch_id_size_max = 80;
/// What a queue takes beside a raw body; more is a final failure of that delivery.
inline constexpr std::size_t raw_attributes_max = 10;

/// Of a filter policy. Source: SNS developer guide, "Filter policy constraints": 256 KB.
inline constexpr std::size_t filter_bytes_max = 262'144;
/// Top-level keys of a filter policy.
inline constexpr std::size_t filter_keys_max = 5;
/// Alternatives multiplied; in a body each times its depth.
inline constexpr std::size_t filter_combinations_max = 150;
/// AWS takes 200. All are asked at once; changing one costs as much as compiling those that were
/// changed lately.
inline constexpr std::size_t filters_of_topic_max = 1'000;
inline constexpr double filter_number_max = 1e9;
inline constexpr std::int32_t filter_decimals_max = 5;

inline constexpr Duration token_life = Duration::days(2);
inline constexpr Duration deduplication_window = Duration::minutes(5);
/// Ids that a FIFO topic remembers; beyond it publishing is throttled.
inline constexpr std::size_t deduplication_ids_max = 100'000;

inline constexpr std::uint32_t delay_seconds_max = 3'600;
inline constexpr std::uint32_t retries_max = 100;
/// Of all waits of a delivery policy together.
inline constexpr Duration retry_time_max = Duration::seconds(3'600);

static_assert(message_bytes_default <= message_bytes_max);
static_assert(filter_bytes_max <= routing::pattern_characters_ceiling);
static_assert(filters_of_topic_max <= routing::rules_max);

} // namespace kontor::topics

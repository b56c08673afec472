#pragma once

/// Limits of deliveries. After the last try a delivery is given up and its webhook disabled.

#include "base/instant.hpp"

namespace kontor::webhooks {

/// 75 hours and 35 minutes from the first to the last.
inline constexpr std::uint32_t tries_max = 10;

/// How long a receiver may take.
inline constexpr Duration answer_within = Duration::seconds(20);

/// A receiver may ask for so long a pause; for a longer one it gets this.
inline constexpr Duration pause_max = Duration::hours(1);

/// How long the secret before the last rotation still signs.
inline constexpr Duration old_secret_signs = Duration::hours(24);

} // namespace kontor::webhooks

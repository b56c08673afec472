#pragma once

/// Metrics in Prometheus' text format, 0.0.4.

#include "platform/telemetry/metrics.hpp"

#include <string>

namespace kontor::prometheus {

inline constexpr std::string_view exposition_type = "text/plain; version=0.0.4; charset=utf-8";

std::string exposition(std::vector<telemetry::Family> const& families);

} // namespace kontor::prometheus

#pragma once

/// The report of a load test: as objects for programs, and as a page with plots for people.

#include "programs/kontor/load_run.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace kontor::programs {

struct LoadResult {
    std::string server;
    std::string began; ///< RFC 3339
    std::uint64_t seed{0};
    std::size_t connections{0};
    std::string mix;
    std::optional<double> knee{};                     ///< calls a second, where it was looked for
    double knee_within_ms{0};                         ///< the limit of p99 that says where it is
    std::vector<std::unique_ptr<LoadLevel>> levels{}; ///< in the sequence in which they were run
};

/// One level.   Units: milliseconds, calls a second.
boost::json::object load_level_json(LoadLevel const& level);

/// All of it.
boost::json::object load_json(LoadResult const& result);

/// A page that needs nothing beside it: latency by load, the whole distribution of each level, and
/// what happened second by second; each plot with its figures as a table.
std::string load_page(LoadResult const& result);

} // namespace kontor::programs

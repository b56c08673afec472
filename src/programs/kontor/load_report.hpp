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
    std::size_t batch{1};             ///< orders in one request, of those that go in batches
    std::uint32_t batched_percent{0}; ///< of the orders go in batches
    std::optional<double> knee{};     ///< orders and looks a second, where it was looked for
    double knee_within_ms{0};         ///< the limit of p99 that says where it is
    std::vector<std::unique_ptr<LoadLevel>> levels{}; ///< in the sequence in which they were run
};

/// "orders", "looks", "orders and looks": what rates, answers and failures count.
std::string_view counted_in(std::string_view mix);

/// One level.   Units: milliseconds of requests; orders and looks a second.
boost::json::object load_level_json(LoadLevel const& level);

/// All of it.
boost::json::object load_json(LoadResult const& result);

/// A page that needs nothing beside it: latency by load, the whole distribution of each level, and
/// what happened second by second; each plot with its figures as a table.
std::string load_page(LoadResult const& result);

} // namespace kontor::programs

#pragma once

/// The filters of a list on the command line: every parameter that its route takes, as a flag, but
/// for those that the command line sees to by itself.   Thread: one.

#include "services/gateway/route.hpp"

#include <CLI/App.hpp>

#include <string>
#include <utility>
#include <vector>

namespace kontor::programs {

class RouteFilters {
public:
    /// Adds the flags.   Requires: once, and the object stays where it is.
    void add_to(CLI::App& command, services::gateway::Route const& route);

    bool is_empty() const { return query().empty(); }
    /// What was typed, as the query of an address: "?state=open", or nothing.
    std::string query() const;

private:
    std::vector<std::pair<std::string_view, std::string>> asked_;
};

} // namespace kontor::programs

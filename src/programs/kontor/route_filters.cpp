#include "programs/kontor/route_filters.hpp"

#include "programs/kontor/remote.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace kontor::programs {
namespace {

bool is_seen_to(std::string_view parameter) {
    return parameter == "limit" || parameter == "cursor" || parameter == "min_position" ||
           parameter == "wait_ms";
}

/// As it is typed; what is looked for is called by what it is, too.
std::string flag_of(std::string_view parameter, services::gateway::Model model) {
    if (parameter == "q")
        return model == services::gateway::Model::catalog ? "--q,--words" : "--q,--email";
    auto flag = "--" + std::string(parameter);
    std::ranges::replace(flag, '_', '-');
    return flag;
}

} // namespace

void RouteFilters::add_to(CLI::App& command, services::gateway::Route const& route) {
    // CLI11 keeps the address of each value, so none may move any more.
    std::vector<std::string_view> names;
    services::gateway::for_each_name(route.query, [&](std::string_view each) {
        if (!is_seen_to(each))
            names.push_back(each);
    });
    std::ranges::sort(names);
    asked_.reserve(names.size());
    for (auto const each : names) {
        auto const& parameter = services::gateway::parameter_of(route, each);
        auto& [name, value] = asked_.emplace_back(parameter.name, std::string());
        auto what = std::string(parameter.meaning);
        if (!what.empty() && what.front() >= 'A' && what.front() <= 'Z')
            what.front() = static_cast<char>(what.front() - 'A' + 'a');
        command.add_option(flag_of(name, route.model), value, what);
    }
}

std::string RouteFilters::query() const {
    std::string query;
    for (auto const& [name, value] : asked_)
        if (!value.empty())
            query += fmt::format("{}{}={}", query.empty() ? '?' : '&', name, encoded(value));
    return query;
}

} // namespace kontor::programs

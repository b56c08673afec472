#pragma once

/// What was typed for a route of the API becomes a call of it, and its answer is shown; and the
/// call of any route by its method and address, for scripts.   Thread: one.

#include "programs/kontor/api_command.hpp"
#include "programs/kontor/list_limit.hpp"
#include "programs/kontor/remote_write.hpp"
#include "programs/kontor/route_filters.hpp"

namespace kontor::programs {

/// What was typed, argument by argument.
struct ApiAsked {
    std::array<std::string, arguments_max> one{};
    std::array<std::vector<std::string>, arguments_max> many{};
    RouteFilters filters{};
    std::string currency{"GBP"};
    std::string body_file{};
    ListLimit limit{};
    WriteFlags write{};
};

/// Null: there is none of this id.
services::gateway::Route const* route_called(std::string_view id);

/// The call that a row makes of what was typed, but for its key and the version that it replaces.
/// Errors: usage, not_found (no such file), malformed (it is no JSON object).
Result<RemoteCall, Trouble> call_of(ApiCommand const& row, services::gateway::Route const& route,
                                    ApiAsked const& asked);

/// Makes it and shows the answer.
Outcome ask(Program& program, ApiCommand const& row, services::gateway::Route const& route,
            ApiAsked const& asked);

/// Adds `kontor api METHOD PATH`.
void add_plain_call(CLI::App& app, std::optional<Command>& chosen);

} // namespace kontor::programs

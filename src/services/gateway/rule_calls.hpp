#pragma once

/// What the routes of rules share: how a rule is named, found and shown.
/// Thread: the desk's, where doors are asked; else the edge's.

#include "services/gateway/bus_calls.hpp"
#include "services/gateway/rule_answers.hpp"

#include "platform/routing/pattern.hpp"

#include <string>
#include <string_view>

namespace kontor::services::gateway {

inline constexpr std::string_view bus_of_the_shop = "ecommerce-platform";

extern BusProblems const of_rules;

/// The bus whose rules are meant; the shop's, if none is named.
std::string bus_asked(Asked const& asked);

/// Errors: body_invalid, at /pattern.
Result<routing::Pattern, Trouble> pattern_of(std::string const& text);

/// Without its targets.
RuleAnswer shown(ports::RuleDescription const& rule);

/// A rule as it stands.
struct StandingRule {
    ports::RuleDescription rule{};
    std::vector<ports::TargetDescription> targets{};
};
/// Errors: not_found (bus, rule), unavailable.
FromTheBus<StandingRule> standing_rule(ArchiveDesk::Doors const& to, std::string const& bus,
                                       std::string const& name);
/// With its targets.
RuleAnswer shown(StandingRule const& standing);

/// One rule with its targets.   Errors: not_found (bus, rule), unavailable.
FromTheBus<RuleAnswer> rule_of(ArchiveDesk::Doors const& to, std::string const& bus,
                               std::string const& name);

} // namespace kontor::services::gateway

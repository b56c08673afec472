#include "services/gateway/rule_calls.hpp"

namespace kontor::services::gateway {

BusProblems const of_rules{"unknown_rule", "rule_refused",      "rule_refused",
                           "rule_refused", "owned_by_topology", "rule_refused"};

std::string bus_asked(Asked const& asked) {
    return std::string(asked.parameter("bus").value_or(bus_of_the_shop));
}

Result<routing::Pattern, Trouble> pattern_of(std::string const& text) {
    auto pattern = routing::compile(text);
    if (!pattern)
        return unexpected(bad_field("/pattern", routing::to_string(pattern.error())));
    return *std::move(pattern);
}

RuleAnswer shown(ports::RuleDescription const& rule) {
    return {.name = rule.name,
            .bus = rule.bus,
            .state = rule.state,
            .is_of_topology = rule.is_of_topology,
            .pattern = rule.pattern,
            .description = if_said(rule.description),
            .targets = {}};
}

namespace {

RuleTargetAnswer shown(ports::TargetDescription const& target) {
    RuleTargetAnswer answer{target.id, target.arn, {}, if_said(target.dead_letter_arn)};
    if (target.input.constant)
        answer.input = target.input.constant;
    if (target.input.path)
        answer.input = target.input.path;
    if (target.input.filled)
        answer.input = target.input.filled->text;
    return answer;
}

} // namespace

FromTheBus<StandingRule> standing_rule(ArchiveDesk::Doors const& to, std::string const& bus,
                                       std::string const& name) {
    KONTOR_TRY(auto rule, to.rules.describe_rule(bus, name));
    KONTOR_TRY(auto targets, to.targets.list_targets_by_rule(bus, name, {}));
    return StandingRule{std::move(rule), std::move(targets.items)};
}

RuleAnswer shown(StandingRule const& standing) {
    auto answer = shown(standing.rule);
    answer.targets.emplace();
    for (auto const& target : standing.targets)
        answer.targets->push_back(shown(target));
    return answer;
}

FromTheBus<RuleAnswer> rule_of(ArchiveDesk::Doors const& to, std::string const& bus,
                               std::string const& name) {
    KONTOR_TRY(auto const standing, standing_rule(to, bus, name));
    return shown(standing);
}

} // namespace kontor::services::gateway

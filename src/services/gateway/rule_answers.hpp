#pragma once

/// What the shop answers operators of rules: as answers.hpp, under the same rule.

#include "codec/json_values.hpp"
#include "platform/routing/explain.hpp"
#include "ports/event_bus.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

struct RuleTargetAnswer {
    std::string id;
    std::string to;                   ///< an ARN
    std::optional<std::string> input; ///< what it gets instead of the event
    std::optional<std::string> dead_letters;
};
BOOST_DESCRIBE_STRUCT(RuleTargetAnswer, (), (id, to, input, dead_letters))
static_assert(describes_every_field<RuleTargetAnswer>());

struct RuleAnswer {
    std::string name;
    std::string bus;
    ports::RuleState state;
    bool is_of_topology; ///< it can be neither changed nor turned off
    std::string pattern;
    std::optional<std::string> description;
    std::optional<std::vector<RuleTargetAnswer>> targets; ///< of one that is shown alone
};
BOOST_DESCRIBE_STRUCT(RuleAnswer, (),
                      (name, bus, state, is_of_topology, pattern, description, targets))
static_assert(describes_every_field<RuleAnswer>());

/// A value of the event that came near.
struct NearLeafAnswer {
    std::string at; ///< a JSON pointer into the event
    std::string is; ///< as JSON
    std::optional<routing::Difference> differs_in;
};
BOOST_DESCRIBE_STRUCT(NearLeafAnswer, (), (at, is, differs_in))
static_assert(describes_every_field<NearLeafAnswer>());

/// How one field of a pattern stands with an event.
struct FieldAnswer {
    std::string field;  ///< its path
    std::string wanted; ///< a JSON pointer into the pattern
    routing::FieldState state;
    std::vector<NearLeafAnswer> near;
};
BOOST_DESCRIBE_STRUCT(FieldAnswer, (), (field, wanted, state, near))
static_assert(describes_every_field<FieldAnswer>());

/// One way to meet a pattern: all of its fields have to match.
struct WayAnswer {
    routing::Verdict verdict;
    std::vector<FieldAnswer> fields;
};
BOOST_DESCRIBE_STRUCT(WayAnswer, (), (verdict, fields))
static_assert(describes_every_field<WayAnswer>());

/// What compiles and may not be meant.
struct LintAnswer {
    std::string fault;
    std::string wanted; ///< a JSON pointer into the pattern
    std::string what;
};
BOOST_DESCRIBE_STRUCT(LintAnswer, (), (fault, wanted, what))
static_assert(describes_every_field<LintAnswer>());

struct PatternTestAnswer {
    routing::Verdict verdict;
    std::vector<WayAnswer> ways;
    bool is_cut; ///< there is more to say
    std::vector<LintAnswer> lint;
};
BOOST_DESCRIBE_STRUCT(PatternTestAnswer, (), (verdict, ways, is_cut, lint))
static_assert(describes_every_field<PatternTestAnswer>());

/// A rule that an event misses by one field.
struct NearMissAnswer {
    std::string rule;
    FieldAnswer missed;
};
BOOST_DESCRIBE_STRUCT(NearMissAnswer, (), (rule, missed))
static_assert(describes_every_field<NearMissAnswer>());

struct RuleMatchesAnswer {
    std::vector<std::string> rules;       ///< that the event meets
    std::vector<std::string> over_budget; ///< of which that is not known
    std::vector<NearMissAnswer> near_misses;
    bool is_cut; ///< not all rules were looked at, or there may be more near misses
};
BOOST_DESCRIBE_STRUCT(RuleMatchesAnswer, (), (rules, over_budget, near_misses, is_cut))
static_assert(describes_every_field<RuleMatchesAnswer>());

} // namespace kontor::services::gateway

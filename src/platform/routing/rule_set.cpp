#include "platform/routing/rule_set.hpp"

#include <algorithm>

namespace kontor::routing {
namespace {

/// Compiles patterns that were compiled before.
Matcher compile_known(std::vector<Rule> const& rules) {
    auto matcher = Matcher::build(rules);
    KONTOR_ASSERT(matcher.has_value(), "rule {} compiled once", matcher.error().number);
    return *std::move(matcher);
}

} // namespace

Result<void, PutRefusal> RuleSet::put(RuleNumber number, std::string_view pattern) {
    Rule const alone[] = {{number, pattern}};
    auto const compiled = Matcher::build(alone);
    if (!compiled)
        return unexpected(PutRefusal{PutFault::pattern, compiled.error().error});
    auto const known = rules_.find(number);
    if (rules_.size() >= rules_max && known == rules_.end())
        return unexpected(PutRefusal{PutFault::too_many});
    auto const needs =
        needs_ + compiled->needs() - (known == rules_.end() ? 0 : known->second.needs);
    if (needs > needs_max)
        return unexpected(PutRefusal{PutFault::too_large});
    needs_ = needs;
    rules_.insert_or_assign(number, Known{std::string(pattern), compiled->needs()});
    changed_.insert(number);
    is_compiled_ = false;
    return {};
}

bool RuleSet::remove(RuleNumber number) {
    auto const known = rules_.find(number);
    if (known == rules_.end())
        return false;
    needs_ -= known->second.needs;
    rules_.erase(known);
    changed_.insert(number);
    is_compiled_ = false;
    return true;
}

RuleSnapshot const& RuleSet::snapshot() const {
    if (is_compiled_)
        return snapshot_;
    if (snapshot_.large == nullptr || is_delta_too_large()) {
        std::vector<Rule> all;
        all.reserve(rules_.size());
        for (auto const& [number, rule] : rules_)
            all.push_back({number, rule.pattern});
        snapshot_.large = std::make_shared<Matcher const>(compile_known(all));
        changed_.clear();
    }
    compile_delta();
    is_compiled_ = true;
    return snapshot_;
}

bool RuleSet::is_delta_too_large() const {
    std::size_t needs = 0;
    for (auto const number : changed_)
        if (auto const rule = rules_.find(number); rule != rules_.end())
            needs += rule->second.needs;
    return changed_.size() > delta_rules_max || needs > delta_needs_max;
}

void RuleSet::compile_delta() const {
    std::vector<Rule> rules;
    for (auto const number : changed_)
        if (auto const rule = rules_.find(number); rule != rules_.end())
            rules.push_back({number, rule->second.pattern});
    snapshot_.delta = std::make_shared<Matcher const>(compile_known(rules));
    snapshot_.hidden =
        std::make_shared<std::vector<RuleNumber> const>(changed_.begin(), changed_.end());
}

void RuleMatching::use(RuleSnapshot const& snapshot) {
    if (snapshot.large != snapshot_.large)
        large_.emplace(*snapshot.large);
    if (snapshot.delta != snapshot_.delta)
        delta_.emplace(*snapshot.delta);
    snapshot_ = snapshot;
}

Asked RuleMatching::ask(RuleSnapshot const& snapshot, std::string_view event) {
    if (snapshot != snapshot_)
        use(snapshot);
    rules_.clear();
    over_budget_.clear();
    // One may look where the other does not, and stumble there.
    if (large_->ask(event) == Asked::unreadable || delta_->ask(event) == Asked::unreadable)
        return Asked::unreadable;
    join(large_->rules(), delta_->rules(), rules_);
    join(large_->over_budget(), delta_->over_budget(), over_budget_);
    return Asked::answered;
}

bool RuleMatching::is_hidden(RuleNumber number) const {
    return std::binary_search(snapshot_.hidden->begin(), snapshot_.hidden->end(), number);
}

void RuleMatching::join(std::span<RuleNumber const> large, std::span<RuleNumber const> delta,
                        std::vector<RuleNumber>& into) const {
    for (auto const number : large)
        if (!is_hidden(number))
            into.push_back(number);
    auto const middle = std::ssize(into);
    into.insert(into.end(), delta.begin(), delta.end());
    std::inplace_merge(into.begin(), into.begin() + middle, into.end());
}

} // namespace kontor::routing

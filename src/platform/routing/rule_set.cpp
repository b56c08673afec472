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

Matcher Merge::compile() const {
    std::vector<Rule> rules;
    rules.reserve(rules_.size());
    for (auto const& [number, pattern] : rules_)
        rules.push_back({number, pattern});
    return compile_known(rules);
}

RuleSet::RuleSet() {
    snapshot_.large = std::make_shared<Matcher const>(compile_known({}));
    compile_delta();
}

Result<RuleSet, RefusedRule> RuleSet::load(std::span<Rule const> rules) {
    KONTOR_ASSERT(rules.size() <= rules_max, "{} rules", rules.size());
    KONTOR_TRY(auto large, Matcher::build(rules));
    RuleSet set;
    for (auto const& rule : rules)
        set.rules_.emplace(rule.number, rule.pattern);
    set.snapshot_.large = std::make_shared<Matcher const>(std::move(large));
    return set;
}

void RuleSet::compile_delta() {
    std::vector<Rule> rules;
    auto hidden = std::make_shared<std::vector<RuleNumber>>();
    for (auto const& [number, change] : changed_) {
        hidden->push_back(number);
        if (auto const rule = rules_.find(number); rule != rules_.end())
            rules.push_back({number, rule->second});
    }
    snapshot_.delta = std::make_shared<Matcher const>(compile_known(rules));
    snapshot_.hidden = std::move(hidden);
}

Result<void, PutRefusal> RuleSet::put(RuleNumber number, std::string_view pattern) {
    Rule const alone[] = {{number, pattern}};
    auto const compiled = Matcher::build(alone);
    if (!compiled)
        return unexpected(PutRefusal{PutFault::pattern, compiled.error().error});
    if (rules_.size() >= rules_max && !rules_.contains(number))
        return unexpected(PutRefusal{PutFault::too_many});
    if (changed_.size() >= delta_rules_max && !changed_.contains(number))
        return unexpected(PutRefusal{PutFault::delta_is_full});
    auto const delta_needs = snapshot_.delta->needs() + compiled->needs();
    if (snapshot_.large->needs() + delta_needs > needs_max)
        return unexpected(PutRefusal{PutFault::too_large});
    if (delta_needs > delta_needs_max)
        return unexpected(PutRefusal{PutFault::delta_is_full});
    rules_.insert_or_assign(number, std::string(pattern));
    changed_[number] = ++change_;
    compile_delta();
    return {};
}

Result<bool, PutRefusal> RuleSet::remove(RuleNumber number) {
    if (changed_.size() >= delta_rules_max && !changed_.contains(number))
        return unexpected(PutRefusal{PutFault::delta_is_full});
    if (rules_.erase(number) == 0)
        return false;
    changed_[number] = ++change_;
    compile_delta();
    return true;
}

Merge RuleSet::begin_merge() const {
    Merge merge;
    merge.rules_.assign(rules_.begin(), rules_.end());
    merge.change_ = change_;
    return merge;
}

void RuleSet::finish_merge(Merge const& merge, Matcher large) {
    snapshot_.large = std::make_shared<Matcher const>(std::move(large));
    std::erase_if(changed_, [&](auto const& each) { return each.second <= merge.change_; });
    compile_delta();
}

void RuleSet::merge() {
    auto const begun = begin_merge();
    finish_merge(begun, begun.compile());
}

Result<void, PutRefusal> RuleSet::put_merging(RuleNumber number, std::string_view pattern) {
    auto put_at_once = put(number, pattern);
    if (put_at_once || put_at_once.error().fault != PutFault::delta_is_full)
        return put_at_once;
    merge();
    return put(number, pattern);
}

bool RuleSet::remove_merging(RuleNumber number) {
    auto removed = remove(number);
    if (!removed) {
        merge();
        removed = remove(number);
    }
    KONTOR_ASSERT(removed.has_value(), "rule {} cannot be removed after a merge", number);
    return *removed;
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

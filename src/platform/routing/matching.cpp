#include "platform/routing/matching.hpp"

#include "platform/routing/definition.hpp"

#include <algorithm>

namespace kontor::routing {

void Matching::use(Matcher const& matcher) {
    matcher_ = &matcher;
    hits_.fit(matcher.predicate_nodes_.size());
    scratch_.excluded.assign(matcher.buts_, 0);
    seen_.assign(matcher.nodes_.size(), 0);
    told_.assign(matcher.rules(), 0);
    tape_.use(matcher);
}

void Matching::fit(std::string_view event) {
    if (room_.key.size() >= event.size())
        return;
    room_.key.resize(event.size());
    room_.text.resize(event.size());
    scratch_.folded.resize(2 * event.size() + 4);
}

void Matching::leaf(std::uint32_t node, JsonType type, std::string_view text) {
    seen_[node] = turn_;
    if (auto const tests = matcher_->nodes_[node].tests; tests != nowhere)
        matcher_->tests_[tests].test(type, text, scratch_, hits_);
}

void Matching::leave_list(std::uint32_t node, std::size_t nested) {
    if (nested < 2 || !matcher_->nodes_[node].is_joint)
        return;
    if (std::find(choices_.begin(), choices_.end(), node) == choices_.end())
        choices_.push_back(node);
}

Asked Matching::ask(std::string_view event) {
    auto const& matcher = *matcher_;
    fit(event);
    ++turn_;
    event_ = event;
    hits_.clear();
    choices_.clear();
    rules_.clear();
    over_budget_.clear();
    has_tape_ = false;
    flat_.reset();
    EventWalk<Matching> walk(matcher, *this, room_);
    if (!walk.over(event))
        return Asked::unreadable;
    has_dotted_key_ = walk.met_dotted_key();
    for (auto const predicate : hits_.list())
        for (auto i = matcher.waiting_begins_[predicate];
             i < matcher.waiting_begins_[predicate + 1]; ++i)
            judge(matcher.conjuncts_[matcher.waiting_[i]]);
    for (auto const conjunct : matcher.unconditional_)
        judge(matcher.conjuncts_[conjunct]);
    std::sort(rules_.begin(), rules_.end());
    std::sort(over_budget_.begin(), over_budget_.end());
    return Asked::answered;
}

void Matching::judge(CompiledConjunct const& conjunct) {
    auto const* const needs = matcher_->needs_.data() + conjunct.needs;
    for (std::size_t i = 1; i < conjunct.present; ++i)
        if (!hits_.has(needs[i]))
            return;
    if (told_[conjunct.rule] == turn_)
        return;
    if (conjunct.is_by_definition)
        return decide_by_definition(conjunct.rule);
    if (!choices_.empty() && is_choice(conjunct)) {
        if (conjunct.is_overlapping || has_dotted_key_)
            return decide_by_definition(conjunct.rule);
        if (meets_elements(conjunct))
            add(rules_, conjunct.rule);
        return;
    }
    if (!is_any_there(conjunct))
        add(rules_, conjunct.rule);
}

/// Whether a field that must be absent has a leaf anywhere.
bool Matching::is_any_there(CompiledConjunct const& conjunct) const {
    auto const* const absent = matcher_->needs_.data() + conjunct.needs + conjunct.present;
    for (std::size_t i = 0; i < conjunct.absent; ++i)
        if (seen_[absent[i]] == turn_)
            return true;
    return false;
}

std::uint32_t Matching::node_of_need(CompiledConjunct const& conjunct, std::size_t need) const {
    auto const value = matcher_->needs_[conjunct.needs + need];
    return need < conjunct.present ? matcher_->predicate_nodes_[value] : value;
}

/// Whether an array gives a choice between two fields of a conjunct.
bool Matching::is_choice(CompiledConjunct const& conjunct) const {
    for (auto const choice : choices_) {
        int fields = 0;
        for (std::size_t i = 0; i < conjunct.present + conjunct.absent; ++i) {
            auto node = node_of_need(conjunct, i);
            while (node != choice && node != nowhere)
                node = matcher_->nodes_[node].parent;
            fields += node == choice ? 1 : 0;
        }
        if (fields > 1)
            return true;
    }
    return false;
}

bool Matching::meets_elements(CompiledConjunct const& conjunct) {
    if (!has_tape_) {
        tape_.begin(scratch_);
        EventWalk<Tape> walk(*matcher_, tape_, room_);
        if (!walk.over(event_))
            return false;
        has_tape_ = true;
    }
    return elements_.meet(*matcher_, tape_, conjunct);
}

void Matching::decide_by_definition(std::uint32_t rule) {
    if (!flat_)
        if (auto flat = FlatEvent::read(event_))
            flat_ = *std::move(flat);
    auto const pattern = compile(matcher_->pattern(rule), pattern_characters_ceiling);
    KONTOR_ASSERT(pattern.has_value(), "rule {} was compiled once", matcher_->numbers_[rule]);
    if (!flat_)
        return;
    switch (match_by_definition(*pattern, *flat_)) {
    case Verdict::match: return add(rules_, rule);
    case Verdict::over_budget: return add(over_budget_, rule);
    case Verdict::no_match: told_[rule] = turn_; return;
    }
    KONTOR_UNREACHABLE();
}

void Matching::add(std::vector<RuleNumber>& to, std::uint32_t rule) {
    told_[rule] = turn_;
    to.push_back(matcher_->numbers_[rule]);
}

} // namespace kontor::routing

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
    elements_.use(matcher);
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
    is_flat_refused_ = false;
    definition_steps_ = definition_steps_of_event_max;
    scratch_.wildcard_bytes = wildcard_bytes_of_event_max;
    doubtful_.clear();
    EventWalk<Matching> walk(matcher, *this, room_);
    if (!walk.over(event))
        return Asked::unreadable;
    has_dotted_key_ = walk.met_dotted_key();
    for (auto const predicate : hits_.list())
        judge_all(matcher.waiting_begins_[predicate], matcher.waiting_begins_[predicate + 1]);
    judge_all(matcher.waiting_begins_.back(),
              static_cast<std::uint32_t>(matcher.conjuncts_.size()));
    settle_doubtful();
    std::sort(rules_.begin(), rules_.end());
    std::sort(over_budget_.begin(), over_budget_.end());
    return Asked::answered;
}

void Matching::judge_all(std::uint32_t begin, std::uint32_t end) {
    for (auto i = begin; i < end; ++i)
        judge(matcher_->conjuncts_[i]);
}

void Matching::judge(CompiledConjunct const& conjunct) {
    auto const* const needs = matcher_->needs_.data() + conjunct.needs;
    for (std::size_t i = 1; i < conjunct.present; ++i)
        if (!hits_.has(needs[i]))
            return;
    if (!conjunct.is_only && told_[conjunct.rule] == turn_)
        return;
    if (conjunct.is_by_definition)
        return decide_by_definition(conjunct.rule);
    if (!choices_.empty() && is_choice(conjunct)) {
        if (conjunct.is_overlapping || has_dotted_key_)
            return decide_by_definition(conjunct.rule);
        if (meets_elements(conjunct))
            settle(conjunct.rule, is_undecided(conjunct) || tape_.is_undecided());
        return;
    }
    if (!is_any_there(conjunct))
        settle(conjunct.rule, is_undecided(conjunct));
}

/// Whether a conjunct that holds would not if what was not looked at were false.
bool Matching::is_undecided(CompiledConjunct const& conjunct) const {
    if (!hits_.has_undecided())
        return false;
    auto const* const needs = matcher_->needs_.data() + conjunct.needs;
    return std::any_of(needs, needs + conjunct.present,
                       [&](auto predicate) { return hits_.is_undecided(predicate); });
}

/// Another conjunct may still hold without a doubt, so a rule in doubt waits for the end.
void Matching::settle(std::uint32_t rule, bool is_undecided) {
    if (is_undecided)
        doubtful_.push_back(rule);
    else
        add(rules_, rule);
}

void Matching::settle_doubtful() {
    for (auto const rule : doubtful_)
        if (told_[rule] != turn_)
            add(over_budget_, rule);
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
        scratch_.wildcard_bytes = wildcard_bytes_of_event_max;
        EventWalk<Tape> walk(*matcher_, tape_, room_);
        bool const was_read = walk.over(event_);
        KONTOR_ASSERT(was_read, "an event of {} bytes was read once", event_.size());
        has_tape_ = true;
    }
    return elements_.meet(*matcher_, tape_, conjunct);
}

void Matching::decide_by_definition(std::uint32_t rule) {
    if (!flat_ && !is_flat_refused_) {
        if (auto flat = FlatEvent::read(event_))
            flat_ = *std::move(flat);
        is_flat_refused_ = !flat_.has_value();
    }
    auto const text = matcher_->pattern(rule);
    if (is_flat_refused_ || text.size() >= definition_steps_)
        return add(over_budget_, rule);
    auto const pattern = compile(text, pattern_characters_ceiling);
    KONTOR_ASSERT(pattern.has_value(), "rule {} was compiled once", matcher_->numbers_[rule]);
    definition_steps_ -= text.size(); // to read it again is work, too
    Steps steps(std::min(definition_steps_max, definition_steps_));
    auto const verdict = match_by_definition(*pattern, *flat_, steps);
    definition_steps_ -= steps.used();
    switch (verdict) {
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

#include "platform/routing/elements.hpp"

#include <algorithm>

namespace kontor::routing {

void Tape::use(Matcher const& matcher) {
    matcher_ = &matcher;
    hits_.fit(matcher.predicate_nodes_.size());
    open_.reserve(event_depth_max);
}

void Tape::begin(LeafScratch& scratch) {
    scratch_ = &scratch;
    spots_.clear();
    open_.clear();
    true_.clear();
    is_undecided_ = false;
}

void Tape::add(std::uint32_t node, JsonType type, bool is_leaf) {
    auto const here = static_cast<std::uint32_t>(spots_.size());
    auto const hits = static_cast<std::uint32_t>(true_.size());
    spots_.push_back({node, type, is_leaf, here + 1, hits, hits});
}

void Tape::open(std::uint32_t node, JsonType type) {
    open_.push_back(static_cast<std::uint32_t>(spots_.size()));
    add(node, type, false);
}

void Tape::close() {
    spots_[open_.back()].next = static_cast<std::uint32_t>(spots_.size());
    open_.pop_back();
}

void Tape::leaf(std::uint32_t node, JsonType type, std::string_view text) {
    add(node, JsonType::text, true);
    auto const tests = matcher_->nodes_[node].tests;
    if (tests == nowhere)
        return;
    hits_.clear();
    matcher_->tests_[tests].test(type, text, *scratch_, hits_);
    is_undecided_ |= hits_.has_undecided();
    true_.insert(true_.end(), hits_.list().begin(), hits_.list().end());
    spots_.back().hits_end = static_cast<std::uint32_t>(true_.size());
}

bool Tape::finds(Spot const& leaf, std::uint32_t predicate) const {
    auto const begin = true_.begin() + leaf.hits_begin;
    return std::find(begin, true_.begin() + leaf.hits_end, predicate) !=
           true_.begin() + leaf.hits_end;
}

void Elements::use(Matcher const& matcher) {
    marks_.assign(matcher.nodes_.size(), {});
}

std::uint32_t Elements::level_at(std::uint32_t node) const {
    auto const& mark = marks_[node];
    return mark.turn == turn_ ? mark.level : nowhere;
}

std::uint32_t Elements::add_level(std::uint32_t node, std::uint32_t parent) {
    auto const level = static_cast<std::uint32_t>(levels_.size());
    levels_.push_back({node, nowhere, false, false, 0, nowhere, parent});
    marks_[node] = {turn_, level};
    return level;
}

std::uint32_t Elements::level_of(Matcher const& matcher, std::uint32_t node) {
    if (auto const level = level_at(node); level != nowhere)
        return level;
    auto const above = level_of(matcher, matcher.nodes_[node].parent);
    return add_level(node, above);
}

void Elements::add_field(Matcher const& matcher, std::uint32_t node, std::uint32_t predicate) {
    auto const at = level_of(matcher, node);
    auto const rank = matcher.nodes_[node].rank;
    levels_[at].is_field = true;
    levels_[at].is_absent = predicate == nowhere;
    levels_[at].predicate = predicate;
    levels_[at].rank = rank;
    if (predicate == nowhere)
        return;
    for (auto above = at; above != nowhere; above = levels_[above].parent)
        levels_[above].first_present = std::min(levels_[above].first_present, rank);
}

bool Elements::meet(Matcher const& matcher, Tape const& tape, CompiledConjunct const& conjunct) {
    tape_ = &tape;
    ++turn_;
    levels_.clear();
    add_level(0, nowhere);
    auto const* const needs = matcher.needs_.data() + conjunct.needs;
    for (std::size_t i = 0; i < conjunct.present; ++i)
        add_field(matcher, matcher.predicate_nodes_[needs[i]], needs[i]);
    for (std::size_t i = 0; i < conjunct.absent; ++i)
        add_field(matcher, needs[conjunct.present + i], nowhere);
    for (std::size_t i = 1; i < levels_.size(); ++i)
        levels_[levels_[i].parent].wanted_children += is_met_by_nothing(levels_[i]) ? 0 : 1;
    if (conjunct.absent > 0)
        find_absent();
    else
        first_absent_.clear();
    return is_met(0, 0);
}

/// Says of each spot what must not be there and is. From the end, for what lies in a spot stands
/// behind it.
void Elements::find_absent() {
    auto const& spots = tape_->spots();
    first_absent_.assign(spots.size(), nowhere);
    for (auto i = static_cast<std::uint32_t>(spots.size()); i-- > 0;) {
        auto const at = level_at(spots[i].node);
        if (at == nowhere)
            continue;
        auto const& level = levels_[at];
        if (level.is_field && !level.is_absent)
            continue;
        if (level.is_field && spots[i].is_leaf)
            first_absent_[i] = level.rank;
        for (auto inner = i + 1; inner < spots[i].next; inner = spots[inner].next)
            first_absent_[i] = std::min(first_absent_[i], first_absent_[inner]);
    }
}

std::uint32_t Elements::first_absent_of(std::uint32_t spot) const {
    return first_absent_.empty() ? nowhere : first_absent_[spot];
}

bool Elements::is_met(std::uint32_t spot, std::uint32_t level) const {
    auto const& here = tape_->spots()[spot];
    auto const& wanted = levels_[level];
    if (here.type == JsonType::list)
        return is_met_in_list(spot, level);
    if (here.type == JsonType::object)
        return wanted.is_field ? wanted.is_absent : is_met_in_object(spot, level);
    if (!wanted.is_field)
        return is_met_by_nothing(wanted);
    return here.is_leaf && !wanted.is_absent && tape_->finds(here, wanted.predicate);
}

/// What is there must be met, and what is wanted must be there.
bool Elements::is_met_in_object(std::uint32_t spot, std::uint32_t level) const {
    auto const& spots = tape_->spots();
    std::uint32_t found = 0;
    for (auto i = spot + 1; i < spots[spot].next; i = spots[i].next) {
        auto const child = level_at(spots[i].node);
        if (child == nowhere || levels_[child].parent != level)
            continue;
        if (!is_met(i, child))
            return false;
        found += is_met_by_nothing(levels_[child]) ? 0 : 1;
    }
    return found == levels_[level].wanted_children;
}

/// No element may hold a leaf of a field that must be absent, unless a field with an earlier path
/// chooses the element; and if fields are wanted, one element must have them all.
bool Elements::is_met_in_list(std::uint32_t spot, std::uint32_t level) const {
    auto const& spots = tape_->spots();
    auto const& wanted = levels_[level];
    for (auto i = spot + 1; i < spots[spot].next; i = spots[i].next)
        if (first_absent_of(i) < wanted.first_present)
            return false;
    if (is_met_by_nothing(wanted))
        return true;
    for (auto i = spot + 1; i < spots[spot].next; i = spots[i].next)
        if (is_met(i, level))
            return true;
    return false;
}

} // namespace kontor::routing

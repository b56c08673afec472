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
    true_.insert(true_.end(), hits_.list().begin(), hits_.list().end());
    spots_.back().hits_end = static_cast<std::uint32_t>(true_.size());
}

bool Tape::finds(Spot const& leaf, std::uint32_t predicate) const {
    auto const begin = true_.begin() + leaf.hits_begin;
    return std::find(begin, true_.begin() + leaf.hits_end, predicate) !=
           true_.begin() + leaf.hits_end;
}

std::uint32_t Elements::level_of(Matcher const& matcher, std::uint32_t node) {
    for (std::uint32_t i = 0; i < levels_.size(); ++i)
        if (levels_[i].node == node)
            return i;
    auto const above = level_of(matcher, matcher.nodes_[node].parent);
    auto const level = static_cast<std::uint32_t>(levels_.size());
    levels_.push_back(
        {node, nowhere, false, false, 0, nowhere, nowhere, levels_[above].first_child});
    levels_[above].first_child = level;
    return level;
}

void Elements::add_field(Matcher const& matcher, std::uint32_t node, std::uint32_t predicate) {
    auto& level = levels_[level_of(matcher, node)];
    level.is_field = true;
    level.is_absent = predicate == nowhere;
    level.predicate = predicate;
    level.rank = matcher.nodes_[node].rank;
    if (level.is_absent)
        return;
    auto const rank = level.rank;
    for (auto above = node; above != nowhere; above = matcher.nodes_[above].parent) {
        auto& first = levels_[level_of(matcher, above)].first_present;
        first = std::min(first, rank);
    }
}

bool Elements::meet(Matcher const& matcher, Tape const& tape, CompiledConjunct const& conjunct) {
    tape_ = &tape;
    levels_.clear();
    levels_.push_back({0, nowhere, false, false, 0, nowhere, nowhere, nowhere});
    auto const* const needs = matcher.needs_.data() + conjunct.needs;
    for (std::size_t i = 0; i < conjunct.present; ++i)
        add_field(matcher, matcher.predicate_nodes_[needs[i]], needs[i]);
    for (std::size_t i = 0; i < conjunct.absent; ++i)
        add_field(matcher, needs[conjunct.present + i], nowhere);
    return is_met(0, 0);
}

bool Elements::is_met(std::uint32_t spot, std::uint32_t level) const {
    auto const& here = tape_->spots()[spot];
    auto const& wanted = levels_[level];
    if (here.type == JsonType::list)
        return is_met_in_list(spot, level);
    if (here.type == JsonType::object)
        return wanted.is_field ? wanted.is_absent : is_met_in_object(spot, wanted);
    if (!wanted.is_field)
        return is_met_by_nothing(wanted);
    return here.is_leaf && !wanted.is_absent && tape_->finds(here, wanted.predicate);
}

bool Elements::is_met_in_object(std::uint32_t spot, Level const& level) const {
    auto const& spots = tape_->spots();
    for (auto child = level.first_child; child != nowhere; child = levels_[child].sibling) {
        bool is_there = false;
        for (auto i = spot + 1; i < spots[spot].next && !is_there; i = spots[i].next) {
            if (spots[i].node != levels_[child].node)
                continue;
            is_there = true;
            if (!is_met(i, child))
                return false;
        }
        if (!is_there && !is_met_by_nothing(levels_[child]))
            return false;
    }
    return true;
}

/// No element may hold a leaf of a field that must be absent, unless a field with an earlier path
/// chooses the element; and if fields are wanted, one element must have them all.
bool Elements::is_met_in_list(std::uint32_t spot, std::uint32_t level) const {
    auto const& spots = tape_->spots();
    auto const& wanted = levels_[level];
    for (auto i = spot + 1; i < spots[spot].next; i = spots[i].next)
        if (has_leaf(i, wanted, wanted.first_present))
            return false;
    if (is_met_by_nothing(wanted))
        return true;
    for (auto i = spot + 1; i < spots[spot].next; i = spots[i].next)
        if (is_met(i, level))
            return true;
    return false;
}

/// Whether a value has a leaf of an absent field whose path sorts before `before`.
bool Elements::has_leaf(std::uint32_t spot, Level const& level, std::uint32_t before) const {
    auto const& spots = tape_->spots();
    auto const& here = spots[spot];
    if (level.is_field && (!level.is_absent || level.rank > before))
        return false;
    if (here.type == JsonType::list) {
        for (auto i = spot + 1; i < here.next; i = spots[i].next)
            if (has_leaf(i, level, before))
                return true;
        return false;
    }
    if (here.type != JsonType::object)
        return level.is_field && here.is_leaf;
    for (auto child = level.first_child; child != nowhere; child = levels_[child].sibling)
        for (auto i = spot + 1; i < here.next; i = spots[i].next)
            if (spots[i].node == levels_[child].node && has_leaf(i, levels_[child], before))
                return true;
    return false;
}

} // namespace kontor::routing

#pragma once

/// The definition of matching: slow, plain, and right by reading it beside MESSAGING section 2. The
/// compiled matcher must answer as this does; where it cannot be linear, it asks this.

#include "base/describe.hpp"
#include "platform/routing/event.hpp"
#include "platform/routing/pattern.hpp"

namespace kontor::routing {

enum class Verdict : std::uint8_t {
    match,
    no_match,
    over_budget ///< not known: the event goes to the rule's dead letters, as PATTERN_BUDGET
};
BOOST_DESCRIBE_ENUM(Verdict, match, no_match, over_budget)

/// How much work may still be done. A step is about what it takes to look at one leaf: each leaf,
/// each membership, each alternative and each stretch of text that is looked at counts, so that no
/// pattern and no event makes many of few steps.
class Steps {
public:
    explicit Steps(std::size_t most) : most_(most), left_(most) {}

    /// False: so many are not left; then none is.
    bool take(std::size_t steps) {
        if (steps >= left_)
            left_ = 0;
        else
            left_ -= steps;
        return left_ > 0;
    }
    bool are_spent() const { return left_ == 0; }
    std::size_t used() const { return most_ - left_; }

private:
    std::size_t most_;
    std::size_t left_;
};

/// Whether one leaf is what an alternative wants. `absent` wants none.
bool is_met(Alternative const& alternative, JsonTree const& leaf);

/// What that takes.   Units: steps.
std::size_t work_of(Alternative const& alternative, JsonTree const& leaf);

/// A pattern and an event. Asked about one conjunct after the other it keeps its room.
class Judge {
public:
    /// Requires: all three stay.
    Judge(Pattern const& pattern, FlatEvent const& event, Steps& steps);

    /// Whether a conjunct holds.   Requires: fields of the pattern, in the sequence of their paths.
    Verdict judge(std::span<std::uint32_t const> conjunct);

private:
    bool is_passable(std::span<std::uint32_t const> fields);
    bool agrees(Leaf const& leaf);
    bool is_wanted(Field const& field, Leaf const& leaf);
    bool is_passable_with(Leaf const& leaf, std::span<std::uint32_t const> fields);

    Pattern const& pattern_;
    FlatEvent const& event_;
    Steps& steps_;
    std::vector<std::span<Leaf const>> leaves_; ///< by field
    std::vector<std::int64_t> chosen_;          ///< of each array the index, or none
    std::vector<std::uint32_t> trail_;          ///< arrays of which one was chosen, in sequence
};

/// Whether a pattern matches an event.
/// Units:    `steps_max` counts over all conjuncts.
Verdict match_by_definition(Pattern const& pattern, FlatEvent const& event,
                            std::size_t steps_max = definition_steps_max);
Verdict match_by_definition(Pattern const& pattern, FlatEvent const& event, Steps& steps);

} // namespace kontor::routing

#pragma once

/// Matching: asks a Matcher about events, one after the other, and keeps the room that this takes.
/// After the first events nothing is allocated, but where the definition decides.
/// Thread: one.

#include "platform/routing/elements.hpp"
#include "platform/routing/event.hpp"

#include <optional>

namespace kontor::routing {

enum class Asked : std::uint8_t {
    answered,
    unreadable ///< no object, cut off, or nested too deeply
};

class Matching {
public:
    /// Asks this matcher from now on.   Requires: it stays until another one is used.
    explicit Matching(Matcher const& matcher) { use(matcher); }
    void use(Matcher const& matcher);

    /// Finds the rules that an event meets.
    /// Requires: an event that FlatEvent::read accepts. Of others some are told to be unreadable,
    ///           and of some an answer means nothing.
    Asked ask(std::string_view event);

    /// The rules that the last event meets, ascending.
    std::span<RuleNumber const> rules() const { return rules_; }

    /// Rules of which it is not known whether the last event meets them, ascending: it was beyond
    /// a budget (limits.hpp), or the definition was needed and FlatEvent refuses the event. For
    /// them it is a dead letter, PATTERN_BUDGET.
    std::span<RuleNumber const> over_budget() const { return over_budget_; }

private:
    friend class EventWalk<Matching>;

    void leaf(std::uint32_t node, JsonType type, std::string_view text);
    void scalar(std::uint32_t) {}
    void enter_object(std::uint32_t) {}
    void leave_object() {}
    void enter_list(std::uint32_t) {}
    void leave_list(std::uint32_t node, std::size_t nested);

    void fit(std::string_view event);
    void judge_all(std::uint32_t begin, std::uint32_t end);
    void judge(CompiledConjunct const& conjunct);
    bool is_choice(CompiledConjunct const& conjunct) const;
    bool is_any_there(CompiledConjunct const& conjunct) const;
    std::uint32_t node_of_need(CompiledConjunct const& conjunct, std::size_t need) const;
    bool meets_elements(CompiledConjunct const& conjunct);
    void decide_by_definition(std::uint32_t rule);
    bool is_undecided(CompiledConjunct const& conjunct) const;
    void settle(std::uint32_t rule, bool is_undecided);
    void settle_doubtful();
    void add(std::vector<RuleNumber>& to, std::uint32_t rule);

    Matcher const* matcher_{nullptr};
    std::string_view event_;
    std::uint64_t turn_{0}; ///< events so far
    Hits hits_;
    LeafScratch scratch_;
    DecodeRoom room_;
    std::vector<std::uint64_t> seen_;    ///< by node: the turn in which it last had a leaf
    std::vector<std::uint32_t> choices_; ///< joint nodes at which this event has a choice
    bool has_dotted_key_{false};
    std::vector<std::uint64_t> told_; ///< by rule: the turn in which it was last decided
    std::vector<RuleNumber> rules_;
    std::vector<RuleNumber> over_budget_;
    Tape tape_;
    bool has_tape_{false};
    Elements elements_;
    std::optional<FlatEvent> flat_;
    bool is_flat_refused_{false};
    std::size_t definition_steps_{0};     ///< left for this event
    std::vector<std::uint32_t> doubtful_; ///< rules that may be met, by undecided predicates
};

} // namespace kontor::routing

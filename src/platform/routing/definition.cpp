#include "platform/routing/definition.hpp"

#include "platform/routing/folding.hpp"

#include <algorithm>

namespace kontor::routing {
namespace {

bool is_same_text_or_address(std::string const& wanted, std::string const& text) {
    if (wanted == text)
        return true;
    auto const address = parse_address(wanted);
    return address && parse_address(text) == address;
}

/// A wildcard, character by character: a star takes none, or one and goes on.
bool meets_wildcard(std::string_view wildcard, std::string_view text) {
    std::vector<bool> reached(text.size() + 1, false); // how much of the text is used up
    reached[0] = true;
    for (std::size_t i = 0; i < wildcard.size(); ++i) {
        bool const is_star = wildcard[i] == '*';
        if (wildcard[i] == '\\')
            ++i;
        std::vector<bool> next(text.size() + 1, false);
        for (std::size_t used = 0; used <= text.size(); ++used)
            next[used] = is_star ? reached[used] || (used > 0 && next[used - 1])
                                 : used > 0 && reached[used - 1] && text[used - 1] == wildcard[i];
        reached = std::move(next);
    }
    return reached[text.size()];
}

/// Whether the operator in a wildcard, prefix, suffix or equality holds for one text.
bool meets_operator(Test test, std::string const& wanted, std::string const& text) {
    switch (test) {
    case Test::text: return is_same_text_or_address(wanted, text);
    case Test::exactly:
    case Test::anything_but_texts: return text == wanted;
    case Test::prefix:
    case Test::anything_but_prefix: return text.starts_with(wanted);
    case Test::suffix:
    case Test::anything_but_suffix: return text.ends_with(wanted);
    case Test::prefix_ignoring_case: return fold_case(text).starts_with(fold_case(wanted));
    case Test::suffix_ignoring_case: return fold_case(text).ends_with(fold_case(wanted));
    case Test::equals_ignoring_case:
    case Test::anything_but_ignoring_case: return fold_case(text) == fold_case(wanted);
    case Test::wildcard:
    case Test::anything_but_wildcard: return meets_wildcard(wanted, text);
    case Test::number:
    case Test::true_:
    case Test::false_:
    case Test::null_:
    case Test::anything_but_numbers:
    case Test::numeric:
    case Test::network:
    case Test::exists:
    case Test::absent: return false;
    }
    KONTOR_UNREACHABLE();
}

bool meets_any_text(Alternative const& alternative, JsonTree const& leaf) {
    return leaf.type == JsonType::text &&
           std::any_of(alternative.texts.begin(), alternative.texts.end(), [&](auto const& text) {
               return meets_operator(alternative.test, text, leaf.text);
           });
}

bool meets_any_number(Alternative const& alternative, JsonTree const& leaf) {
    return leaf.type == JsonType::number &&
           std::any_of(alternative.numbers.begin(), alternative.numbers.end(),
                       [&](auto const& number) { return equals(number, leaf.text); });
}

bool lies_in_range(Range const& range, JsonTree const& leaf) {
    if (leaf.type != JsonType::number)
        return false;
    auto const value = comparable(leaf.text);
    return value && range.contains(*value);
}

bool lies_in_network(Network const& network, JsonTree const& leaf) {
    if (leaf.type != JsonType::text)
        return false;
    auto const address = parse_address(leaf.text);
    return address && network.contains(*address);
}

/// One conjunct and one event: the choice of elements so far, and what is left to try.
class Walk {
public:
    Walk(Pattern const& pattern, FlatEvent const& event, std::size_t steps)
        : pattern_(pattern), event_(event), chosen_(event.arrays(), none), steps_(steps) {}

    /// Whether the fields from `next` on can be met with what is chosen.
    bool is_passable(std::vector<std::uint32_t> const& conjunct, std::size_t next) {
        if (next == conjunct.size())
            return true;
        auto const& field = pattern_.fields[conjunct[next]];
        bool is_there = false;
        for (auto const& leaf : event_.at(field.path)) {
            if (steps_ == 0)
                return false;
            --steps_;
            if (!agrees(leaf))
                continue;
            is_there = true;
            if (is_wanted(field, leaf) && is_passable_with(leaf, conjunct, next))
                return true;
        }
        return !is_there && steps_ > 0 && may_be_absent(field) && is_passable(conjunct, next + 1);
    }

    std::size_t steps_left() const { return steps_; }

private:
    static constexpr std::int64_t none = -1;

    bool agrees(Leaf const& leaf) const {
        return std::all_of(leaf.memberships.begin(), leaf.memberships.end(), [&](auto const& each) {
            return chosen_[each.array] == none || chosen_[each.array] == each.index;
        });
    }

    static bool is_wanted(Field const& field, Leaf const& leaf) {
        return std::any_of(field.alternatives.begin(), field.alternatives.end(),
                           [&](auto const& each) { return is_met(each, *leaf.value); });
    }

    static bool may_be_absent(Field const& field) {
        return std::any_of(field.alternatives.begin(), field.alternatives.end(),
                           [](auto const& each) { return each.test == Test::absent; });
    }

    bool is_passable_with(Leaf const& leaf, std::vector<std::uint32_t> const& conjunct,
                          std::size_t next) {
        auto const before = chosen_;
        for (auto const& each : leaf.memberships)
            chosen_[each.array] = each.index;
        bool const passed = is_passable(conjunct, next + 1);
        chosen_ = before;
        return passed;
    }

    Pattern const& pattern_;
    FlatEvent const& event_;
    std::vector<std::int64_t> chosen_; ///< of each array the index, or none
    std::size_t steps_;
};

} // namespace

bool is_met(Alternative const& alternative, JsonTree const& leaf) {
    switch (alternative.test) {
    case Test::text:
    case Test::exactly:
    case Test::prefix:
    case Test::suffix:
    case Test::prefix_ignoring_case:
    case Test::suffix_ignoring_case:
    case Test::equals_ignoring_case:
    case Test::wildcard: return meets_any_text(alternative, leaf);
    case Test::number: return meets_any_number(alternative, leaf);
    case Test::true_: return leaf.type == JsonType::true_;
    case Test::false_: return leaf.type == JsonType::false_;
    case Test::null_: return leaf.type == JsonType::null_;
    case Test::anything_but_texts:
    case Test::anything_but_prefix:
    case Test::anything_but_suffix:
    case Test::anything_but_ignoring_case:
    case Test::anything_but_wildcard: return !meets_any_text(alternative, leaf);
    case Test::anything_but_numbers: return !meets_any_number(alternative, leaf);
    case Test::numeric: return lies_in_range(alternative.range, leaf);
    case Test::network: return lies_in_network(alternative.network, leaf);
    case Test::exists: return true;
    case Test::absent: return false;
    }
    KONTOR_UNREACHABLE();
}

Verdict match_by_definition(Pattern const& pattern, FlatEvent const& event, std::size_t steps_max) {
    auto steps = steps_max;
    for (auto const& conjunct : pattern.conjuncts) {
        Walk walk(pattern, event, steps);
        if (walk.is_passable(conjunct, 0))
            return Verdict::match;
        steps = walk.steps_left();
        if (steps == 0)
            return Verdict::over_budget;
    }
    return Verdict::no_match;
}

} // namespace kontor::routing

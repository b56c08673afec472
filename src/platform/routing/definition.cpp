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

constexpr std::int64_t none = -1;

/// Text that is looked through in one step.   Units: bytes.
constexpr std::size_t stretch = 64;

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

std::size_t work_of(Alternative const& alternative, JsonTree const& leaf) {
    auto const size = leaf.text.size();
    auto const tries = 1 + alternative.texts.size() + alternative.numbers.size();
    if (alternative.test != Test::wildcard && alternative.test != Test::anything_but_wildcard)
        return tries * (1 + size / stretch);
    auto steps = tries;
    for (auto const& text : alternative.texts)
        steps += text.size() * size / stretch;
    return steps;
}

Judge::Judge(Pattern const& pattern, FlatEvent const& event, Steps& steps)
    : pattern_(pattern), event_(event), steps_(steps), chosen_(event.arrays(), none) {
    for (auto const& field : pattern.fields)
        leaves_.push_back(event.at(field.path));
    steps_.take(pattern.fields.size() + event.arrays() / stretch);
}

Verdict Judge::judge(std::span<std::uint32_t const> conjunct) {
    if (is_passable(conjunct))
        return Verdict::match;
    return steps_.are_spent() ? Verdict::over_budget : Verdict::no_match;
}

/// Whether these fields can be met with what is chosen.
bool Judge::is_passable(std::span<std::uint32_t const> fields) {
    if (fields.empty())
        return true;
    auto const& field = pattern_.fields[fields.front()];
    bool is_there = false;
    for (auto const& leaf : leaves_[fields.front()]) {
        if (!steps_.take(1))
            return false;
        if (!agrees(leaf))
            continue;
        is_there = true;
        if (is_wanted(field, leaf) && is_passable_with(leaf, fields.subspan(1)))
            return true;
    }
    return !is_there && steps_.take(1) && field.may_be_absent() && is_passable(fields.subspan(1));
}

/// Whether a leaf lies in the elements that are chosen.
bool Judge::agrees(Leaf const& leaf) {
    for (auto at = leaf.membership; at != no_membership;) {
        auto const& each = event_.membership(at);
        if (chosen_[each.array] != none && chosen_[each.array] != each.index)
            return false;
        if (!steps_.take(1))
            return false;
        at = each.outer;
    }
    return true;
}

bool Judge::is_wanted(Field const& field, Leaf const& leaf) {
    return std::any_of(field.alternatives.begin(), field.alternatives.end(), [&](auto const& each) {
        return steps_.take(work_of(each, *leaf.value)) && is_met(each, *leaf.value);
    });
}

bool Judge::is_passable_with(Leaf const& leaf, std::span<std::uint32_t const> fields) {
    auto const before = trail_.size();
    for (auto at = leaf.membership; at != no_membership; at = event_.membership(at).outer) {
        auto const& each = event_.membership(at);
        if (chosen_[each.array] != none)
            continue;
        chosen_[each.array] = each.index;
        trail_.push_back(each.array);
    }
    bool const passed = is_passable(fields);
    for (; trail_.size() > before; trail_.pop_back())
        chosen_[trail_.back()] = none;
    return passed;
}

Verdict match_by_definition(Pattern const& pattern, FlatEvent const& event, Steps& steps) {
    Judge judge(pattern, event, steps);
    for (auto const& conjunct : pattern.conjuncts)
        if (auto const verdict = judge.judge(conjunct); verdict != Verdict::no_match)
            return verdict;
    return Verdict::no_match;
}

Verdict match_by_definition(Pattern const& pattern, FlatEvent const& event, std::size_t steps_max) {
    Steps steps(steps_max);
    return match_by_definition(pattern, event, steps);
}

} // namespace kontor::routing

#include "platform/routing/explain.hpp"

#include "platform/routing/folding.hpp"

#include <algorithm>

namespace kontor::routing {
namespace {

/// Sets of fields that are tried, until all fields are named instead.
constexpr int sets_max = 2'000;

bool wants_text(Test test) {
    switch (test) {
    case Test::text:
    case Test::exactly:
    case Test::prefix:
    case Test::suffix:
    case Test::prefix_ignoring_case:
    case Test::suffix_ignoring_case:
    case Test::equals_ignoring_case:
    case Test::wildcard:
    case Test::network: return true;
    case Test::number:
    case Test::true_:
    case Test::false_:
    case Test::null_:
    case Test::anything_but_texts:
    case Test::anything_but_numbers:
    case Test::anything_but_prefix:
    case Test::anything_but_suffix:
    case Test::anything_but_ignoring_case:
    case Test::anything_but_wildcard:
    case Test::numeric:
    case Test::exists:
    case Test::absent: return false;
    }
    KONTOR_UNREACHABLE();
}

/// Whether a text would do if nobody looked at its letter case.
bool differs_in_case(Alternative const& alternative, JsonTree const& leaf) {
    if (!wants_text(alternative.test) || leaf.type != JsonType::text)
        return false;
    auto folded = alternative;
    for (auto& text : folded.texts)
        text = fold_case(text);
    JsonTree folded_leaf = leaf;
    folded_leaf.text = fold_case(leaf.text);
    return is_met(folded, folded_leaf);
}

Difference difference_to(Alternative const& alternative, JsonTree const& leaf) {
    if (differs_in_case(alternative, leaf))
        return Difference::letter_case;
    if (leaf.type == JsonType::number && alternative.test == Test::numeric)
        return Difference::range;
    if (leaf.type == JsonType::number && alternative.test == Test::number)
        return Difference::number;
    if (leaf.type == JsonType::text && wants_text(alternative.test))
        return Difference::value;
    auto const is_but = alternative.test >= Test::anything_but_texts &&
                        alternative.test <= Test::anything_but_wildcard;
    return is_but ? Difference::value : Difference::type;
}

std::string spelling_of(JsonTree const& leaf) {
    switch (leaf.type) {
    case JsonType::null_: return "null";
    case JsonType::true_: return "true";
    case JsonType::false_: return "false";
    case JsonType::number: return leaf.text;
    case JsonType::text: return "\"" + leaf.text + "\"";
    case JsonType::list: return "[]";
    case JsonType::object: return "{}";
    }
    KONTOR_UNREACHABLE();
}

bool meets_field(Field const& field, JsonTree const& leaf) {
    return std::any_of(field.alternatives.begin(), field.alternatives.end(),
                       [&](auto const& each) { return is_met(each, leaf); });
}

bool may_be_absent(Field const& field) {
    return std::any_of(field.alternatives.begin(), field.alternatives.end(),
                       [](auto const& each) { return each.test == Test::absent; });
}

bool must_be_absent(Field const& field) {
    return std::all_of(field.alternatives.begin(), field.alternatives.end(),
                       [](auto const& each) { return each.test == Test::absent; });
}

NearLeaf near_leaf(Field const& field, Leaf const& leaf) {
    NearLeaf near{leaf.pointer, spelling_of(*leaf.value), Difference::type};
    for (auto const& alternative : field.alternatives)
        near.difference = std::min(near.difference, difference_to(alternative, *leaf.value));
    return near;
}

/// A field as if it were the only one.
FieldFinding judge_alone(Pattern const& pattern, std::uint32_t index, FlatEvent const& event) {
    auto const& field = pattern.fields[index];
    auto const& leaves = event.at(field.path);
    FieldFinding finding{index, FieldState::matched};
    for (auto const& leaf : leaves)
        if (meets_field(field, *leaf.value) && finding.leaves.size() < near_leaves_max)
            finding.leaves.push_back({leaf.pointer, spelling_of(*leaf.value), Difference::value});
    if (!finding.leaves.empty() || (leaves.empty() && may_be_absent(field)))
        return finding;
    finding.state = leaves.empty()          ? FieldState::absent
                    : must_be_absent(field) ? FieldState::present
                                            : FieldState::differs;
    for (auto const& leaf : leaves)
        finding.leaves.push_back(near_leaf(field, leaf));
    std::stable_sort(finding.leaves.begin(), finding.leaves.end(),
                     [](auto const& a, auto const& b) { return a.difference < b.difference; });
    finding.leaves.resize(std::min(finding.leaves.size(), near_leaves_max));
    return finding;
}

bool is_together(Pattern const& pattern, std::vector<std::uint32_t> fields,
                 FlatEvent const& event) {
    Pattern part;
    part.fields = pattern.fields;
    part.conjuncts.push_back(std::move(fields));
    return match_by_definition(part, event) == Verdict::match;
}

/// The first pair, or else the first three, that no choice of elements meets; or all.
std::vector<std::uint32_t> disagreeing(Pattern const& pattern,
                                       std::vector<std::uint32_t> const& conjunct,
                                       FlatEvent const& event) {
    int tried = 0;
    auto const count = conjunct.size();
    for (std::size_t b = 1; b < count; ++b)
        for (std::size_t a = 0; a < b && tried < sets_max; ++a, ++tried)
            if (!is_together(pattern, {conjunct[a], conjunct[b]}, event))
                return {conjunct[a], conjunct[b]};
    for (std::size_t c = 2; c < count && tried < sets_max; ++c)
        for (std::size_t i = 0; i < c * c && tried < sets_max; ++i) {
            auto const [a, b] = std::pair(i / c, i % c);
            if (a >= b)
                continue;
            ++tried;
            if (!is_together(pattern, {conjunct[a], conjunct[b], conjunct[c]}, event))
                return {conjunct[a], conjunct[b], conjunct[c]};
        }
    return conjunct;
}

ConjunctFinding explain_conjunct(Pattern const& pattern, std::vector<std::uint32_t> const& conjunct,
                                 FlatEvent const& event) {
    Pattern alone;
    alone.fields = pattern.fields;
    alone.conjuncts.push_back(conjunct);
    ConjunctFinding finding{match_by_definition(alone, event)};
    for (auto const field : conjunct)
        finding.fields.push_back(judge_alone(pattern, field, event));
    if (finding.verdict == Verdict::match)
        for (auto& each : finding.fields)
            each.state = FieldState::matched;
    bool const all_pass =
        std::all_of(finding.fields.begin(), finding.fields.end(),
                    [](auto const& each) { return each.state == FieldState::matched; });
    if (!all_pass || finding.verdict != Verdict::no_match)
        return finding;
    for (auto const field : disagreeing(pattern, conjunct, event))
        for (auto& each : finding.fields)
            if (each.field == field)
                each.state = FieldState::other_element;
    return finding;
}

} // namespace

Explanation explain(Pattern const& pattern, FlatEvent const& event) {
    Explanation explanation{match_by_definition(pattern, event)};
    for (auto const& conjunct : pattern.conjuncts)
        explanation.conjuncts.push_back(explain_conjunct(pattern, conjunct, event));
    return explanation;
}

std::optional<FieldFinding> near_miss(Explanation const& explanation) {
    if (explanation.verdict != Verdict::no_match)
        return std::nullopt;
    for (auto const& conjunct : explanation.conjuncts) {
        auto const is_failed = [](FieldFinding const& each) {
            return each.state != FieldState::matched;
        };
        if (std::count_if(conjunct.fields.begin(), conjunct.fields.end(), is_failed) == 1)
            return *std::find_if(conjunct.fields.begin(), conjunct.fields.end(), is_failed);
    }
    return std::nullopt;
}

std::vector<NearMiss> near_misses(std::span<Pattern const> patterns, FlatEvent const& event) {
    std::vector<NearMiss> misses;
    for (std::size_t i = 0; i < patterns.size() && misses.size() < near_misses_max; ++i)
        if (auto field = near_miss(explain(patterns[i], event)))
            misses.push_back({i, *std::move(field)});
    return misses;
}

} // namespace kontor::routing

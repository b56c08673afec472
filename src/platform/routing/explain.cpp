#include "platform/routing/explain.hpp"

#include "platform/routing/folding.hpp"
#include "platform/routing/utf8.hpp"

#include <algorithm>
#include <initializer_list>

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

/// At most spelling_size_max bytes, and no half of a code point.
std::string shortened(std::string_view text) {
    if (text.size() <= spelling_size_max)
        return std::string(text);
    auto size = spelling_size_max;
    while (size > 0 && is_continuation(text[size]))
        --size;
    return std::string(text.substr(0, size)) + "…";
}

std::string spelling_of(JsonTree const& leaf) {
    switch (leaf.type) {
    case JsonType::null_: return "null";
    case JsonType::true_: return "true";
    case JsonType::false_: return "false";
    case JsonType::number: return shortened(leaf.text);
    case JsonType::text: return "\"" + shortened(leaf.text) + "\"";
    case JsonType::list: return "[]";
    case JsonType::object: return "{}";
    }
    KONTOR_UNREACHABLE();
}

bool must_be_absent(Field const& field) {
    return std::all_of(field.alternatives.begin(), field.alternatives.end(),
                       [](auto const& each) { return each.test == Test::absent; });
}

bool is_matched(FieldFinding const& finding) {
    return finding.state == FieldState::matched;
}

/// Leaves of one field, the nearest first and of equally near ones the first; at most so many.
class Nearest {
public:
    bool wants(Difference difference) const {
        return found_.size() < near_leaves_max || difference < found_.back().difference;
    }
    void add(NearLeaf leaf) {
        auto const place = std::find_if(found_.begin(), found_.end(), [&](auto const& each) {
            return leaf.difference < each.difference;
        });
        found_.insert(place, std::move(leaf));
        found_.resize(std::min(found_.size(), near_leaves_max));
    }
    std::vector<NearLeaf> found() && { return std::move(found_); }

private:
    std::vector<NearLeaf> found_;
};

/// One pattern and one event.
class Explainer {
public:
    Explainer(Pattern const& pattern, FlatEvent const& event, std::size_t steps_max)
        : pattern_(pattern), event_(event), steps_(steps_max), judge_(pattern, event, steps_),
          alone_(pattern.fields.size()) {}

    Explanation run() {
        Explanation explanation{match_by_definition(pattern_, event_)};
        for (auto const& conjunct : pattern_.conjuncts) {
            if (steps_.are_spent() || explanation.conjuncts.size() == explained_conjuncts_max)
                break;
            explanation.conjuncts.push_back(explain_conjunct(conjunct));
        }
        explanation.is_cut =
            steps_.are_spent() || explanation.conjuncts.size() < pattern_.conjuncts.size();
        explanation.steps = steps_.used();
        return explanation;
    }

private:
    ConjunctFinding explain_conjunct(std::vector<std::uint32_t> const& conjunct) {
        ConjunctFinding finding{judge_.judge(conjunct)};
        for (auto const field : conjunct)
            finding.fields.push_back(alone(field));
        if (finding.verdict == Verdict::match)
            for (auto& each : finding.fields)
                each.state = FieldState::matched;
        bool const all_pass = std::all_of(finding.fields.begin(), finding.fields.end(), is_matched);
        if (!all_pass || finding.verdict != Verdict::no_match)
            return finding;
        for (auto const field : disagreeing(conjunct))
            for (auto& each : finding.fields)
                if (each.field == field)
                    each.state = FieldState::other_element;
        return finding;
    }

    /// A field as if it were the only one; looked at once, however many conjuncts have it.
    FieldFinding const& alone(std::uint32_t index) {
        if (!alone_[index])
            alone_[index] = judge_alone(index);
        return *alone_[index];
    }

    FieldFinding judge_alone(std::uint32_t index) {
        auto const& field = pattern_.fields[index];
        auto const leaves = event_.at(field.path);
        FieldFinding finding{index, FieldState::matched};
        for (auto const& leaf : leaves)
            if (finding.leaves.size() < near_leaves_max && meets_field(field, *leaf.value))
                finding.leaves.push_back(
                    {event_.pointer(leaf), spelling_of(*leaf.value), Difference::value});
        if (!finding.leaves.empty() || (leaves.empty() && field.may_be_absent()))
            return finding;
        finding.state = leaves.empty()          ? FieldState::absent
                        : must_be_absent(field) ? FieldState::present
                                                : FieldState::differs;
        Nearest nearest;
        for (auto const& leaf : leaves) {
            auto const difference = difference_of(field, *leaf.value);
            if (difference && nearest.wants(*difference))
                nearest.add({event_.pointer(leaf), spelling_of(*leaf.value), *difference});
        }
        finding.leaves = std::move(nearest).found();
        return finding;
    }

    bool meets_field(Field const& field, JsonTree const& leaf) {
        return std::any_of(field.alternatives.begin(), field.alternatives.end(),
                           [&](auto const& each) {
                               return steps_.take(work_of(each, leaf)) && is_met(each, leaf);
                           });
    }

    /// Nothing: no steps are left.
    std::optional<Difference> difference_of(Field const& field, JsonTree const& leaf) {
        constexpr std::size_t work_of_folding = 4;
        auto nearest = Difference::type;
        for (auto const& alternative : field.alternatives) {
            if (!steps_.take(work_of_folding * work_of(alternative, leaf)))
                return std::nullopt;
            nearest = std::min(nearest, difference_to(alternative, leaf));
        }
        return nearest;
    }

    bool is_apart(std::initializer_list<std::uint32_t> fields) {
        return judge_.judge({fields.begin(), fields.size()}) == Verdict::no_match;
    }

    /// The first pair, or else the first three, that no choice of elements meets; or all.
    std::vector<std::uint32_t> disagreeing(std::vector<std::uint32_t> const& conjunct) {
        int tried = 0;
        auto const count = conjunct.size();
        for (std::size_t b = 1; b < count; ++b)
            for (std::size_t a = 0; a < b && tried < sets_max; ++a, ++tried)
                if (is_apart({conjunct[a], conjunct[b]}))
                    return {conjunct[a], conjunct[b]};
        for (std::size_t c = 2; c < count && tried < sets_max; ++c)
            for (std::size_t i = 0; i < c * c && tried < sets_max; ++i) {
                auto const [a, b] = std::pair(i / c, i % c);
                if (a >= b)
                    continue;
                ++tried;
                if (is_apart({conjunct[a], conjunct[b], conjunct[c]}))
                    return {conjunct[a], conjunct[b], conjunct[c]};
            }
        return conjunct;
    }

    Pattern const& pattern_;
    FlatEvent const& event_;
    Steps steps_;
    Judge judge_;
    std::vector<std::optional<FieldFinding>> alone_; ///< by field
};

} // namespace

Explanation explain(Pattern const& pattern, FlatEvent const& event, std::size_t steps_max) {
    return Explainer(pattern, event, steps_max).run();
}

std::optional<FieldFinding> near_miss(Explanation const& explanation) {
    if (explanation.verdict != Verdict::no_match)
        return std::nullopt;
    for (auto const& conjunct : explanation.conjuncts) {
        auto const is_failed = [](FieldFinding const& each) { return !is_matched(each); };
        if (std::count_if(conjunct.fields.begin(), conjunct.fields.end(), is_failed) == 1)
            return *std::find_if(conjunct.fields.begin(), conjunct.fields.end(), is_failed);
    }
    return std::nullopt;
}

NearMisses near_misses(std::span<Pattern const> patterns, FlatEvent const& event,
                       std::size_t steps_max) {
    NearMisses found;
    auto left = steps_max;
    for (; found.looked_at < patterns.size() && left > 0; ++found.looked_at) {
        if (found.misses.size() == near_misses_max)
            break;
        auto const budget = std::min(left, explain_steps_max);
        auto const explanation = explain(patterns[found.looked_at], event, budget);
        left -= std::min(left, explanation.steps + 1);
        if (explanation.steps == budget)
            continue; // what it says of fields may be wrong
        if (auto field = near_miss(explanation))
            found.misses.push_back({found.looked_at, *std::move(field)});
    }
    return found;
}

} // namespace kontor::routing

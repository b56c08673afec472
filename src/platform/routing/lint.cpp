#include "platform/routing/lint.hpp"

#include "platform/routing/definition.hpp"
#include "platform/routing/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace kontor::routing {
namespace {

bool wants_absence(Field const& field) {
    return std::any_of(field.alternatives.begin(), field.alternatives.end(),
                       [](auto const& each) { return each.test == Test::absent; });
}

bool wants_presence(Field const& field) {
    return std::any_of(field.alternatives.begin(), field.alternatives.end(),
                       [](auto const& each) { return each.test != Test::absent; });
}

bool lies_below(std::string_view path, std::string_view above) {
    return path.size() > above.size() && path.starts_with(above) && path[above.size()] == '.';
}

/// The level that two paths share before they part; empty if that is the root.
std::string_view shared_level(std::string_view a, std::string_view b) {
    std::string_view level;
    for (auto dot = a.find('.'); dot != std::string_view::npos; dot = a.find('.', dot + 1))
        if (lies_below(b, a.substr(0, dot)))
            level = a.substr(0, dot);
    return level;
}

bool is_same(Alternative const& a, Alternative const& b) {
    auto const same_numbers = std::equal(a.numbers.begin(), a.numbers.end(), b.numbers.begin(),
                                         b.numbers.end(), [](auto const& x, auto const& y) {
                                             return x.value ? x.value == y.value : x.text == y.text;
                                         });
    return a.test == b.test && a.texts == b.texts && same_numbers && a.range.low == b.range.low &&
           a.range.high == b.range.high && a.range.includes_low == b.range.includes_low &&
           a.range.includes_high == b.range.includes_high;
}

class Linter {
public:
    Linter(Pattern const& pattern, std::size_t steps_max)
        : pattern_(pattern), steps_(steps_max),
          seen_pairs_(pattern.fields.size() * pattern.fields.size(), false) {}

    std::vector<LintFinding> run() && {
        std::set<std::uint32_t> used;
        for (auto const& conjunct : pattern_.conjuncts)
            used.insert(conjunct.begin(), conjunct.end());
        for (std::uint32_t i = 0; i < pattern_.fields.size(); ++i) {
            if (!used.contains(i))
                add(LintFault::overridden, i,
                    "a later field of the same path replaces it; leave one of them out");
            look_at_field(i);
        }
        look_at_pairs();
        if (steps_.are_spent())
            add(LintFault::not_finished, 0,
                "the pattern is too large to look at all of it; split it into several rules");
        std::stable_sort(findings_.begin(), findings_.end(),
                         [](auto const& a, auto const& b) { return a.field < b.field; });
        return std::move(findings_);
    }

private:
    void add(LintFault fault, std::uint32_t field, std::string what) {
        if (told_.emplace(fault, field).second)
            findings_.push_back({fault, field, std::move(what)});
    }

    void look_at_field(std::uint32_t index) {
        auto const& field = pattern_.fields[index];
        auto const& all = field.alternatives;
        for (std::size_t i = 0; i < all.size(); ++i) {
            look_at_alternative(index, all[i]);
            for (std::size_t j = 0; j < i && steps_.take(1); ++j)
                if (is_same(all[i], all[j]))
                    add(LintFault::repeated, index, "an alternative stands twice in its list");
        }
        if (("." + field.path + ".").find(".$or.") != std::string::npos)
            add(LintFault::or_is_a_field, index,
                "`$or` is a field here: as a choice it takes two objects or more, none of them "
                "empty and none with an operator's name as a key");
    }

    /// Each two fields that stand in one conjunct, once, however many conjuncts they share.
    void look_at_pairs() {
        for (auto const& conjunct : pattern_.conjuncts)
            for (auto const a : conjunct)
                for (auto const b : conjunct) {
                    if (!steps_.take(1))
                        return;
                    auto seen = seen_pairs_[a * pattern_.fields.size() + b];
                    if (!seen)
                        look_at_pair(a, b);
                    seen = true;
                }
    }

    void look_at_alternative(std::uint32_t index, Alternative const& alternative) {
        if (alternative.test == Test::exactly)
            add(LintFault::engine_only, index,
                "`exactly` is not in AWS's list of operators; a plain string means the same but "
                "for IP addresses");
        if (alternative.test == Test::number && !alternative.numbers.front().value)
            add(LintFault::spelling_only, index,
                fmt::format("{} matches this spelling alone: a double does not tell it from its "
                            "neighbours",
                            alternative.numbers.front().text));
        if (alternative.test == Test::exists && pattern_.fields[index].alternatives.size() > 1)
            add(LintFault::always_true, index,
                "with `exists` true among them the other alternatives say nothing");
    }

    /// What a field `a` has to do with another one of its conjunct.
    void look_at_pair(std::uint32_t a, std::uint32_t b) {
        auto const& one = pattern_.fields[a];
        auto const& other = pattern_.fields[b];
        if (lies_below(one.path, other.path))
            add(LintFault::path_in_path, a,
                fmt::format("it lies in `{}`, which is wanted as a leaf; events with lists there "
                            "are matched slowly",
                            other.path));
        if (!wants_absence(one) || !wants_presence(other))
            return;
        if (told_.contains({LintFault::absence_over_all, a}))
            return;
        auto const level = shared_level(one.path, other.path);
        if (!level.empty() && !is_chosen_before(a, level) && !steps_.are_spent())
            add(LintFault::absence_over_all, a,
                fmt::format("where `{}` is a list, absence is judged over all its elements, for no "
                            "field with an earlier path chooses one",
                            level));
    }

    /// Whether, in each conjunct with this field, one with an earlier path chooses the element.
    bool is_chosen_before(std::uint32_t absent, std::string_view level) {
        auto const& path = pattern_.fields[absent].path;
        return std::all_of(
            pattern_.conjuncts.begin(), pattern_.conjuncts.end(), [&](auto const& conjunct) {
                if (std::find(conjunct.begin(), conjunct.end(), absent) == conjunct.end())
                    return true;
                return std::any_of(conjunct.begin(), conjunct.end(), [&](auto each) {
                    auto const& field = pattern_.fields[each];
                    return steps_.take(1) && lies_below(field.path, level) &&
                           wants_presence(field) && utf16_less(field.path, path);
                });
            });
    }

    Pattern const& pattern_;
    Steps steps_;
    std::vector<bool> seen_pairs_;
    std::vector<LintFinding> findings_;
    std::set<std::pair<LintFault, std::uint32_t>> told_;
};

} // namespace

std::string_view name(LintFault fault) {
    switch (fault) {
    case LintFault::engine_only: return "engine_only";
    case LintFault::overridden: return "overridden";
    case LintFault::spelling_only: return "spelling_only";
    case LintFault::always_true: return "always_true";
    case LintFault::repeated: return "repeated";
    case LintFault::absence_over_all: return "absence_over_all";
    case LintFault::path_in_path: return "path_in_path";
    case LintFault::or_is_a_field: return "or_is_a_field";
    case LintFault::not_finished: return "not_finished";
    }
    KONTOR_UNREACHABLE();
}

std::vector<LintFinding> lint(Pattern const& pattern, std::size_t steps_max) {
    return Linter(pattern, steps_max).run();
}

} // namespace kontor::routing

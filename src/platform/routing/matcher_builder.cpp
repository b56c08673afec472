#include "platform/routing/matcher_builder.hpp"

#include "platform/routing/utf8.hpp"

#include <algorithm>
#include <numeric>

namespace kontor::routing {
namespace {

/// How often an alternative is true of a leaf, guessed, in hundredths.
std::uint32_t commonness_of(Test test) {
    switch (test) {
    case Test::text:
    case Test::number:
    case Test::exactly:
    case Test::equals_ignoring_case: return 1;
    case Test::prefix:
    case Test::suffix:
    case Test::prefix_ignoring_case:
    case Test::suffix_ignoring_case:
    case Test::wildcard:
    case Test::network: return 5;
    case Test::true_:
    case Test::false_:
    case Test::null_:
    case Test::numeric: return 30;
    case Test::anything_but_texts:
    case Test::anything_but_numbers:
    case Test::anything_but_prefix:
    case Test::anything_but_suffix:
    case Test::anything_but_ignoring_case:
    case Test::anything_but_wildcard: return 90;
    case Test::exists:
    case Test::absent: return 100;
    }
    KONTOR_UNREACHABLE();
}

void append_number(std::string& out, std::uint64_t number) {
    out.append(reinterpret_cast<char const*>(&number), sizeof number);
}

void append_text(std::string& out, std::string_view text) {
    append_number(out, text.size());
    out += text;
}

/// What makes an alternative different from others, as bytes.
void append_alternative(std::string& out, Alternative const& alternative) {
    out += static_cast<char>(alternative.test);
    append_number(out, alternative.texts.size() << 32 | alternative.numbers.size());
    for (auto const& text : alternative.texts)
        append_text(out, text);
    for (auto const& number : alternative.numbers)
        append_text(out, number.text);
    if (alternative.test == Test::numeric) {
        auto const& range = alternative.range;
        out.append(reinterpret_cast<char const*>(&range.low), sizeof range.low);
        out.append(reinterpret_cast<char const*>(&range.high), sizeof range.high);
        out += static_cast<char>((range.includes_low ? 1 : 0) + (range.includes_high ? 2 : 0));
    }
}

} // namespace

MatcherBuilder::MatcherBuilder(CpuLevel level) {
    matcher_.skip_ = skip_container(level);
    matcher_.nodes_.emplace_back();
    matcher_.pattern_begins_.push_back(0);
    paths_.emplace_back();
    tests_.emplace_back();
}

std::uint32_t MatcherBuilder::node_of(std::string const& path) {
    if (auto const found = nodes_.find(path); found != nodes_.end())
        return found->second;
    auto const dot = path.rfind('.');
    auto const parent = dot == std::string::npos ? 0 : node_of(path.substr(0, dot));
    auto const node = static_cast<std::uint32_t>(paths_.size());
    paths_.push_back(path);
    tests_.emplace_back();
    matcher_.nodes_.push_back({parent});
    nodes_.emplace(path, node);
    return node;
}

std::uint32_t MatcherBuilder::predicate_of(std::uint32_t node, Field const& field) {
    std::string key;
    append_number(key, node);
    for (auto const& alternative : field.alternatives)
        if (alternative.test != Test::absent)
            append_alternative(key, alternative);
    auto const [found, is_new] =
        predicates_.try_emplace(std::move(key), static_cast<std::uint32_t>(uses_.size()));
    if (is_new) {
        std::uint32_t commonness = 0;
        for (auto const& alternative : field.alternatives) {
            if (alternative.test == Test::absent)
                continue;
            tests_[node].add(alternative, found->second);
            commonness = std::max(commonness, commonness_of(alternative.test));
        }
        commonness_.push_back(commonness);
        uses_.push_back(0);
        matcher_.predicate_nodes_.push_back(node);
        matcher_.nodes_[node].tests = 0;
    }
    return found->second;
}

MatcherBuilder::KnownField MatcherBuilder::known(Field const& field) {
    auto const node = node_of(field.path);
    matcher_.nodes_[node].is_field = true;
    auto const absent = std::count_if(field.alternatives.begin(), field.alternatives.end(),
                                      [](auto const& each) { return each.test == Test::absent; });
    bool const is_present = absent < std::ssize(field.alternatives);
    return {node, is_present ? predicate_of(node, field) : nowhere, absent > 0};
}

Result<void, PatternError> MatcherBuilder::add(Rule const& rule) {
    KONTOR_TRY(auto const pattern, compile(rule.pattern, pattern_characters_ceiling));
    std::vector<KnownField> fields;
    for (auto const& field : pattern.fields)
        fields.push_back(known(field));
    matcher_.numbers_.push_back(rule.number);
    matcher_.patterns_ += rule.pattern;
    matcher_.pattern_begins_.push_back(matcher_.patterns_.size());

    std::vector<std::vector<KnownField>> conjuncts;
    std::size_t parts = 0;
    for (auto const& conjunct : pattern.conjuncts) {
        auto& all = conjuncts.emplace_back();
        std::size_t count = 1;
        for (auto const field : conjunct) {
            all.push_back(fields[field]);
            bool const splits = all.back().may_be_absent && all.back().predicate != nowhere;
            count = std::min(splits ? 2 * count : count, conjuncts_max + 1);
        }
        parts += count;
    }
    auto const before = matcher_.conjuncts_.size();
    for (auto const& conjunct : conjuncts)
        add_conjunct(conjunct, parts <= conjuncts_max);
    matcher_.conjuncts_.back().is_only = matcher_.conjuncts_.size() == before + 1;
    return {};
}

/// A field that may be present or absent makes two conjuncts of one. Where that would be too many,
/// such fields are left out, and the definition decides.
void MatcherBuilder::add_conjunct(std::vector<KnownField> const& fields, bool may_split) {
    std::vector<std::vector<Need>> all(1);
    bool is_left_out = false;
    for (auto const& field : fields) {
        bool const splits = field.may_be_absent && field.predicate != nowhere;
        if (splits && !may_split) {
            is_left_out = true;
            continue;
        }
        auto const count = splits ? all.size() : 0;
        for (std::size_t i = 0; i < count; ++i) {
            all.push_back(all[i]);
            all.back().push_back({field.node, nowhere});
        }
        for (std::size_t i = 0; i < all.size() - count; ++i)
            all[i].push_back({field.node, field.predicate});
    }
    for (auto const& needs : all)
        add_needs(needs, is_left_out);
}

/// Counts one more field at a node, in the present conjunct, and answers how many there are now.
std::uint32_t MatcherBuilder::count_field(std::uint32_t node) {
    auto const conjunct = static_cast<std::uint32_t>(matcher_.conjuncts_.size());
    if (counts_[node].conjunct != conjunct)
        counts_[node] = {conjunct, 0};
    return ++counts_[node].fields;
}

/// Whether a path of a conjunct lies in another; marks the nodes that have two of its fields.
/// Linear in the paths: a conjunct may have hundreds of fields, a pattern hundreds of conjuncts.
bool MatcherBuilder::marks_overlap(std::vector<Need> const& needs) {
    counts_.resize(matcher_.nodes_.size());
    for (auto const& need : needs)
        for (auto node = need.node; node != 0; node = matcher_.nodes_[node].parent)
            if (count_field(node) > 1)
                matcher_.nodes_[node].is_joint = true;
    return std::any_of(needs.begin(), needs.end(),
                       [&](Need const& need) { return counts_[need.node].fields > 1; });
}

void MatcherBuilder::add_needs(std::vector<Need> const& needs, bool is_by_definition) {
    CompiledConjunct conjunct{static_cast<std::uint32_t>(matcher_.numbers_.size() - 1),
                              static_cast<std::uint32_t>(matcher_.needs_.size())};
    for (auto const& need : needs)
        if (need.predicate != nowhere) {
            matcher_.needs_.push_back(need.predicate);
            ++uses_[need.predicate];
            ++conjunct.present;
        }
    for (auto const& need : needs)
        if (need.predicate == nowhere) {
            matcher_.needs_.push_back(need.node);
            ++conjunct.absent;
        }
    conjunct.is_overlapping = marks_overlap(needs);
    conjunct.is_by_definition = is_by_definition;
    matcher_.fields_max_ = std::max(matcher_.fields_max_, needs.size());
    matcher_.conjuncts_.push_back(conjunct);
}

void MatcherBuilder::rank_paths() {
    std::vector<std::uint32_t> order(paths_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return utf16_less(paths_[a], paths_[b]); });
    for (std::uint32_t rank = 0; rank < order.size(); ++rank)
        matcher_.nodes_[order[rank]].rank = rank;
}

void MatcherBuilder::place_children() {
    auto& nodes = matcher_.nodes_;
    std::vector<std::uint32_t> order(nodes.size() - 1);
    std::iota(order.begin(), order.end(), 1U);
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return nodes[a].parent < nodes[b].parent; });
    constexpr std::size_t few = 6;
    for (std::size_t i = 0; i < order.size();) {
        auto const parent = nodes[order[i]].parent;
        auto& above = nodes[parent];
        above.first_child = static_cast<std::uint32_t>(i);
        std::vector<ByteTable::Entry> entries;
        for (; i < order.size() && nodes[order[i]].parent == parent; ++i) {
            auto const& path = paths_[order[i]];
            auto const key = parent == 0 ? path : path.substr(paths_[parent].size() + 1);
            matcher_.children_.push_back({static_cast<std::uint32_t>(matcher_.keys_.size()),
                                          static_cast<std::uint32_t>(key.size()), order[i]});
            matcher_.keys_ += key;
            above.key_lengths |= std::uint64_t{1} << key.size() % 64;
            entries.push_back({key, order[i]});
        }
        above.child_count = static_cast<std::uint32_t>(entries.size());
        if (entries.size() <= few)
            continue;
        above.keys = static_cast<std::uint32_t>(matcher_.key_tables_.size());
        matcher_.key_tables_.emplace_back(std::move(entries));
    }
}

/// Each conjunct waits for the one of its predicates that makes it be looked at least often, which
/// comes first. Those that wait for the same one lie side by side, and their needs as well.
void MatcherBuilder::choose_rarest() {
    auto const cost = [&](std::uint32_t predicate) {
        return std::uint64_t{uses_[predicate]} * commonness_[predicate];
    };
    auto const unconditional = static_cast<std::uint32_t>(uses_.size());
    auto& needs = matcher_.needs_;
    std::vector<std::uint32_t> rarest; ///< by conjunct
    matcher_.waiting_begins_.assign(uses_.size() + 1, 0);
    for (auto const& conjunct : matcher_.conjuncts_) {
        auto const first = needs.begin() + conjunct.needs;
        if (conjunct.present > 0)
            std::iter_swap(first,
                           std::min_element(first, first + conjunct.present,
                                            [&](auto a, auto b) { return cost(a) < cost(b); }));
        rarest.push_back(conjunct.present > 0 ? *first : unconditional);
        if (conjunct.present > 0)
            ++matcher_.waiting_begins_[*first + 1];
    }
    std::partial_sum(matcher_.waiting_begins_.begin(), matcher_.waiting_begins_.end(),
                     matcher_.waiting_begins_.begin());

    std::vector<std::uint32_t> sequence(rarest.size());
    std::iota(sequence.begin(), sequence.end(), 0U);
    std::stable_sort(sequence.begin(), sequence.end(),
                     [&](auto a, auto b) { return rarest[a] < rarest[b]; });
    std::vector<CompiledConjunct> conjuncts;
    std::vector<std::uint32_t> sorted_needs;
    conjuncts.reserve(sequence.size());
    sorted_needs.reserve(needs.size());
    for (auto const index : sequence) {
        auto& conjunct = conjuncts.emplace_back(matcher_.conjuncts_[index]);
        auto const first = needs.begin() + conjunct.needs;
        conjunct.needs = static_cast<std::uint32_t>(sorted_needs.size());
        sorted_needs.insert(sorted_needs.end(), first, first + conjunct.present + conjunct.absent);
    }
    matcher_.conjuncts_ = std::move(conjuncts);
    needs = std::move(sorted_needs);
}

Matcher MatcherBuilder::build() && {
    rank_paths();
    place_children();
    choose_rarest();
    for (std::size_t i = 0; i < tests_.size(); ++i) {
        auto& node = matcher_.nodes_[i];
        if (node.tests == nowhere)
            continue;
        node.tests = static_cast<std::uint32_t>(matcher_.tests_.size());
        matcher_.tests_.push_back(std::move(tests_[i]).build(matcher_.buts_));
    }
    return std::move(matcher_);
}

Result<Matcher, RefusedRule> Matcher::build(std::span<Rule const> rules, CpuLevel level) {
    MatcherBuilder builder(level);
    for (auto const& rule : rules)
        if (auto added = builder.add(rule); !added)
            return unexpected(RefusedRule{rule.number, std::move(added).error()});
    return std::move(builder).build();
}

std::size_t Matcher::memory() const {
    auto const bytes = [](auto const& list) { return list.capacity() * sizeof(list[0]); };
    auto total = bytes(nodes_) + bytes(children_) + keys_.capacity() + bytes(predicate_nodes_) +
                 bytes(conjuncts_) + bytes(needs_) + bytes(waiting_begins_) + bytes(numbers_) +
                 patterns_.capacity() + bytes(pattern_begins_);
    for (auto const& table : key_tables_)
        total += table.memory();
    for (auto const& tests : tests_)
        total += tests.memory();
    return total;
}

} // namespace kontor::routing

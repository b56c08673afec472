#pragma once

/// Matcher: many rules, compiled once, asked ever after. It never changes: whoever adds a rule
/// makes another and swaps them.
///
/// 1. A path trie says where an event is looked into; what lies beside is stepped over.
/// 2. A leaf finds *predicates* true (field_tests.hpp). A conjunct is looked at only if the rarest
///    of its predicates is true, and holds if all are.
/// 3. That is exact unless an array gives a choice of elements between two fields of a conjunct.
///    Then `elements` decides, linearly, or the definition where paths lie in each other.
///
/// Thread: any, each with its own Matching.
/// Source: MESSAGING section 2, "Arrays, linear"; PERFORMANCE section 7, "Immutable compiled
/// matcher".

#include "platform/routing/field_tests.hpp"
#include "platform/routing/scan.hpp"

#include <span>

namespace kontor::routing {

using RuleNumber = std::uint32_t;

struct Rule {
    RuleNumber number{};
    std::string_view pattern{};
};

/// A rule whose pattern does not compile.
struct RefusedRule {
    RuleNumber number{};
    PatternError error{};
};

inline constexpr std::uint32_t nowhere = 0xFFFFFFFF;

/// A level of a path. The root, which is no level, is node 0.
struct PathNode {
    std::uint32_t parent{nowhere};
    std::uint32_t tests{nowhere}; ///< of a field that must be there
    std::uint32_t first_child{0}; ///< in Matcher::children
    std::uint32_t child_count{0};
    std::uint32_t keys{nowhere};  ///< the table of its children, if there are many
    std::uint32_t rank{0};        ///< in the sequence of paths by UTF-16
    std::uint64_t key_lengths{0}; ///< a bit for each length of its children's keys, modulo 64
    bool is_joint{false};         ///< some conjunct has two fields at or below it
    bool is_field{false};
};

struct ChildKey {
    std::uint32_t begin;
    std::uint32_t size;
    std::uint32_t node;
};

struct CompiledConjunct {
    std::uint32_t rule;           ///< index into Matcher::numbers
    std::uint32_t needs;          ///< where its needs begin
    std::uint16_t present{0};     ///< so many predicates,
    std::uint16_t absent{0};      ///< and behind them so many nodes without a leaf
    bool is_overlapping{false};   ///< a path lies in another: elements are chosen by definition
    bool is_by_definition{false}; ///< what it may lack multiplies too much: always by definition
    bool is_only{false};          ///< its rule has no other
};

class Matcher {
public:
    /// Compiles rules.
    /// Units:    numbers may come in any sequence; each once.
    /// Errors:   the first rule whose pattern does not compile.
    static Result<Matcher, RefusedRule> build(std::span<Rule const> rules,
                                              CpuLevel level = best_cpu_level());

    std::size_t rules() const { return numbers_.size(); }
    /// Fields of all conjuncts of all rules.
    std::size_t needs() const { return needs_.size(); }
    /// Bytes that it holds.
    std::size_t memory() const;

    std::string_view pattern(std::uint32_t rule) const {
        return std::string_view(patterns_).substr(pattern_begins_[rule], pattern_begins_[rule + 1] -
                                                                             pattern_begins_[rule]);
    }

    /// The node below another by its key; nowhere if no rule looks there.
    std::uint32_t child(PathNode const& node, std::string_view key) const {
        if ((node.key_lengths >> key.size() % 64 & 1) == 0)
            return nowhere;
        if (node.keys != nowhere) {
            auto const found = key_tables_[node.keys].find(key);
            return found.empty() ? nowhere : found.front();
        }
        for (std::uint32_t i = 0; i < node.child_count; ++i) {
            auto const& each = children_[node.first_child + i];
            if (each.size == key.size() &&
                are_same_bytes(keys_.data() + each.begin, key.data(), key.size()))
                return each.node;
        }
        return nowhere;
    }

private:
    friend class MatcherBuilder;
    friend class Matching;
    friend class Elements;
    friend class Tape;
    template <class Sink>
    friend class EventWalk;

    std::vector<PathNode> nodes_;
    std::vector<ChildKey> children_;
    std::vector<ByteTable> key_tables_;
    std::string keys_;
    std::vector<FieldTests> tests_;
    std::vector<std::uint32_t> predicate_nodes_;
    /// By their rarest predicate, so that what is looked at together lies together; behind them
    /// those that need no leaf.
    std::vector<CompiledConjunct> conjuncts_;
    std::vector<std::uint32_t> needs_;                ///< in the sequence of conjuncts
    std::vector<std::uint32_t> waiting_begins_ = {0}; ///< by rarest predicate, into conjuncts_
    std::vector<RuleNumber> numbers_;
    std::string patterns_;
    std::vector<std::size_t> pattern_begins_;
    std::uint32_t buts_{0};
    std::size_t fields_max_{0}; ///< of a conjunct
    SkipContainer skip_{nullptr};
};

} // namespace kontor::routing

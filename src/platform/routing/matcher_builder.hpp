#pragma once

/// MatcherBuilder: from patterns to the tables of a Matcher.

#include "platform/routing/matcher.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

namespace kontor::routing {

class MatcherBuilder {
public:
    explicit MatcherBuilder(CpuLevel level);

    /// Adds a rule.
    /// Errors:   its pattern does not compile.
    Result<void, PatternError> add(Rule const& rule);

    Matcher build() &&;

private:
    /// A field of one conjunct: a predicate that must be true, or a node without a leaf.
    struct Need {
        std::uint32_t node;
        std::uint32_t predicate; ///< nowhere: it must be absent
    };

    /// Fields of a pattern, looked up once for all conjuncts that have them.
    struct KnownField {
        std::uint32_t node;
        std::uint32_t predicate; ///< nowhere: nothing but absence is wanted
        bool may_be_absent;
    };

    std::uint32_t node_of(std::string const& path);
    std::uint32_t predicate_of(std::uint32_t node, Field const& field);
    KnownField known(Field const& field);
    void add_conjunct(std::vector<KnownField> const& fields, bool may_split);
    void add_needs(std::vector<Need> const& needs, bool is_by_definition);
    bool marks_overlap(std::vector<Need> const& needs);
    std::uint32_t count_field(std::uint32_t node);
    void rank_paths();
    void place_children();
    void choose_rarest();

    Matcher matcher_;
    std::vector<FieldTestsBuilder> tests_;
    std::vector<std::string> paths_; ///< by node
    boost::unordered_flat_map<std::string, std::uint32_t> nodes_;
    boost::unordered_flat_map<std::string, std::uint32_t> predicates_;
    std::vector<std::uint32_t> commonness_; ///< by predicate: how often it is true, guessed
    std::vector<std::uint32_t> uses_;       ///< by predicate: in how many conjuncts it stands
    /// Fields of the present conjunct that lie at or below a node.
    struct FieldCount {
        std::uint32_t conjunct{nowhere};
        std::uint32_t fields{0};
    };
    std::vector<FieldCount> counts_; ///< by node
};

} // namespace kontor::routing

#pragma once

/// Elements: whether one choice of elements meets all fields of a conjunct, where an event has
/// arrays of objects. The event is told as a tape of what the rules look at; a conjunct goes over
/// it twice at most, so the time is linear in the event however its lists are nested.
/// Source: MESSAGING section 2, "Arrays, linear".   Thread: one.

#include "platform/routing/event_walk.hpp"

namespace kontor::routing {

/// A value of an event at a node, and where the next beside it stands.
struct Spot {
    std::uint32_t node;
    JsonType type;            ///< `text` stands for any scalar
    bool is_leaf;             ///< of a field
    std::uint32_t next;       ///< behind all that lies in it
    std::uint32_t hits_begin; ///< of a leaf: what it finds true
    std::uint32_t hits_end;
};

/// A sink that keeps what it is told.
class Tape {
public:
    void use(Matcher const& matcher);
    void begin(LeafScratch& scratch);

    void leaf(std::uint32_t node, JsonType type, std::string_view text);
    void scalar(std::uint32_t node) { add(node, JsonType::text, false); }
    void enter_object(std::uint32_t node) { open(node, JsonType::object); }
    void leave_object() { close(); }
    void enter_list(std::uint32_t node) { open(node, JsonType::list); }
    void leave_list(std::uint32_t, std::size_t) { close(); }

    std::vector<Spot> const& spots() const { return spots_; }
    /// Whether some leaf was left undecided (Hits).
    bool is_undecided() const { return is_undecided_; }
    bool finds(Spot const& leaf, std::uint32_t predicate) const;

private:
    void add(std::uint32_t node, JsonType type, bool is_leaf);
    void open(std::uint32_t node, JsonType type);
    void close();

    Matcher const* matcher_{nullptr};
    LeafScratch* scratch_{nullptr};
    std::vector<Spot> spots_;
    std::vector<std::uint32_t> open_;
    std::vector<std::uint32_t> true_; ///< predicates, leaf by leaf
    Hits hits_;                       ///< of one leaf
    bool is_undecided_{false};
};

class Elements {
public:
    void use(Matcher const& matcher);

    /// Whether the fields of a conjunct are met in one choice of elements.
    /// Requires: no path of the conjunct lies in another, and no dotted key was met.
    bool meet(Matcher const& matcher, Tape const& tape, CompiledConjunct const& conjunct);

private:
    /// A level of the conjunct's own trie.
    struct Level {
        std::uint32_t node;      ///< of the matcher
        std::uint32_t predicate; ///< of a field that must be there
        bool is_field;
        bool is_absent;
        std::uint32_t rank;          ///< of a field's path
        std::uint32_t first_present; ///< the lowest rank of a field below that must be there
        std::uint32_t parent;
        std::uint32_t wanted_children{0}; ///< levels right below with a field that must be there
    };
    /// Which level a node has, if it was given one in this turn.
    struct Mark {
        std::uint64_t turn{0};
        std::uint32_t level{nowhere};
    };

    std::uint32_t level_of(Matcher const& matcher, std::uint32_t node);
    void add_field(Matcher const& matcher, std::uint32_t node, std::uint32_t predicate);
    std::uint32_t add_level(std::uint32_t node, std::uint32_t parent);
    std::uint32_t level_at(std::uint32_t node) const;
    void find_absent();
    std::uint32_t first_absent_of(std::uint32_t spot) const;
    bool is_met(std::uint32_t spot, std::uint32_t level) const;
    bool is_met_in_object(std::uint32_t spot, std::uint32_t level) const;
    bool is_met_in_list(std::uint32_t spot, std::uint32_t level) const;
    bool is_met_by_nothing(Level const& level) const { return level.first_present == nowhere; }

    Tape const* tape_{nullptr};
    std::uint64_t turn_{0}; ///< conjuncts so far
    std::vector<Level> levels_;
    std::vector<Mark> marks_; ///< by node
    /// By spot: the lowest rank of a field that must be absent and has a leaf in it.
    std::vector<std::uint32_t> first_absent_;
};

} // namespace kontor::routing

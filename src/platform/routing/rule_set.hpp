#pragma once

/// RuleSet: rules that come, change and go while events are matched. A large matcher holds most of
/// them, a small one, the delta, what changed since; so a changed rule is live as soon as the small
/// one is compiled. That is done when somebody asks: many changes in a row are compiled once. A
/// delta that has grown too large is compiled into the large matcher, with all the others.
///
/// 1. A snapshot never changes; it shows the rules as they were when it was taken.
/// 2. A changed or removed rule is hidden in the large matcher from the next snapshot on.
///
/// Thread: one for RuleSet; a copy of a snapshot may go to others.

#include "platform/routing/matching.hpp"

#include <map>
#include <memory>
#include <set>

namespace kontor::routing {

struct RuleSnapshot {
    std::shared_ptr<Matcher const> large{};
    std::shared_ptr<Matcher const> delta{};
    std::shared_ptr<std::vector<RuleNumber> const> hidden{}; ///< in `large`; ascending

    friend bool operator==(RuleSnapshot const&, RuleSnapshot const&) = default;
};

enum class PutFault : std::uint8_t {
    pattern,  ///< it does not compile
    too_many, ///< there are rules_max already
    too_large ///< all rules together have needs_max fields already
};

struct PutRefusal {
    PutFault fault{};
    PatternError error{}; ///< of a pattern
};

class RuleSet {
public:
    /// Adds a rule, or changes the one of this number.
    /// Errors:   as PutFault; then nothing has changed.
    Result<void, PutRefusal> put(RuleNumber number, std::string_view pattern);

    /// False: there is none.
    bool remove(RuleNumber number);

    std::size_t size() const { return rules_.size(); }

    /// The rules as they are; compiles what changed since it was last asked for.
    RuleSnapshot const& snapshot() const;

private:
    struct Known {
        std::string pattern;
        std::size_t needs; ///< fields of its conjuncts
    };
    bool is_delta_too_large() const;
    void compile_delta() const;

    std::map<RuleNumber, Known> rules_;
    std::size_t needs_{0}; ///< of all
    // What is compiled, and when, shows in nothing but the time it takes.
    mutable std::set<RuleNumber> changed_; ///< since `large` was compiled
    mutable bool is_compiled_{false};
    mutable RuleSnapshot snapshot_;
};

/// Asks snapshots about events.   Thread: one.
class RuleMatching {
public:
    /// Finds the rules of a snapshot that an event meets.
    /// Requires: as Matching::ask.
    Asked ask(RuleSnapshot const& snapshot, std::string_view event);

    /// Ascending.
    std::span<RuleNumber const> rules() const { return rules_; }
    std::span<RuleNumber const> over_budget() const { return over_budget_; }

private:
    void use(RuleSnapshot const& snapshot);
    bool is_hidden(RuleNumber number) const;
    void join(std::span<RuleNumber const> large, std::span<RuleNumber const> delta,
              std::vector<RuleNumber>& into) const;

    RuleSnapshot snapshot_;
    std::optional<Matching> large_;
    std::optional<Matching> delta_;
    std::vector<RuleNumber> rules_;
    std::vector<RuleNumber> over_budget_;
};

} // namespace kontor::routing

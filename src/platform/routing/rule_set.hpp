#pragma once

/// RuleSet: rules that come, change and go while events are matched. A large matcher holds most of
/// them, a small one, the delta, what changed since; so a new rule is live as soon as the small one
/// is compiled. Both are merged aside, by whoever has the time.
///
/// 1. A snapshot never changes; it shows the rules as they were when it was taken.
/// 2. A changed or removed rule is hidden in the large matcher from the next snapshot on.
/// 3. What changes while a merge is compiled stays in the delta.
///
/// Thread: one for RuleSet; a snapshot and a Merge may go to others.

#include "platform/routing/matching.hpp"

#include <map>
#include <memory>

namespace kontor::routing {

struct RuleSnapshot {
    std::shared_ptr<Matcher const> large{};
    std::shared_ptr<Matcher const> delta{};
    std::shared_ptr<std::vector<RuleNumber> const> hidden{}; ///< in `large`; ascending

    friend bool operator==(RuleSnapshot const&, RuleSnapshot const&) = default;
};

/// Rules to be compiled into a large matcher.
class Merge {
public:
    /// Takes long, and touches nothing else.
    Matcher compile() const;

private:
    friend class RuleSet;
    std::vector<std::pair<RuleNumber, std::string>> rules_;
    std::uint64_t change_{0};
};

enum class PutFault : std::uint8_t {
    pattern,       ///< it does not compile
    too_many,      ///< there are rules_max already
    too_large,     ///< all rules together have needs_max fields already
    delta_is_full, ///< merge first
};

struct PutRefusal {
    PutFault fault{};
    PatternError error{}; ///< of a pattern
};

class RuleSet {
public:
    RuleSet();

    /// A set that begins with these rules, all of them in the large matcher.
    /// Errors:   the first rule whose pattern does not compile.
    /// Requires: at most rules_max, each number once.
    static Result<RuleSet, RefusedRule> load(std::span<Rule const> rules);

    /// Adds a rule, or changes the one of this number.
    /// Errors:   pattern, too_many, too_large, delta_is_full; then nothing has changed.
    Result<void, PutRefusal> put(RuleNumber number, std::string_view pattern);

    /// False: there is none.   Errors: delta_is_full.
    Result<bool, PutRefusal> remove(RuleNumber number);

    std::size_t size() const { return rules_.size(); }
    RuleSnapshot snapshot() const { return snapshot_; }

    /// Whether the delta is half full, so that a merge should begin.
    bool wants_merge() const {
        return changed_.size() >= delta_rules_max / 2 ||
               snapshot_.delta->needs() >= delta_needs_max / 2;
    }

    Merge begin_merge() const;
    /// Requires: what the last begin_merge gave.
    void finish_merge(Merge const& merge, Matcher large);

    /// For whoever may wait: a merge here and now, and changes that merge first where the delta is
    /// full.   Errors: as put, but never delta_is_full.
    void merge();
    Result<void, PutRefusal> put_merging(RuleNumber number, std::string_view pattern);
    bool remove_merging(RuleNumber number);

private:
    void compile_delta();

    std::map<RuleNumber, std::string> rules_;
    std::map<RuleNumber, std::uint64_t> changed_; ///< since the last merge, by the last change
    std::uint64_t change_{0};
    RuleSnapshot snapshot_;
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

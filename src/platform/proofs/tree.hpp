#pragma once

/// ProofTree: follows the log and builds its Merkle tree, behind everybody else: nobody waits for
/// it. Each minute in which the log grew its head is signed and kept.
///
/// Invariants: 1. A leaf is added once all facts of its command are durable.
///             2. Memory holds a page of the log and the right edge of the tree, however long the
///                log is.
///             3. What stands in the files behind the last signed head is not believed at a start,
///                but made anew; the rest is, until somebody checks it.
/// Thread: `recover` and do_work on one at a time; what is asked from any.
/// Source: RFC 9162 section 2.1; RELIABILITY section 10, audit.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "platform/proofs/check.hpp"

#include <atomic>
#include <functional>
#include <mutex>

namespace kontor::proofs {

inline constexpr Duration sign_every = Duration::minutes(1);
/// Facts read at once.
inline constexpr std::size_t page_events_max = 1024;

/// Proves that a leaf is in the tree of a head.
struct Inclusion {
    Head head;
    std::uint64_t leaf_index;
    LeafBytes leaf; ///< as the log has it now
    Hashes proof;
};

/// Proves that one tree is the beginning of another.
struct Consistency {
    Tree from;
    Head to;
    Hashes proof;
};

class ProofTree final : public Agent {
public:
    /// Where the last signed head is kept. `load` answers what was kept, empty where nothing was.
    struct Keep {
        std::function<std::string()> load;
        std::function<Result<void>(std::string_view)> save;
    };

    /// All outlive the tree.
    ProofTree(ports::EventStore& store, Clock& clock, TreeFiles files, Signer signer, Keep keep);

    /// Takes up what is kept. Call it once, before the first do_work.
    /// Errors: unavailable, corrupt.
    Result<void> recover();

    std::string_view name() const override { return "proofs"; }
    /// Errors: unavailable, corrupt (the log is damaged).
    Result<WorkDone> do_work(WorkBudget budget) override;

    /// Up to here the log is in the tree.
    ports::Position position() const { return ports::Position(position_.load()); }
    Signer const& signer() const { return signer_; }
    /// Whether what was kept is no head of ours: somebody wrote it, or took the key away.
    bool has_refused_head() const { return has_refused_head_; }

    /// The tree as it stands now.   Errors: unavailable, corrupt.
    Result<Head> head() const;
    /// Errors: not_found (no leaf has this position, or not yet), unavailable, corrupt (also: the
    ///         log is not what the tree was made of).
    Result<Inclusion> inclusion(std::uint64_t position) const;
    /// Errors: not_found (no leaf, in the wrong sequence, or not yet there), unavailable, corrupt.
    Result<Consistency> consistency(std::uint64_t from, std::uint64_t to) const;

    /// Has the log read again and compared; one that is under way goes on.
    void start_check() { wants_check_.store(true); }
    /// Of the last check; empty: there was none.
    std::optional<CheckReport> last_check() const;

private:
    Result<LeafBytes> read_leaf(std::uint64_t index) const;
    Result<std::size_t> follow(ports::Limit limit);
    Result<void> add_leaf(std::uint64_t last_position);
    Result<void> write_down(std::uint64_t last_position);
    Result<void> sign_when_due();
    Result<bool> check_on(ports::Limit limit);
    Head head_at(Tree tree, std::uint64_t position) const {
        return {signer_.origin(), tree, position};
    }

    ports::EventStore& store_;
    Clock& clock_;
    TreeFiles files_;
    Signer signer_;
    Keep keep_;

    Edge edge_;
    LeafBytes leaf_{};
    Hashes made_{};                        ///< of the page
    std::vector<std::uint64_t> positions_; ///< of its leaves, the last of each
    std::uint64_t read_to_{0};
    std::optional<Head> signed_{};
    bool has_refused_head_{false};
    Duration signed_at_{};
    std::unique_ptr<LogCheck> check_{};

    std::atomic<std::uint64_t> size_{0}; ///< leaves that both files have
    std::atomic<std::uint64_t> position_{0};
    std::atomic<bool> wants_check_{false};
    mutable std::mutex mutex_;
    std::optional<CheckReport> last_check_{}; ///< guarded by `mutex_`
};

} // namespace kontor::proofs

#pragma once

/// ProofTree: follows the log and builds its Merkle tree, behind everybody else: nobody waits for
/// it. Each minute in which the log grew its head is signed and kept.
///
/// Invariants: 1. A leaf is added once all facts of its command are durable.
///             2. Memory holds a page of the log and the right edge of the tree, however long the
///                log is.
///             3. What stands in the files behind the last signed head is not believed at a start,
///                but made anew; so is all of it where it does not lead to that head.
///             4. A head is told and signed as memory has it; no file is asked for it. None is that
///                contradicts the last signed head, or is smaller.
/// Thread: `recover` and do_work on one at a time; what is asked from any.
/// Source: RFC 9162 section 2.1; RELIABILITY section 10, audit.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "platform/proofs/check.hpp"

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
        /// Told once, on the thread of do_work: the log is another than the one whose head was
        /// signed. That head stays kept, and nothing is signed any more.
        std::function<void(Failure const&)> on_forged{};
    };

    /// All outlive the tree.
    ProofTree(ports::EventStore& store, Clock& clock, TreeFiles files, Signer signer, Keep keep);

    /// Takes up what is kept. Call it once, before the first do_work.
    /// Errors: unavailable, corrupt.
    Result<void> recover();

    std::string_view name() const override { return "proofs"; }
    /// Errors: unavailable, corrupt (the log is damaged).
    Result<WorkDone> do_work(WorkBudget budget) override;

    /// Up to here facts can be proved; 0 while no head may be told.
    ports::Position position() const;
    Signer const& signer() const { return signer_; }
    /// Whether what was kept is no head of ours: somebody wrote it, or took the key away.
    bool has_refused_head() const { return has_refused_head_; }

    /// The tree as it stands now.
    /// Errors: unavailable (it is made anew, and is smaller than what was signed), corrupt (the log
    ///         is not the one whose head was signed).
    Result<Head> head() const;
    /// Errors: not_found (no leaf has this position, or not yet), unavailable, corrupt (also: log
    ///         or files do not lead to the head).
    Result<Inclusion> inclusion(std::uint64_t position) const;
    /// Errors: not_found (no leaf, in the wrong sequence, or not yet there), unavailable, corrupt
    ///         (also: the files do not lead to the head).
    Result<Consistency> consistency(std::uint64_t from, std::uint64_t to) const;

    /// Has the log read again and compared; one that is under way goes on.
    void start_check(std::string asked_by = {});
    /// Of the last check; empty: there was none.
    std::optional<CheckReport> last_check() const;

private:
    /// A leaf that leads to a head.
    struct ProvedLeaf {
        LeafBytes bytes;
        std::uint64_t after; ///< the position before its first
        std::uint64_t last;
        Hashes proof;
    };

    Result<ProvedLeaf> prove(std::uint64_t index, Head const& head) const;
    Result<LeafBytes> read_leaf(std::uint64_t after, std::uint64_t last) const;
    Result<Head> earlier_head(std::uint64_t size, Head const& now) const;
    Result<std::size_t> follow(ports::Limit limit);
    Result<void> add_leaf(std::uint64_t last_position);
    Result<void> write_down(std::uint64_t last_position);
    void publish(std::uint64_t position);
    void refuse_log(std::uint64_t position);
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
    CheckReport check_begun_{}; ///< what `check_` does not know of itself

    // Guarded by `mutex_`; what is written by do_work alone, it reads without.
    mutable std::mutex mutex_;
    Head now_{};            ///< of what both files have, as `edge_` has it
    bool is_behind_{false}; ///< it is smaller than what was signed
    bool is_forged_{false}; ///< it contradicts what was signed
    bool wants_check_{false};
    CheckReport wanted_check_{}; ///< when and by whom
    std::optional<CheckReport> last_check_{};
};

} // namespace kontor::proofs

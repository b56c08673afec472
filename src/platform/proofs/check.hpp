#pragma once

/// LogCheck: reads the log again and compares it with the tree, leaf by leaf, and with the last
/// signed head. It does a page at a time, so that whoever has other things to do can do them.
/// Thread: one at a time.

#include "platform/proofs/checkpoint.hpp"
#include "platform/proofs/leaf.hpp"
#include "ports/event_store.hpp"
#include "ports/record_file.hpp"

namespace kontor::proofs {

/// The two files of the tree, as nodes and as the last position of each leaf.
struct TreeFiles final : Nodes {
    TreeFiles(ports::RecordFile& node_file, ports::RecordFile& leaf_file)
        : nodes(node_file), leaves(leaf_file) {}

    Result<Hash> node(std::uint64_t number) const override;
    /// Requires: it was made.   Errors: unavailable, corrupt.
    Result<std::uint64_t> last_position(std::uint64_t leaf) const;
    /// The leaf that has a position, among the first `size`; `size`: none of them.
    /// Errors: unavailable, corrupt.
    Result<std::uint64_t> leaf_at(std::uint64_t position, std::uint64_t size) const;
    /// Leaves of which both files have everything.
    std::uint64_t whole_leaves() const;

    ports::RecordFile& nodes;
    ports::RecordFile& leaves;
};

inline constexpr std::size_t position_bytes = 8;

/// What was found so far.
struct CheckReport {
    std::uint64_t leaves{0};                  ///< that were compared
    std::uint64_t position{0};                ///< up to here the log was read
    std::optional<std::uint64_t> first_bad{}; ///< the first position that is not as it was
    std::string what{};                       ///< of it, for people
    bool is_done{false};
    std::uint64_t leaves_all{0};       ///< that are there to compare
    std::optional<Instant> began_at{}; ///< of a comparison that somebody asked for …
    std::optional<Instant> ended_at{};
    std::string asked_by{}; ///< … and who that was; empty: nobody whom it knows
};

class LogCheck {
public:
    /// Compares the first `size` leaves. `signed_head` is none where nothing was signed yet. All
    /// outlive the check.
    LogCheck(ports::EventStore& store, TreeFiles const& files, std::uint64_t size,
             std::optional<Head> signed_head);

    /// Goes on by a page. Damage is what it looks for, and no failure.
    /// Errors: unavailable.
    Result<void> step(ports::Limit limit);
    CheckReport const& report() const { return report_; }

private:
    Result<void> compare(ports::EventPage const& page);
    Result<void> compare_leaf();
    void find(std::uint64_t position, std::string what);

    ports::EventStore& store_;
    TreeFiles const& files_;
    std::uint64_t size_;
    std::optional<Head> signed_;
    Edge edge_;
    LeafBytes leaf_{};
    std::uint64_t first_of_leaf_{0};
    Hashes made_{};
    CheckReport report_{};
};

/// Whether the last command of a page may go on in the next one.
bool may_go_on(ports::EventPage const& page, ports::Limit limit);

} // namespace kontor::proofs

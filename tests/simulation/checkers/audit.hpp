#pragma once

/// I13, tamper evidence: every head that was signed is that of a tree over the log as it was seen,
/// one leaf for each command, and each goes on from the one before it, whatever crashed between
/// them. And each write of an operator that was acknowledged left one entry, in its own command.
///
/// Builds its tree itself, by the written form of a leaf and RFC 9162 section 2.1.1; shares no code
/// with platform/proofs but the reading of a signed head.
/// Source: docs/decisions/0017; RELIABILITY section 10.

#include "tests/simulation/checkers/history.hpp"

#include "platform/proofs/checkpoint.hpp"

#include <map>
#include <set>
#include <vector>

namespace kontor::simulation {

class AuditChecker {
public:
    explicit AuditChecker(Verdict& verdict) : verdict_(verdict) {}

    /// An operator wants something, and how it is called.
    void asked(CommandId command, std::string object);
    void acknowledged(CommandId command);

    /// A fact that became visible, and its bytes.
    void see(Fact const& fact, ports::EventPage const& page, ports::RecordedEvent const& event);
    /// A head that was signed and kept.
    void keep(std::string_view text, std::string const& verifier_key);
    /// The head as the tree tells it now.
    void compare(proofs::Head const& head);
    void at_rest(proofs::Head const& last);

    std::uint64_t heads() const { return heads_; }

private:
    using Hash = std::array<std::uint8_t, 32>;
    /// A whole tree of 2^height leaves.
    struct Peak {
        unsigned height;
        Hash root;
    };
    /// The tree of the first leaves, for each number of them.
    struct Stand {
        Hash root;
        std::uint64_t position; ///< of the last fact
    };
    struct Wish {
        std::string object;
        bool is_acknowledged{false};
        std::uint64_t entries{0};
    };

    void begin_leaf(ports::EventPage const& page, ports::RecordedEvent const& first);
    void add_fact(ports::RecordedEvent const& event);
    void end_leaf();
    void note(Fact const& fact, audit::ActionTaken const& entry);

    Verdict& verdict_;
    std::vector<std::uint8_t> leaf_;
    std::vector<Peak> peaks_;
    std::vector<Stand> stands_; ///< after the first leaf, after the second …
    std::uint64_t position_{0};
    std::vector<proofs::Head> ahead_; ///< of what was not seen yet
    std::uint64_t size_before_{0};
    std::uint64_t heads_{0};
    std::map<CommandId, Wish> wishes_;
};

} // namespace kontor::simulation

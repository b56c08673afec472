#pragma once

/// What the shop answers of its proofs: as answers.hpp, under the same rule. A ProofAnswer is all
/// that somebody needs who verifies it elsewhere, but for a key that they trust.

#include "codec/json_values.hpp"

#include "base/describe.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

struct CheckpointAnswer {
    std::string checkpoint; ///< as C2SP writes it
    std::string key;        ///< by which it is verified
    std::uint64_t size;     ///< leaves: commands that left facts
    std::string root;       ///< base64
    std::uint64_t position; ///< the last one in it
};
BOOST_DESCRIBE_STRUCT(CheckpointAnswer, (), (checkpoint, key, size, root, position))
static_assert(describes_every_field<CheckpointAnswer>());

/// That a fact is in the tree of this head; the leaf has all facts of its command.
struct FactProof {
    std::uint64_t leaf_index;
    std::uint64_t size;
    std::string root; ///< base64
    std::vector<std::string> hashes;
};
BOOST_DESCRIBE_STRUCT(FactProof, (), (leaf_index, size, root, hashes))
static_assert(describes_every_field<FactProof>());

enum class ProofKind : std::uint8_t { inclusion, consistency };
BOOST_DESCRIBE_ENUM(ProofKind, inclusion, consistency)

struct ProofAnswer {
    ProofKind kind;
    std::string checkpoint;         ///< of the later tree
    std::string key;                ///< by which it is verified
    std::vector<std::string> proof; ///< hashes, base64
    // Of inclusion.
    std::optional<std::uint64_t> position;
    std::optional<std::uint64_t> leaf_index;
    std::optional<std::string> leaf; ///< the bytes, base64: all facts of the command
    // Of consistency: the earlier tree.
    std::optional<std::uint64_t> from_size;
    std::optional<std::string> from_root; ///< base64
};
BOOST_DESCRIBE_STRUCT(ProofAnswer, (),
                      (kind, checkpoint, key, proof, position, leaf_index, leaf, from_size,
                       from_root))
static_assert(describes_every_field<ProofAnswer>());

enum class AuditCheckState : std::uint8_t { none, running, as_it_was, changed };
BOOST_DESCRIBE_ENUM(AuditCheckState, none, running, as_it_was, changed)

struct AuditCheckAnswer {
    AuditCheckState state;
    std::uint64_t leaves;   ///< that were compared
    std::uint64_t position; ///< up to here the log was read
    std::optional<std::uint64_t> first_bad_position;
    std::optional<std::string> what;
};
BOOST_DESCRIBE_STRUCT(AuditCheckAnswer, (), (state, leaves, position, first_bad_position, what))
static_assert(describes_every_field<AuditCheckAnswer>());

} // namespace kontor::services::gateway

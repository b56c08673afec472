#pragma once

/// The signed head of the tree, as the text that C2SP calls a checkpoint: whoever keeps one can
/// later be shown that the log still begins like this.
///
///   kontor/019ac0…          the log: its lineage
///   1234                    leaves
///   base64 of the root
///   position 5678           the last position of the log that is in the tree
///
///   — kontor/019ac0… base64 of key hash and signature
///
/// Source: C2SP tlog-checkpoint and signed-note v1.0.0; Ed25519 of RFC 8032.
/// Invariant: the private key leaves the process in `seed` alone, for the file that keeps it.

#include "platform/proofs/merkle.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::proofs {

struct Head {
    std::string origin; ///< no blanks, no plus
    Tree tree{};
    std::uint64_t position{0};
    friend bool operator==(Head const&, Head const&) = default;
};

class Signer {
public:
    static constexpr std::size_t seed_bytes = 32;

    /// Requires: the seed is seed_bytes of chance.   Errors: invalid.
    static Result<Signer> of(std::string origin, Bytes seed);
    ~Signer();
    Signer(Signer&&) noexcept;
    Signer& operator=(Signer&&) noexcept;

    /// Requires: the head is of this origin.
    std::string sign(Head const& head) const;
    std::string const& origin() const { return origin_; }
    /// "origin+hash+key": by it others verify.
    std::string const& verifier_key() const { return verifier_key_; }

private:
    struct Key;
    Signer(std::string origin, std::unique_ptr<Key> key);

    std::string origin_;
    std::string verifier_key_;
    std::unique_ptr<Key> key_;
};

/// Reads a checkpoint and verifies its signature.
/// Errors: invalid (it is no checkpoint, no such key, or the signature is not of it).
Result<Head> open_checkpoint(std::string_view text, std::string_view verifier_key);

std::string base64_of(Bytes bytes);
/// Empty: it is no hash.
std::optional<Hash> hash_in(std::string_view base64);

} // namespace kontor::proofs

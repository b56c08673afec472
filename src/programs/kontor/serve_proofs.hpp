#pragma once

/// ServedProofs: the tree over the log of a running server, on a thread of its own behind all
/// others, with its files in `audit/` and its key in `keys/`. A shop whose key or files cannot be
/// read does not open: nobody would notice that it proves nothing. Once it is open it does without
/// the tree: what ends it is told, and proofs stand still.
///
/// Thread: the owner's; the tree may be asked from any.

#include "adapters/files/record_file.hpp"
#include "platform/proofs/tree.hpp"
#include "ports/secret_source.hpp"
#include "programs/kontor/trouble.hpp"
#include "runtime/runner.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace kontor::programs {

/// The files of a tree in a data directory.
struct ProofFiles {
    std::unique_ptr<files::RecordFile> nodes;
    std::unique_ptr<files::RecordFile> leaves;

    proofs::TreeFiles tree() const { return {*nodes, *leaves}; }
};
/// Opens them, or makes them.   Errors: those of make_data_directory; unavailable.
Result<ProofFiles, Trouble> open_proof_files(std::string const& directory);
/// Opens them to be read alone, and leaves them as they are.   Errors: not_found, unavailable.
Result<ProofFiles> look_at_proof_files(std::string const& directory);

/// The key that signs heads.   Errors: not_found, unavailable, invalid.
Result<proofs::Signer> read_signer(std::string const& directory, std::string const& lineage);
/// As read_signer, made where there is none.   Errors: unavailable, invalid.
Result<proofs::Signer> open_signer(std::string const& directory, std::string const& lineage,
                                   ports::SecretSource& secrets);

/// The last signed head; empty: nothing was signed yet.
std::string kept_checkpoint(std::string const& directory);

class ServedProofs {
public:
    /// All outlive it.   Errors: those of make_data_directory; unavailable, corrupt, invalid.
    static Result<std::unique_ptr<ServedProofs>, Trouble>
    open(ports::EventStore& store, Clock& clock, ports::SecretSource& secrets,
         std::string const& directory, std::string const& lineage);

    /// From now on it follows the log. `on_failure` is called on its thread: once with what ended
    /// it, and once where the log is not the one whose head was signed.
    void start(std::function<void(Failure const&)> on_failure);
    void stop() { runner_.reset(); }
    proofs::ProofTree& tree() { return *tree_; }

private:
    ProofFiles files_;
    std::function<void(Failure const&)> on_failure_; ///< there before the thread is
    std::optional<proofs::ProofTree> tree_;
    std::unique_ptr<Runner> runner_;
};

} // namespace kontor::programs

#pragma once

/// Drains: how fast those who follow behind everybody else make up for what they have not seen: the
/// read models in SQLite, with the settings that a server gives them, and the audit tree.
/// Thread: one.

#include "bench/stores.hpp"
#include "platform/projections/projector.hpp"
#include "programs/kontor/serve_proofs.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kontor::bench {

/// The five read models that a shop keeps, in SQLite below a directory.
class DrainedModels {
public:
    /// Follows to the end of the log, and then stands still.
    DrainedModels(LogUnderTest& log, std::string const& directory);
    ~DrainedModels();

    /// Follows to the end of the log again. Returns the seconds that it took.
    double drain();

    /// Of the model of this name, as its rows were written.
    ports::RowDigest digest_of(std::string_view name) const;

private:
    std::unique_ptr<ports::ReadModels> models_;
    std::vector<std::unique_ptr<projections::Projector>> projectors_;
};

/// The tree of RFC 9162 over the log, with its files below a directory.
class DrainedTree {
public:
    /// Follows to the end of the log, and then stands still.
    DrainedTree(LogUnderTest& log, std::string const& directory);

    /// Follows to the end of the log again. Returns the seconds that it took.
    double drain();

private:
    static programs::ProofFiles files_in(std::string const& directory);

    LogUnderTest& log_;
    SystemClock clock_;
    std::string checkpoint_;
    programs::ProofFiles files_;
    std::optional<proofs::ProofTree> tree_;
};

} // namespace kontor::bench

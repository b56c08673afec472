#pragma once

/// I6, read model = replay: each read model, as its file has it at its position, is row by row what
/// a fold of the log from the first fact to that position gives. The rows are compared themselves,
/// not their digests.

#include "tests/simulation/checkers/history.hpp"

#include "ports/event_store.hpp"
#include "ports/read_models.hpp"
#include "services/views/models.hpp"

namespace kontor::simulation {

/// The read models that are kept beside the simulated shop.
std::vector<services::views::KeptModel> watched_models();

class ViewsChecker {
public:
    explicit ViewsChecker(Verdict& verdict) : verdict_(verdict) {}

    /// Compares what lies there.   Requires: nobody writes meanwhile.
    void compare(ports::EventStore& log, ports::ReadModels& models);
    /// Likewise, and all must stand at the end of the log.
    void at_rest(ports::EventStore& log, ports::ReadModels& models);

    std::uint64_t compared() const { return compared_; }

private:
    void compare_one(ports::EventStore& log, ports::ReadModels& models,
                     services::views::KeptModel const& model, bool is_at_rest);

    Verdict& verdict_;
    std::uint64_t compared_{0};
};

} // namespace kontor::simulation

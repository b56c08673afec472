#pragma once

/// MortalModels: read models as one process sees them. They are SQLite's own, in a directory that
/// survives it; a transaction is whole or was never begun when the process dies inside.
/// Thread: one.

#include "tests/simulation/world/lifeline.hpp"

#include "ports/read_models.hpp"

namespace kontor::simulation {

class MortalModels final : public ports::ReadModels {
public:
    MortalModels(std::unique_ptr<ports::ReadModels> models, Lifeline& life)
        : models_(std::move(models)), life_(life) {}

    Result<ports::OpenedModel> open(ports::ModelShape const& shape) override;
    Result<std::unique_ptr<ports::ReadModel>>
    begin_rebuild(ports::ModelShape const& shape) override;
    Result<std::unique_ptr<ports::ReadModel>>
    replace(ports::ModelShape const& shape, std::unique_ptr<ports::ReadModel> live,
            std::unique_ptr<ports::ReadModel> rebuilt) override;
    Result<void> discard(ports::ModelShape const& shape) override;
    Result<std::unique_ptr<ports::RowReader>> read(ports::ModelShape const& shape) override;

private:
    std::unique_ptr<ports::ReadModels> models_;
    Lifeline& life_;
};

} // namespace kontor::simulation

#pragma once

/// memory::ReadModels: read models in sorted maps, the reference that other stores are compared
/// with. They outlive the objects that `open` returns, as files do, and die with this one.
///
/// Thread: as the port says; a mutex guards each model.

#include "ports/read_models.hpp"

#include <map>
#include <mutex>
#include <optional>

namespace kontor::memory {

/// A cell that owns its text.
struct KeptCell {
    ports::CellKind kind{ports::CellKind::null};
    std::int64_t number{0};
    std::string characters{};

    ports::Cell view() const;
    friend auto operator<=>(KeptCell const&, KeptCell const&) = default;
};

using KeptCells = std::vector<KeptCell>;

class ReadModels final : public ports::ReadModels {
public:
    Result<ports::OpenedModel> open(ports::ModelShape const& shape) override;
    Result<std::unique_ptr<ports::ReadModel>>
    begin_rebuild(ports::ModelShape const& shape) override;
    Result<std::unique_ptr<ports::ReadModel>>
    replace(ports::ModelShape const& shape, std::unique_ptr<ports::ReadModel> live,
            std::unique_ptr<ports::ReadModel> rebuilt) override;
    Result<void> discard(ports::ModelShape const& shape) override;
    Result<std::unique_ptr<ports::RowReader>> read(ports::ModelShape const& shape) override;

    /// What commits answer from now on, for tests; empty: they work.
    void fail_commits_with(std::optional<Failure> failure) {
        *commit_failure_ = std::move(failure);
    }

    struct Kept {
        std::uint32_t version;
        std::vector<std::map<KeptCells, KeptCells>> tables{};
        ports::Checkpoint checkpoint{};
        std::mutex mutex{};
    };

private:
    std::shared_ptr<std::optional<Failure>> commit_failure_ =
        std::make_shared<std::optional<Failure>>();
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Kept>, std::less<>> models_;
};

} // namespace kontor::memory

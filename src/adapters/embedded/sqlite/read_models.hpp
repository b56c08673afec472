#pragma once

/// sqlite::ReadModels: one SQLite file for each read model, in one directory.
///
///   orders-7.sqlite      the live model: the highest generation there is
///   orders-8.building    a rebuild beside it; becomes orders-8.sqlite when it is whole and synced
///
/// Files of older generations and unfinished ones are removed when the model is opened. A new
/// generation has a new name because a write-ahead log that a crash left beside the old file must
/// never be applied to the new one.
/// Nothing is synced while models are written: a sync in the middle of a busy day holds up the
/// journal, and rows can be folded again. A directory that was open when the machine stopped is
/// known by its mark, and all its models are folded again (boot_mark.hpp).
/// Thread: as the port says.

#include "ports/read_models.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::sqlite {

class ReadModels final : public ports::ReadModels {
public:
    /// Makes the directory where there is none. `boot` is the machine's, `this_boot()`. Models that
    /// were open when another boot ended are discarded.
    /// Errors: full, broken (it cannot be made).   Requires: no other writer has the directory.
    static Result<std::unique_ptr<ReadModels>> open(std::string directory, std::string boot);
    /// The models of a directory as they are, to be read: nothing is made.
    static std::unique_ptr<ReadModels> look(std::string directory, std::string_view boot);
    /// Syncs what was written.   Requires: all models are closed.
    ~ReadModels() override;

    Result<ports::OpenedModel> open(ports::ModelShape const& shape) override;
    Result<std::unique_ptr<ports::ReadModel>>
    begin_rebuild(ports::ModelShape const& shape) override;
    Result<std::unique_ptr<ports::ReadModel>>
    replace(ports::ModelShape const& shape, std::unique_ptr<ports::ReadModel> live,
            std::unique_ptr<ports::ReadModel> rebuilt) override;
    Result<void> discard(ports::ModelShape const& shape) override;
    Result<std::unique_ptr<ports::RowReader>> read(ports::ModelShape const& shape) override;

    /// The file of the live model, for people. Empty: there is none.
    std::string live_file(std::string_view model) const;

private:
    explicit ReadModels(std::string directory) : directory_(std::move(directory)) {}

    Result<void> discard_all();
    Result<void> remove(std::string const& file) const;
    std::string why_lost(std::string_view model);
    std::string path(std::string_view model, std::uint64_t generation,
                     std::string_view ending) const;
    /// 0: there is none.
    std::uint64_t newest_generation(std::string_view model) const;
    /// Removes what belongs to the model, but not its generation `keep`.
    Result<void> remove_others(std::string_view model, std::uint64_t keep) const;

    std::string directory_;
    bool is_marked_{false};
    bool is_doubtful_{false};
    std::mutex mutex_;
    std::vector<std::string> lost_; ///< models discarded when opened; guarded by `mutex_`
};

} // namespace kontor::sqlite

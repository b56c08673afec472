#include "programs/kontor/serve_measure.hpp"

#include "base/names.hpp"
#include "programs/kontor/notices.hpp"

namespace kontor::programs {
namespace {

/// Somebody waits for it, but sales go first.
constexpr IdleStrategy behind_sales{.spins_max = 1, .items_max = 1, .nice = 10};

} // namespace

Result<std::optional<services::gateway::StoreFigures>> MeasuredLog::figures() {
    if (!runner_)
        runner_ =
            std::make_unique<Runner>(static_cast<Agent&>(*this), behind_sales,
                                     [](Failure const&) { /* it answers all of them itself */ });
    std::lock_guard const guard(mutex_);
    if (found_ && clock_.monotonic() - found_at_ < shown_for) {
        if (!*found_)
            return unexpected(found_->error());
        return std::optional(**found_);
    }
    is_wanted_ = true;
    if (bell_ != nullptr)
        bell_->ring();
    return std::optional<services::gateway::StoreFigures>();
}

bool MeasuredLog::listen(Bell* bell) {
    std::lock_guard const guard(mutex_);
    bell_ = bell;
    return true;
}

Result<WorkDone> MeasuredLog::do_work(WorkBudget) {
    {
        std::lock_guard const guard(mutex_);
        if (!std::exchange(is_wanted_, false))
            return WorkDone{0};
    }
    auto found = measure();
    std::lock_guard const guard(mutex_);
    found_ = std::move(found);
    found_at_ = clock_.monotonic();
    is_wanted_ = false; // whoever asked meanwhile has this
    return WorkDone{1};
}

Result<services::gateway::StoreFigures> MeasuredLog::measure() const {
    KONTOR_TRY(auto const measured, log_.measure());
    KONTOR_TRY(auto const disk, embedded::disk_state_near(log_.directory()));
    services::gateway::StoreFigures figures;
    figures.directory = log_.directory();
    figures.segments = measured.raw + measured.dense + measured.cold;
    figures.segments_dense = measured.dense;
    figures.segments_cold = measured.cold;
    figures.log_bytes = measured.bytes;
    figures.free_bytes = disk.bytes_free;
    figures.file_system = disk.file_system;
    figures.durability = word_of(disk.durability);
    figures.room = enumerator_name(log_.room());
    figures.what_to_do = room_remedy(log_.room());
    return figures;
}

} // namespace kontor::programs

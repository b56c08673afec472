#include "programs/kontor/serve_backup.hpp"

#include "programs/kontor/backup_keys.hpp"

#include <fmt/core.h>

namespace kontor::programs {

using services::gateway::BackupStanding;
using services::gateway::BackupState;
using services::gateway::BackupWish;

namespace {

/// Nobody waits for it, and sales go first.
constexpr IdleStrategy behind_all{.spins_max = 1,
                                  .sleep_min = Duration::milliseconds(5),
                                  .sleep_max = Duration::milliseconds(200),
                                  .items_max = 1,
                                  .nice = 15};

std::string words_of(Failure const& failure) {
    return failure.where.empty() ? failure.what : failure.what + ": " + failure.where;
}

/// As the API says it.
services::gateway::Trouble shown(Trouble const& why) {
    return {why.problem, words_of(why.failure)};
}

} // namespace

BackupStanding ServedBackup::backup() const {
    std::lock_guard const guard(mutex_);
    return standing_;
}

bool ServedBackup::is_running() const {
    auto const state = backup().state;
    return state == BackupState::copying || state == BackupState::verifying;
}

Result<void, Trouble> ServedBackup::check(BackupWish const& wish) const {
    if (is_running())
        return unexpected(Trouble(
            "backup_running", {FailureKind::conflict, "one is being made", backup().directory}));
    KONTOR_TRY(check_is_elsewhere(log_.directory(), wish.directory));
    return NewJournal::check(wish.directory, segment_bytes_in(log_.directory()));
}

Result<void, services::gateway::Trouble> ServedBackup::may_back_up(BackupWish const& wish) {
    if (auto const may = check(wish); !may)
        return unexpected(shown(may.error()));
    return {};
}

Result<void, services::gateway::Trouble> ServedBackup::back_up(BackupWish const& wish) {
    if (auto const begun = begin(wish); !begun)
        return unexpected(shown(begun.error()));
    return {};
}

Result<void, Trouble> ServedBackup::begin(BackupWish const& wish) {
    KONTOR_TRY(check(wish));
    runner_.reset(); // of the one before, which has ended
    KONTOR_TRY(target_, NewJournal::begin(wish.directory, segment_bytes_in(log_.directory())));
    auto begun = log_.begin_copy(target_->disk());
    if (!begun)
        return target_->discard(explained(begun.error(), wish.directory));
    copy_ = *std::move(begun);
    with_keys_ = wish.with_keys && has_keys(log_.directory());
    wants_stop_ = false;
    {
        std::lock_guard const guard(mutex_);
        standing_ = {};
        standing_.state = BackupState::copying;
        standing_.directory = wish.directory;
        standing_.began_at = clock_.now();
        standing_.asked_by = wish.asked_by;
        standing_.segments = copy_->segments();
    }
    runner_ = std::make_unique<Runner>(static_cast<Agent&>(*this), behind_all,
                                       [](Failure const&) { /* it answers all of them itself */ });
    return {};
}

Result<WorkDone> ServedBackup::do_work(WorkBudget) {
    if (!copy_)
        return WorkDone{0};
    auto const done = go_on();
    if (!done)
        end(done.error().failure.kind == FailureKind::cancelled ? BackupState::stopped
                                                                : BackupState::failed,
            &done.error());
    else if (*done)
        end(BackupState::done, nullptr);
    return WorkDone{1};
}

Result<bool, Trouble> ServedBackup::go_on() {
    if (wants_stop_)
        return unexpected(Failure{FailureKind::cancelled, "it was not wanted any more"});
    if (copy_->segments_done() < copy_->segments()) {
        KONTOR_TRY(bool const is_last, copy_->copy_next());
        std::lock_guard const guard(mutex_);
        standing_.segments_done = copy_->segments_done();
        standing_.state = is_last ? BackupState::verifying : BackupState::copying;
        return false;
    }
    KONTOR_TRY(finish());
    return true;
}

Result<void, Trouble> ServedBackup::finish() {
    KONTOR_TRY(auto const copied, copy_->verify([this] { return wants_stop_.load(); }));
    if (with_keys_)
        KONTOR_TRY(copy_keys(log_.directory(), backup().directory, KeysAre::open));
    KONTOR_TRY(target_->finish());
    std::lock_guard const guard(mutex_);
    standing_.last_position = copied.report.last.value();
    standing_.has_keys = with_keys_;
    return {};
}

void ServedBackup::end(BackupState state, Trouble const* why) {
    copy_.reset();
    BackupStanding told;
    {
        std::lock_guard const guard(mutex_);
        standing_.state = state;
        standing_.ended_at = clock_.now();
        if (why != nullptr) {
            auto const cause = target_->discard(explained(*why, standing_.directory));
            standing_.problem = cause.error().problem;
            standing_.why = words_of(cause.error().failure);
        }
        told = standing_;
    }
    target_.reset();
    tell_(told);
}

void ServedBackup::stop() {
    measured_.stop();
    wants_stop_ = true;
    runner_.reset();
    if (!copy_)
        return;
    auto const why = Trouble(Failure{FailureKind::cancelled, "the shop was closed"});
    end(BackupState::stopped, &why);
}

} // namespace kontor::programs

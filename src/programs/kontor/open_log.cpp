#include "programs/kontor/open_log.hpp"

#include "codec/event_types.hpp"
#include "programs/kontor/read_models_check.hpp"
#include "programs/kontor/streams.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace kontor::programs {
namespace {

/// Frames kept in memory: where nobody follows the log while it grows, little is enough.
constexpr std::uint64_t window_bytes = 4U << 20;
constexpr std::uint64_t served_window_bytes = 64U << 20;

bool is_written(LogUse use) {
    return use == LogUse::write || use == LogUse::serve;
}

/// A hundred years: never.
constexpr std::int64_t cold_after_days_max = 36'500;

} // namespace

std::vector<journal::EventTypeName> names_of_events() {
    std::vector<journal::EventTypeName> names;
    for (auto const& row : codec::event_types())
        names.push_back({row.type, fmt::format("{}.v{}", row.name, row.version)});
    return names;
}

Result<std::unique_ptr<OpenLog>, Trouble> OpenLog::open(Settings const& settings, LogUse use,
                                                        OnWritten on_written) {
    KONTOR_TRY(allow_enough_files());
    std::unique_ptr<OpenLog> log(new OpenLog);
    log->directory_ = settings.text("data.directory");
    if (is_written(use))
        note_change();
    KONTOR_TRY(log->take_place(settings, use));
    KONTOR_TRY(log->take_store(settings, use, std::move(on_written)));
    if (use != LogUse::mend)
        KONTOR_TRY(log->check_rows());
    if (!is_written(use))
        return log;
    auto const keep = [raw = log.get()](Failure const& failure) { raw->keep_failure(failure); };
    log->writer_ = std::make_unique<Runner>(log->store_->writer(), IdleStrategy{}, keep);
    log->upkeep_ = std::make_unique<Runner>(log->store_->upkeep(),
                                            IdleStrategy{.spins_max = 1, .nice = 10}, keep);
    return log;
}

/// The directory, with a shop in it, or fit for one and made.
Result<void, Trouble> OpenLog::take_place(Settings const& settings, LogUse use) {
    auto const place = directory_ + "/journal";
    if (is_written(use))
        KONTOR_TRY(check_durability(settings, place));
    if (auto const existing = existing_journal(directory_); !existing) {
        bool const is_new = existing.error().problem->name == "no_shop";
        if (!is_new || !is_written(use))
            return unexpected(existing.error());
        KONTOR_TRY(check_may_begin(directory_, journal::Limits{}.segment_bytes));
        KONTOR_TRY(make_data_directory(directory_));
    }
    KONTOR_TRY(disk_, explaining(directory_, embedded::Disk::open(place)));
    KONTOR_TRY(disk_state_, disk_->state());
    return {};
}

Result<void, Trouble> OpenLog::take_store(Settings const& settings, LogUse use,
                                          OnWritten on_written) {
    embedded::StoreOptions options;
    options.event_types = names_of_events();
    options.limits.window_bytes = use == LogUse::serve ? served_window_bytes : window_bytes;
    options.limits.cold_after = Duration::days(std::clamp<std::int64_t>(
        settings.whole_number("data.cold_after_days"), 0, cold_after_days_max));
    options.may_begin = is_written(use);
    options.on_written = std::move(on_written);
    KONTOR_TRY(store_, explaining(directory_, embedded::EventStore::open(*disk_, clock_, faults_,
                                                                         std::move(options))));
    // It looks how much room there is.
    KONTOR_TRY(explaining(directory_, store_->upkeep().do_work(WorkBudget{0})));
    return {};
}

/// Rows are never ahead of the log they follow: where they are, its end was lost.
Result<void, Trouble> OpenLog::check_rows() const {
    auto const model = rows_beyond(*this);
    if (!model)
        return {};
    return unexpected(log_is_cut(directory_, report().last, *model));
}

OpenLog::~OpenLog() {
    writer_.reset();
    upkeep_.reset();
}

void OpenLog::wait_a_little() const {
    std::this_thread::sleep_for(std::chrono::microseconds(50));
}

std::optional<Failure> OpenLog::writer_failure() const {
    std::lock_guard const guard(mutex_);
    return failure_;
}

void OpenLog::keep_failure(Failure const& failure) {
    std::lock_guard const guard(mutex_);
    failure_ = failure;
}

Result<void> OpenLog::close() {
    writer_.reset();
    upkeep_.reset();
    if (auto const failure = writer_failure())
        return unexpected(*failure);
    return store_->close();
}

} // namespace kontor::programs

#include "programs/kontor/open_log.hpp"

#include "codec/event_types.hpp"
#include "programs/kontor/read_models_check.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
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

Result<void, Trouble> check_durability(Settings const& settings, std::string const& place) {
    KONTOR_TRY(auto const state, embedded::disk_state_near(place));
    if (state.durability == ports::Durability::durable || !settings.boolean("data.require_durable"))
        return {};
    return unexpected(
        Trouble("not_durable", {FailureKind::unavailable,
                                fmt::format("{} is not known to keep what is synced through a "
                                            "power cut",
                                            state.file_system),
                                place}));
}

std::string any_read_model(std::string const& directory) {
    std::error_code error;
    for (auto const& entry : std::filesystem::directory_iterator(directory + "/views", error))
        if (entry.path().extension() == ".sqlite")
            return entry.path().string();
    return {};
}

std::vector<journal::EventTypeName> names_of_events() {
    std::vector<journal::EventTypeName> names;
    for (auto const& row : codec::event_types())
        names.push_back({row.type, fmt::format("{}.v{}", row.name, row.version)});
    return names;
}

Result<void> make_data_directory(std::string const& path) {
    std::error_code error;
    bool const is_new = std::filesystem::create_directories(path, error);
    if (error)
        return unexpected(Failure{FailureKind::unavailable,
                                  "the data directory cannot be made: " + error.message(), path});
    if (is_new)
        std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
    return {};
}

Result<std::string, Trouble> existing_journal(std::string const& directory) {
    auto place = directory + "/journal";
    std::error_code error;
    if (std::filesystem::exists(place, error)) {
        KONTOR_TRY(auto const disk, embedded::Disk::open(place));
        KONTOR_TRY(auto const found, journal::take_inventory(*disk));
        if (found.is_begun())
            return place;
    }
    if (auto const rows = any_read_model(directory); !rows.empty())
        return unexpected(Trouble(
            "corrupt",
            {FailureKind::corrupt, "the log is gone, for rows that followed it are here: " + rows,
             place},
            "Restore a backup of the log into a new directory: kontor store restore BACKUP --data "
            "DIRECTORY."));
    return unexpected(
        Trouble("no_shop", {FailureKind::not_found, "there is no shop here yet", directory}));
}

Result<std::unique_ptr<OpenLog>, Trouble> OpenLog::open(Settings const& settings, LogUse use) {
    std::unique_ptr<OpenLog> log(new OpenLog);
    log->directory_ = settings.text("data.directory");
    auto const place = log->directory_ + "/journal";
    if (is_written(use))
        KONTOR_TRY(check_durability(settings, place));
    if (auto const existing = existing_journal(log->directory_); !existing) {
        bool const is_new = existing.error().failure.kind == FailureKind::not_found;
        if (!is_new || !is_written(use))
            return unexpected(existing.error());
        KONTOR_TRY(make_data_directory(log->directory_));
    }
    KONTOR_TRY(log->disk_, embedded::Disk::open(place));
    KONTOR_TRY(log->disk_state_, log->disk_->state());
    embedded::StoreOptions options;
    options.event_types = names_of_events();
    options.limits.window_bytes = use == LogUse::serve ? served_window_bytes : window_bytes;
    options.limits.cold_after = Duration::days(std::clamp<std::int64_t>(
        settings.whole_number("data.cold_after_days"), 0, cold_after_days_max));
    options.may_begin = is_written(use);
    KONTOR_TRY(log->store_, embedded::EventStore::open(*log->disk_, log->clock_, log->faults_,
                                                       std::move(options)));
    KONTOR_TRY(log->store_->upkeep().do_work(WorkBudget{0})); // it looks how much room there is
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

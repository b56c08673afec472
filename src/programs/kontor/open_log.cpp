#include "programs/kontor/open_log.hpp"

#include "codec/event_types.hpp"

#include <fmt/core.h>

#include <chrono>
#include <filesystem>
#include <thread>

namespace kontor::programs {
namespace {

/// Frames kept in memory: nobody here follows the log while it grows, so little is enough.
constexpr std::uint64_t window_bytes = 4U << 20;

Result<void, Trouble> check_durability(ports::DiskState const& state, bool required,
                                       std::string const& place) {
    if (state.durability == ports::Durability::durable || !required)
        return {};
    return unexpected(Trouble(
        "not_durable", {FailureKind::unavailable,
                        fmt::format("{} is not known to keep what is synced through a power cut",
                                    state.file_system),
                        place}));
}

} // namespace

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

Result<std::string, Trouble> existing_journal(Settings const& settings) {
    auto const& directory = settings.text("data.directory");
    auto place = directory + "/journal";
    std::error_code error;
    if (std::filesystem::exists(place, error))
        return place;
    return unexpected(
        Trouble("no_shop", {FailureKind::not_found, "there is no shop here yet", directory}));
}

Result<std::unique_ptr<OpenLog>, Trouble> OpenLog::open(Settings const& settings, bool may_begin) {
    std::unique_ptr<OpenLog> log(new OpenLog);
    log->directory_ = settings.text("data.directory");
    auto const place = log->directory_ + "/journal";
    if (auto const existing = existing_journal(settings); !existing) {
        if (!may_begin)
            return unexpected(existing.error());
        KONTOR_TRY(make_data_directory(log->directory_));
    }
    KONTOR_TRY(log->disk_, embedded::Disk::open(place));
    KONTOR_TRY(log->disk_state_, log->disk_->state());
    KONTOR_TRY(check_durability(log->disk_state_, settings.boolean("data.require_durable"), place));
    embedded::StoreOptions options;
    options.event_types = names_of_events();
    options.limits.window_bytes = window_bytes;
    KONTOR_TRY(log->store_, embedded::EventStore::open(*log->disk_, log->clock_, log->faults_,
                                                       std::move(options)));
    auto const keep = [raw = log.get()](Failure const& failure) { raw->keep_failure(failure); };
    log->writer_ = std::make_unique<Runner>(log->store_->writer(), IdleStrategy{}, keep);
    log->upkeep_ = std::make_unique<Runner>(log->store_->upkeep(), IdleStrategy{1}, keep);
    return log;
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

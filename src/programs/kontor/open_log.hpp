#pragma once

/// OpenLog: the shop's log in its data directory, with the thread that writes it. Closing it in
/// order leaves a seal, so that the next start knows that nothing was under way.

#include "adapters/embedded/disk.hpp"
#include "adapters/embedded/event_store.hpp"
#include "programs/kontor/settings.hpp"
#include "programs/kontor/trouble.hpp"
#include "runtime/runner.hpp"
#include "runtime/system_clock.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace kontor::programs {

/// Where the log of an existing shop lies.
/// Errors: not_found (there is none; the sentence says how to begin one).
Result<std::string, Trouble> existing_journal(Settings const& settings);

/// Makes a directory, for its owner alone; one that is there stays as it is.   Errors: unavailable.
Result<void> make_data_directory(std::string const& path);

/// The stored names of events, for whoever reads a log without us.
std::vector<journal::EventTypeName> names_of_events();

class OpenLog {
public:
    /// Opens what is there, or begins a new log when `may_begin`.
    /// Errors: not_found (nothing there and not to begin), corrupt (with place and position),
    ///         unsupported, unavailable (also: another process has it open, or a volatile file
    ///         system under data.require_durable), broken.
    static Result<std::unique_ptr<OpenLog>, Trouble> open(Settings const& settings, bool may_begin);
    ~OpenLog();

    ports::EventStore& store() { return *store_; }
    embedded::OpenReport const& report() const { return store_->report(); }
    ports::DiskState const& disk_state() const { return disk_state_; }
    std::string const& directory() const { return directory_; }

    /// Lets other threads go on while there is nothing to do.
    void wait_a_little() const;

    /// The failure that ended the writer, if one did: nothing becomes durable any more.
    std::optional<Failure> writer_failure() const;

    /// Makes everything durable and seals the log.   Errors: broken.
    Result<void> close();

private:
    OpenLog() = default;
    void keep_failure(Failure const& failure);

    std::string directory_;
    std::unique_ptr<embedded::Disk> disk_;
    ports::DiskState disk_state_{};
    SystemClock clock_;
    NoFaults faults_;
    std::unique_ptr<embedded::EventStore> store_;
    std::unique_ptr<Runner> writer_;
    std::unique_ptr<Runner> upkeep_;
    mutable std::mutex mutex_;
    std::optional<Failure> failure_;
};

} // namespace kontor::programs

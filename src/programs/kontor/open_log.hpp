#pragma once

/// OpenLog: the shop's log in its data directory, with the thread that writes it. Closing it in
/// order leaves a seal, so that the next start knows that nothing was under way.

#include "adapters/embedded/disk.hpp"
#include "adapters/embedded/event_store.hpp"
#include "adapters/embedded/journal/inventory.hpp"
#include "programs/kontor/data_directory.hpp"
#include "runtime/runner.hpp"
#include "runtime/system_clock.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace kontor::programs {

/// The stored names of events, for whoever reads a log without us.
std::vector<journal::EventTypeName> names_of_events();

/// What a command wants of the log.
enum class LogUse : unsigned char {
    look,  ///< there must be one; nobody appends, and nothing is made beside it
    mend,  ///< as look, and read models that stand beyond its end are let in: to be built anew
    write, ///< a shop may be begun, and appends become durable
    serve, ///< as write, and others follow the log while it grows
};

class OpenLog {
public:
    /// Opens what is there, or begins a new log where one is to be written.
    /// Errors: not_found (nothing there and not to begin), corrupt (with place and position;
    ///         also: read models stand beyond its end),
    ///         unsupported, unavailable (also: another process has it open, or a volatile file
    ///         system under data.require_durable), broken, as check_may_begin.
    /// `on_written` hears of each frame that has become durable, on the writer's thread.
    using OnWritten = std::function<void(Duration took, std::uint64_t bytes)>;
    static Result<std::unique_ptr<OpenLog>, Trouble> open(Settings const& settings, LogUse use,
                                                          OnWritten on_written = {});
    ~OpenLog();

    ports::EventStore& store() { return *store_; }
    ports::Room room() const { return store_->room(); }
    /// What reading sealed segments again has found.
    journal::Scrubbed scrubbed() const { return store_->scrubbed(); }
    std::size_t spare_segments() const { return store_->spare_segments(); }
    embedded::OpenReport const& report() const { return store_->report(); }
    ports::DiskState const& disk_state() const { return disk_state_; }
    std::string const& directory() const { return directory_; }

    /// Lets other threads go on while there is nothing to do.
    void wait_a_little() const;

    /// The failure that ended the writer, if one did: nothing becomes durable any more.
    std::optional<Failure> writer_failure() const;

    /// What its segments take on the disk.
    /// Errors: corrupt, unsupported, unavailable.
    Result<journal::Measured> measure() const { return journal::measure(*disk_); }

    /// Begins a copy of the log as it stands; it goes on.
    /// Errors: conflict, unavailable.   Thread: any.
    Result<journal::LiveCopy> begin_copy(ports::Disk& to) { return store_->begin_copy(to); }

    /// Squeezes all sealed segments.
    /// Errors: corrupt, full, unavailable, broken.   Requires: opened to look.
    Result<journal::Compacted> compact(journal::OnSegment const& on_segment) {
        return store_->compact(on_segment);
    }

    /// Makes everything durable and seals the log.   Errors: broken.
    Result<void> close();

private:
    OpenLog() = default;
    Result<void, Trouble> take_place(Settings const& settings, LogUse use);
    Result<void, Trouble> take_store(Settings const& settings, LogUse use, OnWritten on_written);
    Result<void, Trouble> check_rows() const;
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

/// Shows `see(page, event)` the whole log, in its sequence.
/// Errors: what `see` says; unavailable, corrupt.
template <class See>
Result<void> see_log(ports::EventStore& store, See see) {
    constexpr ports::Limit page_size(8192);
    for (ports::Position at{};;) {
        KONTOR_TRY(auto const page, store.read_log(at, page_size));
        if (page.empty())
            return {};
        for (auto const& event : page.events)
            KONTOR_TRY(see(page, event));
        at = page.events.back().position;
    }
}

} // namespace kontor::programs

#pragma once

/// Archives and replays of a bus: what was put may be put before its rules once more.
///
/// Invariants: 1. A replayed event keeps its id and carries `replay-name`, and is never archived
///                again.
///             2. A replay brings the archived events with start <= time < end, each at least
///                once, to the bus of the archive, and there to all rules or to some; where it
///                has a pattern, those that meet it.
///
/// Source: MESSAGING section 4; Amazon EventBridge API Reference.

#include "ports/event_bus.hpp"

#include "base/describe.hpp"

namespace kontor::ports {

enum class ArchiveState : std::uint8_t {
    enabled,
    disabled,
    creating,
    updating,
    create_failed,
    update_failed
};
BOOST_DESCRIBE_ENUM(ArchiveState, enabled, disabled, creating, updating, create_failed,
                    update_failed)

struct ArchiveDescription {
    std::string name{};
    std::string bus_arn{}; ///< `EventSourceArn`
    std::string description{};
    std::string pattern{};           ///< empty: all
    std::uint32_t retention_days{0}; ///< 0: for ever
    std::string arn{};
    ArchiveState state{ArchiveState::enabled};
    std::uint64_t events{0}; ///< as far as they were counted; of one just made or changed: none
    std::uint64_t bytes{0};
    Instant created{};
};

/// What of an archive is to be changed; what is empty stays.
struct ArchiveChange {
    std::string name{};
    std::optional<std::string> description{};
    std::optional<std::string> pattern{};
    std::optional<std::uint32_t> retention_days{};
};

class EventArchives {
public:
    virtual ~EventArchives() = default;

    /// Keeps what is put on the bus from now on.
    /// Errors:   not_found (bus), already_exists, invalid, invalid_pattern, limit_exceeded,
    ///           unavailable.
    virtual Result<ArchiveDescription, MessagingRefusal>
    create_archive(ArchiveDescription const& wanted) = 0;

    /// Errors:   not_found, unavailable.
    virtual Result<ArchiveDescription, MessagingRefusal>
    describe_archive(std::string_view archive) = 0;

    /// Errors:   not_found, invalid, invalid_pattern, access_denied (the topology owns it),
    ///           unavailable.
    virtual Result<ArchiveDescription, MessagingRefusal>
    update_archive(ArchiveChange const& change) = 0;

    /// Errors:   not_found, access_denied (the topology owns it), unavailable.
    virtual Result<void, MessagingRefusal> delete_archive(std::string_view archive) = 0;

    /// Errors:   invalid (page), unavailable.
    virtual Result<Page<ArchiveDescription>, MessagingRefusal>
    list_archives(std::string_view bus_arn, PageWish const& page) = 0;
};

enum class ReplayState : std::uint8_t {
    starting,
    running,
    cancelling,
    completed,
    cancelled,
    failed
};
BOOST_DESCRIBE_ENUM(ReplayState, starting, running, cancelling, completed, cancelled, failed)

/// "STARTING", …
std::string_view name(ReplayState state);
std::string_view name(ArchiveState state);

struct ReplayDescription {
    std::string name{};
    std::string description{};
    std::string archive_arn{};            ///< `EventSourceArn`
    std::string bus_arn{};                ///< `Destination.Arn`; the archive's own
    std::vector<std::string> rule_arns{}; ///< `FilterArns`; empty: all rules
    std::string
        pattern{};   ///< only what meets it, of what the archive holds; empty: all. Ours alone
    Instant start{}; ///< of the window, by event time
    Instant end{};
    std::string arn{};
    ReplayState state{ReplayState::starting};
    std::string reason{};             ///< of a failed one
    std::optional<Instant> reached{}; ///< time of the last event that was replayed
    Instant started{};
    std::optional<Instant> ended{};
};

class EventReplays {
public:
    virtual ~EventReplays() = default;

    /// Begins a replay; it runs on by itself.
    /// Errors:   not_found (archive, bus, rule), already_exists, invalid (window, destination),
    ///           invalid_pattern, limit_exceeded, unavailable.
    virtual Result<ReplayDescription, MessagingRefusal>
    start_replay(ReplayDescription const& wanted) = 0;

    /// Errors:   not_found, unavailable.
    virtual Result<ReplayDescription, MessagingRefusal>
    describe_replay(std::string_view replay) = 0;

    /// Answers it as it is then.
    /// Errors:   not_found, illegal_status (it has ended), unavailable.
    virtual Result<ReplayDescription, MessagingRefusal> cancel_replay(std::string_view replay) = 0;

    /// Errors:   invalid (page), unavailable.
    virtual Result<Page<ReplayDescription>, MessagingRefusal>
    list_replays(std::string_view archive_arn, PageWish const& page) = 0;
};

} // namespace kontor::ports

#pragma once

/// QueueAdmin and MoveTasks: queues that come and go, what they are set to, and moving messages
/// from dead letters back to where they came from. What the topology declares belongs to it: it is
/// made at the start, and nobody else changes or removes it.
///
/// Names, never ARNs: account and region are the wire's.
/// Thread: any; calls may overlap. What an answer says may be shown once its mark is durable.
/// Source: MESSAGING section 6, administration and move tasks; Amazon SQS API reference.

#include "ports/positions.hpp"
#include "ports/queue.hpp"

#include <map>

namespace kontor::ports {

enum class QueueKind : std::uint8_t { standard, fifo };
BOOST_DESCRIBE_ENUM(QueueKind, standard, fifo)

enum class DeduplicationScope : std::uint8_t { queue, message_group };
BOOST_DESCRIBE_ENUM(DeduplicationScope, queue, message_group)

/// Shown as it was set; nothing here is slower without.
enum class ThroughputLimit : std::uint8_t { per_queue, per_message_group_id };
BOOST_DESCRIBE_ENUM(ThroughputLimit, per_queue, per_message_group_id)

/// What becomes of a group of a FIFO queue whose message has failed too often.
enum class DeadLetterPolicy : std::uint8_t {
    skip, ///< the message goes, the group goes on: a hole, as SQS has it
    park, ///< the message goes, and all that follows in its group goes behind it
    block ///< the message stays, and its group with it, until somebody settles it
};
BOOST_DESCRIBE_ENUM(DeadLetterPolicy, skip, park, block)

struct RedrivePolicy {
    QueueName dead_letters;
    std::uint32_t receives_max{10}; ///< 1 to 1000: so often it is handed out before it is given up
    DeadLetterPolicy policy{DeadLetterPolicy::skip};
    friend bool operator==(RedrivePolicy const&, RedrivePolicy const&) = default;
};

/// Whose dead letters a queue admits.
struct RedriveAllow {
    enum class Kind : std::uint8_t { all, none, by_queue };
    Kind kind{Kind::all};
    std::vector<QueueName> sources{}; ///< by_queue: at most 10
    friend bool operator==(RedriveAllow const&, RedriveAllow const&) = default;
};

struct QueueSettings {
    QueueKind kind{QueueKind::standard};
    Duration visibility{Duration::seconds(30)}; ///< 0 to 12 hours
    Duration retention{Duration::days(4)};      ///< 60 s to 14 days
    Duration delay{};                           ///< 0 to 15 minutes
    Duration receive_wait{};                    ///< 0 to 20 s: for callers that wait
    std::uint32_t message_bytes_max{1'048'576}; ///< 1 KiB to 1 MiB
    bool deduplicates_by_content{false};        ///< FIFO
    DeduplicationScope deduplication_scope{DeduplicationScope::queue};
    ThroughputLimit throughput_limit{ThroughputLimit::per_queue};
    std::optional<RedrivePolicy> redrive{};
    RedriveAllow redrive_allow{};
    /// Attributes that are kept as they are set and change nothing: Policy, KmsMasterKeyId, …
    std::map<std::string, std::string> kept{};
    friend bool operator==(QueueSettings const&, QueueSettings const&) = default;
};

/// What is set of the settings; what is absent stays as it is, or is the default of a new queue.
struct QueueChange {
    std::optional<Duration> visibility{};
    std::optional<Duration> retention{};
    std::optional<Duration> delay{};
    std::optional<Duration> receive_wait{};
    std::optional<std::uint32_t> message_bytes_max{};
    std::optional<bool> deduplicates_by_content{};
    std::optional<DeduplicationScope> deduplication_scope{};
    std::optional<ThroughputLimit> throughput_limit{};
    std::optional<std::optional<RedrivePolicy>> redrive{}; ///< a present nothing takes it away
    std::optional<RedriveAllow> redrive_allow{};
    std::map<std::string, std::string> kept{}; ///< an empty value takes the attribute away
    std::map<std::string, std::string> tags{};
    std::vector<std::string> tags_removed{};
    friend bool operator==(QueueChange const&, QueueChange const&) = default;
};

enum class QueueOwner : std::uint8_t { topology, caller };
BOOST_DESCRIBE_ENUM(QueueOwner, topology, caller)

struct QueueDescription {
    QueueName name;
    QueueSettings settings{};
    QueueOwner owner{QueueOwner::caller};
    std::map<std::string, std::string> tags{};
    Instant created_at;
    Instant changed_at;
    std::optional<Instant> paused_at{}; ///< since then it hands nothing out
    friend bool operator==(QueueDescription const&, QueueDescription const&) = default;
};

/// Whether a queue hands out what is in it.
enum class QueueFlow : std::uint8_t {
    open,
    paused ///< it accepts, and nobody receives; what somebody has already can be settled
};

/// Whose queues are listed.
enum class QueuesListed : std::uint8_t {
    all,
    for_callers ///< without those of the house (house_queues.hpp)
};

struct QueueSelection {
    std::string prefix{};
    QueueName after{};           ///< the last name of the page before; empty: from the first
    QueueName dead_letters_in{}; ///< only queues that send their dead letters here; empty: all
    Limit limit{1000};
    QueuesListed listed{QueuesListed::all};
};

class QueueAdmin {
public:
    virtual ~QueueAdmin() = default;

    /// Makes a queue. One that stands already is answered as made, if all that `change` sets is as
    /// it stands.
    /// Errors:   queue_name_exists, queue_deleted_recently, invalid_parameter_value (the name, or
    ///           one of the house; a kind that the name does not say), invalid_attribute_value,
    ///           invalid_attribute_name (FIFO's alone); full, unavailable, broken.
    /// Retry:    safe.
    virtual Result<QueueMark, QueueFault> create(QueueName const& queue, QueueKind kind,
                                                 QueueChange const& change, QueueOwner owner) = 0;

    /// Changes settings and tags, all or nothing. `by` the topology changes its own alone.
    /// Errors:   queue_does_not_exist, access_denied, invalid_attribute_value,
    ///           invalid_attribute_name, invalid_parameter_value (tags); full, unavailable, broken.
    /// Retry:    safe.
    virtual Result<QueueMark, QueueFault> change(QueueName const& queue, QueueChange const& change,
                                                 QueueOwner by) = 0;

    /// Removes a queue with all that is in it.
    /// Errors:   queue_does_not_exist, access_denied; full, unavailable, broken.
    virtual Result<QueueMark, QueueFault> remove(QueueName const& queue, QueueOwner by) = 0;

    /// Drops all messages that are in the queue now, in flight too.
    /// Errors:   queue_does_not_exist, purge_queue_in_progress; full, unavailable, broken.
    virtual Result<QueueMark, QueueFault> purge(QueueName const& queue) = 0;

    /// Lets a queue rest, or go on. Whoever it belongs to: it is as it was after a restart.
    /// Errors:   queue_does_not_exist; full, unavailable, broken.
    /// Retry:    safe.
    virtual Result<QueueMark, QueueFault> set_flow(QueueName const& queue, QueueFlow flow) = 0;

    /// Errors:   queue_does_not_exist.   Retry: safe.
    virtual Result<QueueDescription, QueueFault> find(QueueName const& queue) = 0;

    /// The names that match, ascending.
    /// Errors:   queue_does_not_exist (that of `dead_letters_in`).   Retry: safe.
    virtual Result<std::vector<QueueName>, QueueFault> list(QueueSelection const& selection) = 0;
};

using MoveTaskId = Strong<struct MoveTaskIdTag, Id128>;

enum class MoveTaskStatus : std::uint8_t { running, completed, cancelling, cancelled, failed };
BOOST_DESCRIBE_ENUM(MoveTaskStatus, running, completed, cancelling, cancelled, failed)

struct MoveTask {
    MoveTaskId id;
    QueueName source;
    QueueName destination{};              ///< empty: to where each message came from
    std::uint32_t messages_per_second{0}; ///< 0: as the caller said nothing, the most
    MoveTaskStatus status{MoveTaskStatus::running};
    std::uint64_t moved{0};
    std::uint64_t to_move{0}; ///< as of the start
    Instant started_at;
    Instant begins_at{};      ///< when the first one goes: until then nothing has happened
    bool is_selection{false}; ///< somebody said which
    std::string failure{};
    friend bool operator==(MoveTask const&, MoveTask const&) = default;
};

struct MoveRequest {
    QueueName source;
    QueueName destination{};
    std::uint32_t messages_per_second{0}; ///< 1 to 500; 0: 500
    Duration wait{};                      ///< so long nothing moves: time to think again
    /// These alone, by their numbers, at most move_selected_max; empty: all that wait. What
    /// somebody has when its turn comes, or is gone, stays out.
    std::vector<SequenceNumber> only{};
};
inline constexpr std::size_t move_selected_max = 10'000;

struct MoveStarted {
    MoveTaskId id;
    QueueMark mark{};
};

struct MoveCancelled {
    std::uint64_t moved; ///< so far
    QueueMark mark{};
};

class MoveTasks {
public:
    virtual ~MoveTasks() = default;

    /// Begins to move dead letters, each with a new id and a new time of sending.
    /// Errors:   resource_not_found (no such queue), unsupported_operation (the source is nobody's
    ///           dead-letter queue, or a task runs already), invalid_parameter_value; full,
    ///           unavailable, broken.
    virtual Result<MoveStarted, QueueFault> start_move(MoveRequest const& request) = 0;

    /// What was moved stays moved.
    /// Errors:   resource_not_found (no such task), unsupported_operation (it does not run); full,
    ///           unavailable, broken.
    virtual Result<MoveCancelled, QueueFault> cancel_move(MoveTaskId task) = 0;

    /// The latest tasks of a source, the newest first.
    /// Errors:   resource_not_found (no such queue).   Retry: safe.
    virtual Result<std::vector<MoveTask>, QueueFault> list_moves(QueueName const& source,
                                                                 Limit limit) = 0;

    /// The latest tasks of all sources, the newest first.
    /// Errors:   unavailable.   Retry: safe.
    virtual Result<std::vector<MoveTask>, QueueFault> latest_moves(Limit limit) = 0;
};

} // namespace kontor::ports

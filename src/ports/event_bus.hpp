#pragma once

/// EventBus: takes facts as entries, and hands each to the targets of the rules that it meets.
/// What belongs to a bus (rules, targets, archives, replays, tags) has an interface of its own
/// below and in event_archive.hpp; one adapter may be all of them.
///
/// Invariants: 1. An entry that was accepted meets each enabled rule that stood when it was
///                accepted, and reaches each of its targets at least once or the target's dead
///                letters; a rule that it does not meet it never reaches.
///             2. Entries are judged one by one: one that is refused refuses no other.
///             3. Deliveries to one target may repeat and overtake each other; embedded they keep
///                the sequence of the log (capability `exact_order`).
///             4. A name may be given as the thing's ARN wherever it is asked for.
///
/// Source: MESSAGING sections 1, 4 and 7; Amazon EventBridge API Reference (2015-10-07).

#include "ports/arn.hpp"
#include "ports/messaging_words.hpp"

#include "base/describe.hpp"
#include "base/instant.hpp"

#include <optional>
#include <span>

namespace kontor::ports {

inline constexpr std::string_view default_bus = "default";

/// The name of a bus that was given by name or ARN; empty: the default one. The ARN of a bus of
/// another account or region stays what it is, and is the name of none.
std::string bus_name_of(std::string_view name_or_arn, CloudPlace const& place);

/// A rule as outside speaks of it: its bus stands in it, unless that is the default one.
/// Source: Service Authorization Reference, "Resource types defined by Amazon EventBridge".
std::string rule_arn(CloudPlace const& place, std::string_view bus, std::string_view rule);

/// One fact on its way in.
struct EventEntry {
    std::string source{};
    std::string detail_type{};
    std::string detail{};          ///< a JSON object, as text
    std::optional<Instant> time{}; ///< empty: when it is accepted.   Units: whole seconds are kept.
    std::vector<std::string> resources{};
    std::string bus{}; ///< a name or an ARN; empty: the default bus
    std::string trace_header{};
};

/// Who puts: only the platform itself may speak as `kontor.`, and nobody as `aws.`.
enum class EventOrigin : std::uint8_t { platform, outside };

/// Why one entry was refused. The first two may be tried again, the others never.
enum class EntryFault : std::uint8_t {
    internal_failure,
    throttled,
    invalid_argument,
    malformed_detail,
    access_denied,
    not_authorized_for_source
};

/// The code that AWS has for it: "MalformedDetail".
std::string_view error_code(EntryFault fault);
bool may_be_repeated(EntryFault fault);

struct EntryRefusal {
    EntryFault fault{};
    std::string what{};
    friend bool operator==(EntryRefusal const&, EntryRefusal const&) = default;
};

/// The id that the event has from now on, a UUID; or why there is no event.
using EntryOutcome = Result<std::string, EntryRefusal>;

class EventBus {
public:
    virtual ~EventBus() = default;

    /// Accepts entries; each outcome stands at its entry's place.
    /// Shape:    1 to 10 entries, together at most put_bytes_max, each as entry_size counts.
    /// Errors:   invalid (no entry or too many, too large together, or no single entry has source,
    ///           detail type and detail), unavailable; then nothing is accepted.
    /// Retry:    of entries that may_be_repeated, alone; a repetition of others is another event.
    /// Delivery: what is accepted is durable, and handed on at least once.
    virtual Result<std::vector<EntryOutcome>, MessagingRefusal>
    put_events(std::span<EventEntry const> entries, EventOrigin origin) = 0;

    /// Whether an event, which is an envelope as JSON, meets a pattern. Changes nothing.
    /// Errors:   invalid_pattern, invalid (an event that is no JSON object, or lacks a field of the
    ///           envelope).
    virtual Result<bool, MessagingRefusal> test_event_pattern(std::string_view pattern,
                                                              std::string_view event) = 0;
};

/// So large an entry counts: 14 for a time, and the bytes of source, detail type, detail and each
/// resource.   Source: EventBridge User Guide, "Calculating PutEvents event entry size".
std::size_t entry_size(EventEntry const& entry);

inline constexpr std::size_t put_entries_max = 10;
inline constexpr std::size_t put_bytes_max = 999'999; ///< "together < 1,000,000"

struct BusDescription {
    std::string name{};
    std::string description{};
    std::string dead_letter_arn{}; ///< kept and shown; our targets have their own
    std::string arn{};
    std::string policy{}; ///< kept and shown
    Instant created{};
    Instant changed{};
};

/// The buses themselves.   Retry: safe, but for create.
class EventBuses {
public:
    virtual ~EventBuses() = default;

    /// Makes a bus of that name, with description and dead letters.
    /// Errors:   invalid (name), already_exists, limit_exceeded, unavailable.
    virtual Result<BusDescription, MessagingRefusal>
    create_event_bus(BusDescription const& wanted, std::vector<Tag> const& tags) = 0;

    /// Errors:   not_found, unavailable.
    virtual Result<BusDescription, MessagingRefusal> describe_event_bus(std::string_view bus) = 0;

    /// Changes description and dead letters.
    /// Errors:   not_found, access_denied (the topology owns it), unavailable.
    virtual Result<BusDescription, MessagingRefusal>
    update_event_bus(BusDescription const& wanted) = 0;

    /// One that does not exist is deleted already.
    /// Errors:   invalid (the default bus, or it has rules), access_denied (the topology owns it),
    ///           unavailable.
    virtual Result<void, MessagingRefusal> delete_event_bus(std::string_view bus) = 0;

    /// Errors:   invalid (page), unavailable.
    virtual Result<Page<BusDescription>, MessagingRefusal>
    list_event_buses(PageWish const& page) = 0;
};

enum class RuleState : std::uint8_t { enabled, disabled };
BOOST_DESCRIBE_ENUM(RuleState, enabled, disabled)

struct RuleDescription {
    std::string name{};
    std::string bus{};
    std::string pattern{}; ///< as it was written
    std::string schedule{};
    RuleState state{RuleState::enabled};
    std::string description{};
    std::string role_arn{};
    std::string arn{};
    std::string created_by{};   ///< an account
    bool is_of_topology{false}; ///< nobody changes it. Of a wish it says nothing
};

/// Rules of a bus. They live from the next event on.   Retry: safe.
class EventRules {
public:
    virtual ~EventRules() = default;

    /// Makes a rule or changes the one of that name; its targets stay. Answers its ARN.
    /// Errors:   not_found (bus), invalid (name, no pattern, a schedule: they are unsupported),
    ///           invalid_pattern, limit_exceeded, access_denied (the topology owns it),
    ///           unavailable.
    virtual Result<std::string, MessagingRefusal> put_rule(RuleDescription const& wanted,
                                                           std::vector<Tag> const& tags) = 0;

    /// Errors:   not_found, unavailable.
    virtual Result<RuleDescription, MessagingRefusal> describe_rule(std::string_view bus,
                                                                    std::string_view rule) = 0;

    /// One that does not exist is deleted already.
    /// Errors:   not_found (bus), invalid (it has targets), access_denied, unavailable.
    virtual Result<void, MessagingRefusal> delete_rule(std::string_view bus,
                                                       std::string_view rule) = 0;

    /// Enables or disables.
    /// Errors:   not_found, access_denied, unavailable.
    virtual Result<void, MessagingRefusal>
    set_rule_state(std::string_view bus, std::string_view rule, RuleState state) = 0;

    /// Errors:   not_found (bus), invalid (page), unavailable.
    virtual Result<Page<RuleDescription>, MessagingRefusal> list_rules(std::string_view bus,
                                                                       PageWish const& page) = 0;

    /// Errors:   not_found (bus), invalid (page), unavailable.
    virtual Result<Page<std::string>, MessagingRefusal>
    list_rule_names_by_target(std::string_view bus, std::string_view target_arn,
                              PageWish const& page) = 0;
};

/// What a target gets of an event; at most one of the three. None: all of it.
struct InputForm {
    struct Template {
        std::map<std::string, std::string> paths{}; ///< of each variable
        std::string text{};
        friend bool operator==(Template const&, Template const&) = default;
    };
    std::optional<std::string> constant{}; ///< `Input`
    std::optional<std::string> path{};     ///< `InputPath`
    std::optional<Template> filled{};      ///< `InputTransformer`
    friend bool operator==(InputForm const&, InputForm const&) = default;
};

/// How often and how long a delivery is tried; whichever ends first.
struct RetryPolicy {
    std::uint32_t tries_max{185};      ///< after the first; 0 to 185
    std::uint32_t age_seconds{86'400}; ///< 60 to 86,400
    friend bool operator==(RetryPolicy const&, RetryPolicy const&) = default;
};

struct TargetDescription {
    std::string id{};
    std::string arn{};
    std::string role_arn{}; ///< kept and shown
    InputForm input{};
    std::optional<RetryPolicy> retry{};
    std::string dead_letter_arn{};  ///< empty: none
    std::string message_group_id{}; ///< of a queue: a plain text
    friend bool operator==(TargetDescription const&, TargetDescription const&) = default;
};

/// An entry of PutTargets or RemoveTargets that failed.
struct FailedTarget {
    std::string id{};
    std::string code{};
    std::string what{};
    friend bool operator==(FailedTarget const&, FailedTarget const&) = default;
};

/// The targets of a rule.   Retry: safe.
class EventTargets {
public:
    virtual ~EventTargets() = default;

    /// Adds targets or changes those of the same id; answers those that failed, none of which has
    /// changed anything.
    /// Shape:    1 to 100 targets of different ids; a rule keeps at most targets_of_rule_max.
    /// Errors:   not_found (bus, rule), invalid (shape, an input that cannot be), limit_exceeded,
    ///           access_denied, unavailable; then nothing is changed.
    virtual Result<std::vector<FailedTarget>, MessagingRefusal>
    put_targets(std::string_view bus, std::string_view rule,
                std::span<TargetDescription const> targets) = 0;

    /// Errors:   not_found (bus, rule), invalid (shape), access_denied, unavailable.
    virtual Result<std::vector<FailedTarget>, MessagingRefusal>
    remove_targets(std::string_view bus, std::string_view rule,
                   std::span<std::string const> ids) = 0;

    /// Errors:   not_found (bus, rule), invalid (page), unavailable.
    virtual Result<Page<TargetDescription>, MessagingRefusal>
    list_targets_by_rule(std::string_view bus, std::string_view rule, PageWish const& page) = 0;
};

inline constexpr std::size_t targets_of_rule_max = 5;
inline constexpr std::size_t targets_of_call_max = 100;

} // namespace kontor::ports

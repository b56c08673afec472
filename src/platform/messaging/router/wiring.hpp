#pragma once

/// Wiring: the ports of buses and topics over the log: what callers put, make and change. A change
/// is decided by the rules of buses and topics and kept as a fact; what is put is a fact, which the
/// router brings to its targets; what is published stands in its queues at once. Answers wait until
/// the log has it.
///
/// Mail, API destinations and log groups are refused by name: what nobody delivers nobody may
/// order.
///
/// Invariants: 1. What was answered as done outlives the process, and so does what was there
///                already when somebody asked for it again.
///             2. A change that the log did not take is kept with the next one; until then it is
///                answered as unavailable, and may be asked for again.
///             3. What was put or published and not taken by the log has never been.
/// Thread: any, one call at a time does something; calls wait for the disk.
/// Source: MESSAGING sections 4 and 5.

#include "domain/process/events.hpp"
#include "platform/messaging/router/router.hpp"
#include "ports/event_archive.hpp"

namespace kontor::router {

template <class T>
using Heard = Result<T, ports::MessagingRefusal>;

class Wiring final : public ports::EventBus,
                     public ports::EventBuses,
                     public ports::EventRules,
                     public ports::EventTargets,
                     public ports::EventArchives,
                     public ports::EventReplays,
                     public ports::Topic,
                     public ports::Topics,
                     public ports::Subscriptions,
                     public ports::ResourceTags {
public:
    /// Waits a little; false: it has lasted too long.
    using Wait = std::function<bool(std::size_t turns)>;

    /// All outlive it.
    Wiring(Router& router, hosting::JournaledQueues& queues, Clock& clock, Random random, Wait wait)
        : router_(router), queues_(queues), clock_(clock), random_(random), wait_(std::move(wait)) {
    }

    Heard<std::vector<ports::EntryOutcome>> put_events(std::span<ports::EventEntry const> entries,
                                                       ports::EventOrigin origin) override;
    Heard<bool> test_event_pattern(std::string_view pattern, std::string_view event) override;

    Heard<ports::BusDescription> create_event_bus(ports::BusDescription const& wanted,
                                                  std::vector<ports::Tag> const& tags) override;
    Heard<ports::BusDescription> describe_event_bus(std::string_view bus) override;
    Heard<ports::BusDescription> update_event_bus(ports::BusDescription const& wanted) override;
    Heard<void> delete_event_bus(std::string_view bus) override;
    Heard<ports::Page<ports::BusDescription>>
    list_event_buses(ports::PageWish const& page) override;

    Heard<std::string> put_rule(ports::RuleDescription const& wanted,
                                std::vector<ports::Tag> const& tags) override;
    Heard<ports::RuleDescription> describe_rule(std::string_view bus,
                                                std::string_view rule) override;
    Heard<void> delete_rule(std::string_view bus, std::string_view rule) override;
    Heard<void> set_rule_state(std::string_view bus, std::string_view rule,
                               ports::RuleState state) override;
    Heard<ports::Page<ports::RuleDescription>> list_rules(std::string_view bus,
                                                          ports::PageWish const& page) override;
    Heard<ports::Page<std::string>> list_rule_names_by_target(std::string_view bus,
                                                              std::string_view target_arn,
                                                              ports::PageWish const& page) override;

    Heard<std::vector<ports::FailedTarget>>
    put_targets(std::string_view bus, std::string_view rule,
                std::span<ports::TargetDescription const> targets) override;
    Heard<std::vector<ports::FailedTarget>>
    remove_targets(std::string_view bus, std::string_view rule,
                   std::span<std::string const> ids) override;
    Heard<ports::Page<ports::TargetDescription>>
    list_targets_by_rule(std::string_view bus, std::string_view rule,
                         ports::PageWish const& page) override;

    Heard<ports::ArchiveDescription>
    create_archive(ports::ArchiveDescription const& wanted) override;
    Heard<ports::ArchiveDescription> describe_archive(std::string_view archive) override;
    Heard<ports::ArchiveDescription> update_archive(ports::ArchiveChange const& change) override;
    Heard<void> delete_archive(std::string_view archive) override;
    Heard<ports::Page<ports::ArchiveDescription>>
    list_archives(std::string_view bus_arn, ports::PageWish const& page) override;
    Heard<ports::ReplayDescription> start_replay(ports::ReplayDescription const& wanted) override;
    Heard<ports::ReplayDescription> describe_replay(std::string_view replay) override;
    Heard<ports::ReplayDescription> cancel_replay(std::string_view replay) override;
    Heard<ports::Page<ports::ReplayDescription>> list_replays(std::string_view archive_arn,
                                                              ports::PageWish const& page) override;

    Heard<std::vector<ports::PublishOutcome>>
    publish(std::string_view topic_arn, std::span<ports::TopicMessage const> messages) override;

    Heard<std::string> create_topic(std::string_view name, ports::NamedTexts const& attributes,
                                    std::vector<ports::Tag> const& tags) override;
    Heard<void> delete_topic(std::string_view topic_arn) override;
    Heard<ports::Page<std::string>> list_topics(ports::PageWish const& page) override;
    Heard<ports::NamedTexts> get_topic_attributes(std::string_view topic_arn) override;
    Heard<ports::TopicDescription> describe_topic(std::string_view topic_arn) override;
    Heard<void> set_topic_attribute(std::string_view topic_arn, std::string_view attribute,
                                    std::string_view value) override;

    Heard<ports::SubscriptionDescription> subscribe(ports::SubscriptionWish const& wish) override;
    Heard<std::optional<ports::SubscriptionDescription>>
    check_subscription(ports::SubscriptionWish const& wish) override;
    Heard<ports::SubscriptionDescription> confirm_subscription(std::string_view topic_arn,
                                                               std::string_view token) override;
    Heard<void> unsubscribe(std::string_view subscription_arn) override;
    Heard<ports::Page<ports::SubscriptionDescription>>
    list_subscriptions(std::string_view topic_arn, ports::PageWish const& page) override;
    Heard<ports::NamedTexts> get_subscription_attributes(std::string_view arn) override;
    Heard<void> change_subscription(std::string_view subscription_arn,
                                    ports::SubscriptionChange const& change) override;
    Heard<void> check_change(std::string_view subscription_arn,
                             ports::SubscriptionChange const& change) override;

    Heard<void> tag_resource(std::string_view arn, std::vector<ports::Tag> const& tags) override;
    Heard<void> untag_resource(std::string_view arn, std::vector<std::string> const& keys) override;
    Heard<std::vector<ports::Tag>> list_tags_for_resource(std::string_view arn) override;

    /// Whose ARNs these are.
    ports::CloudPlace const& place() { return rules().place(); }

private:
    using Lock = std::unique_lock<std::mutex>;

    bus::RuleBook& rules() { return router_.office().rules(); }
    topics::Board& topics() { return router_.office().topics(); }
    bus::Archives& archives() { return router_.archives(); }
    /// Will be kept with the next `keep`.
    void note(StreamId const& stream, process::Event const& fact);
    void note_rule(std::string_view bus, std::string_view rule);
    void note_topic(std::string_view arn);
    void note_subscription(std::string_view arn);
    void note_tags(std::string_view arn);
    /// A queue for a subscription by URL that was just made; without one it does not stand.
    /// Errors: limit_exceeded, unavailable.
    Heard<void> make_room_for(std::string const& arn);
    Heard<std::vector<ports::Tag>> tags_of(std::string_view arn);
    /// Something was deleted, if `deleted` says so: keeps it if it stood, with its letters. What
    /// was skipped did not stand, and can be deleted.
    /// Errors: those of `deleted`, unavailable.
    Heard<void> keep_end(Lock& lock, bool stood, Heard<void> deleted, process::Event const& fact,
                         std::vector<Letter> letters = {});
    /// Has the log take what was noted, and the letters with it; waits until that and whatever was
    /// kept before is durable, without the lock. Where the log does not take it the lock is still
    /// held, the letters are gone, and what was noted waits for the next `keep`.
    /// Errors: unavailable.
    Heard<void> keep(Lock& lock, std::vector<Letter> letters = {});
    Heard<void> wait_for(ports::QueueMark mark);

    Router& router_;
    hosting::JournaledQueues& queues_;
    Clock& clock_;
    Random random_;
    Wait wait_;
    // Under the router's lock.
    std::vector<hosting::Companion> noted_;
    ports::QueueMark kept_{}; ///< all that was kept
};

} // namespace kontor::router

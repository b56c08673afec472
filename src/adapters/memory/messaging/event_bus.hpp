#pragma once

/// A bus in RAM: platform/messaging/bus behind a lock, as all its ports at once. Nothing of it
/// outlives the process. It has no thread: whoever wires it calls `deliver`.
/// Thread: any.

#include "platform/messaging/bus/exchange.hpp"

#include "base/clock.hpp"

#include <functional>
#include <mutex>

namespace kontor::memory {

class EventBus final : public ports::EventBus,
                       public ports::EventBuses,
                       public ports::EventRules,
                       public ports::EventTargets,
                       public ports::EventArchives,
                       public ports::EventReplays,
                       public ports::ResourceTags {
public:
    /// Hands a delivery to its target; nothing: it was received.
    using Door = std::function<std::optional<bus::DeliveryFault>(bus::Delivery const&)>;

    /// Requires: the clock stays.
    EventBus(Clock& clock, Random random, ports::CloudPlace place = {});

    void adopt(topology::Topology const& topology);

    /// Routes what has come, steps the replays, and carries out what is due; at most so much of
    /// each. The door is called without the lock.
    /// Shape:    how many events were routed and deliveries tried.
    std::size_t deliver(Door const& door, std::size_t up_to);
    std::vector<bus::DeadLetter> take_dead_letters();

    Result<std::vector<ports::EntryOutcome>, ports::MessagingRefusal>
    put_events(std::span<ports::EventEntry const> entries, ports::EventOrigin origin) override;
    Result<bool, ports::MessagingRefusal> test_event_pattern(std::string_view pattern,
                                                             std::string_view event) override;

    Result<ports::BusDescription, ports::MessagingRefusal>
    create_event_bus(ports::BusDescription const& wanted,
                     std::vector<ports::Tag> const& tags) override;
    Result<ports::BusDescription, ports::MessagingRefusal>
    describe_event_bus(std::string_view bus) override;
    Result<ports::BusDescription, ports::MessagingRefusal>
    update_event_bus(ports::BusDescription const& wanted) override;
    Result<void, ports::MessagingRefusal> delete_event_bus(std::string_view bus) override;
    Result<ports::Page<ports::BusDescription>, ports::MessagingRefusal>
    list_event_buses(ports::PageWish const& page) override;

    Result<std::string, ports::MessagingRefusal>
    put_rule(ports::RuleDescription const& wanted, std::vector<ports::Tag> const& tags) override;
    Result<ports::RuleDescription, ports::MessagingRefusal>
    describe_rule(std::string_view bus, std::string_view rule) override;
    Result<void, ports::MessagingRefusal> delete_rule(std::string_view bus,
                                                      std::string_view rule) override;
    Result<void, ports::MessagingRefusal>
    set_rule_state(std::string_view bus, std::string_view rule, ports::RuleState state) override;
    Result<ports::Page<ports::RuleDescription>, ports::MessagingRefusal>
    list_rules(std::string_view bus, ports::PageWish const& page) override;
    Result<ports::Page<std::string>, ports::MessagingRefusal>
    list_rule_names_by_target(std::string_view bus, std::string_view target_arn,
                              ports::PageWish const& page) override;

    Result<std::vector<ports::FailedTarget>, ports::MessagingRefusal>
    put_targets(std::string_view bus, std::string_view rule,
                std::span<ports::TargetDescription const> targets) override;
    Result<std::vector<ports::FailedTarget>, ports::MessagingRefusal>
    remove_targets(std::string_view bus, std::string_view rule,
                   std::span<std::string const> ids) override;
    Result<ports::Page<ports::TargetDescription>, ports::MessagingRefusal>
    list_targets_by_rule(std::string_view bus, std::string_view rule,
                         ports::PageWish const& page) override;

    Result<ports::ArchiveDescription, ports::MessagingRefusal>
    create_archive(ports::ArchiveDescription const& wanted) override;
    Result<ports::ArchiveDescription, ports::MessagingRefusal>
    describe_archive(std::string_view archive) override;
    Result<ports::ArchiveDescription, ports::MessagingRefusal>
    update_archive(ports::ArchiveChange const& change) override;
    Result<void, ports::MessagingRefusal> delete_archive(std::string_view archive) override;
    Result<ports::Page<ports::ArchiveDescription>, ports::MessagingRefusal>
    list_archives(std::string_view bus_arn, ports::PageWish const& page) override;

    Result<ports::ReplayDescription, ports::MessagingRefusal>
    start_replay(ports::ReplayDescription const& wanted) override;
    Result<ports::ReplayDescription, ports::MessagingRefusal>
    describe_replay(std::string_view replay) override;
    Result<ports::ReplayDescription, ports::MessagingRefusal>
    cancel_replay(std::string_view replay) override;
    Result<ports::Page<ports::ReplayDescription>, ports::MessagingRefusal>
    list_replays(std::string_view archive_arn, ports::PageWish const& page) override;

    Result<void, ports::MessagingRefusal>
    tag_resource(std::string_view arn, std::vector<ports::Tag> const& tags) override;
    Result<void, ports::MessagingRefusal>
    untag_resource(std::string_view arn, std::vector<std::string> const& keys) override;
    Result<std::vector<ports::Tag>, ports::MessagingRefusal>
    list_tags_for_resource(std::string_view arn) override;

private:
    Clock& clock_;
    std::mutex mutex_;
    bus::Exchange exchange_;
};

} // namespace kontor::memory

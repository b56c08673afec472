#pragma once

/// RuleBook: buses, their rules and targets, and where an event goes. A pure state machine: whoever
/// holds it brings the time, and asks `route` for one event after the other in the sequence of the
/// log, so that what reaches a target is a function of the log.
///
/// Invariants: 1. A rule that was put or changed meets the next event; one that was disabled or
///                deleted does not.
///             2. What the topology owns is neither changed nor deleted.
///             3. A refused call has changed nothing.
///
/// Thread: one.   Source: MESSAGING section 4.

#include "platform/messaging/bus/accept.hpp"
#include "platform/messaging/bus/delivery.hpp"
#include "platform/routing/rule_set.hpp"
#include "platform/routing/transformer.hpp"
#include "topology/topology.hpp"

#include <memory>

namespace kontor::bus {

using ports::MessagingFault;
using ports::MessagingRefusal;
using ports::Page;
using ports::PageWish;

template <class T>
using Answer = Result<T, MessagingRefusal>;

/// What comes of one event.
struct Routed {
    std::vector<Delivery> deliveries{};             ///< by rule number, then target id
    std::vector<std::pair<Delivery, Death>> dead{}; ///< cannot be delivered, and why
};

class RuleBook {
public:
    /// With the default bus.
    explicit RuleBook(CloudPlace place);

    /// Makes what a topology says of its bus, rules and targets, and owns it from then on.
    /// Requires: a sound one, once.
    void adopt(topology::Topology const& topology, Instant now);

    bool has_bus(std::string_view name) const { return buses_.contains(std::string(name)); }
    CloudPlace const& place() const { return place_; }

    /// Where an event goes.   Requires: it was accepted, on a bus that was there.
    Routed route(BusEvent const& event);

    /// The event as it goes on to another bus, itself and under its id; or why it does not.
    std::variant<BusEvent, Death> forwarded(BusEvent const& event, std::string_view bus_arn) const;

    /// As ports::EventBuses.
    /// Errors: as there.
    Answer<ports::BusDescription> create_bus(ports::BusDescription const& wanted,
                                             std::vector<ports::Tag> const& tags, Instant now);
    /// Errors: as ports::EventBuses.
    Answer<ports::BusDescription> describe_bus(std::string_view bus) const;
    /// Errors: as ports::EventBuses.
    Answer<ports::BusDescription> update_bus(ports::BusDescription const& wanted, Instant now);
    /// Errors: as ports::EventBuses.
    Answer<void> delete_bus(std::string_view bus);
    /// Errors: as ports::EventBuses.
    Answer<Page<ports::BusDescription>> list_buses(PageWish const& page) const;

    /// Errors: as ports::EventRules.
    Answer<std::string> put_rule(ports::RuleDescription const& wanted,
                                 std::vector<ports::Tag> const& tags);
    /// Errors: as ports::EventRules.
    Answer<ports::RuleDescription> describe_rule(std::string_view bus, std::string_view rule) const;
    /// Errors: as ports::EventRules.
    Answer<void> delete_rule(std::string_view bus, std::string_view rule);
    /// Errors: as ports::EventRules.
    Answer<void> set_rule_state(std::string_view bus, std::string_view rule,
                                ports::RuleState state);
    /// Errors: as ports::EventRules.
    Answer<Page<ports::RuleDescription>> list_rules(std::string_view bus,
                                                    PageWish const& page) const;
    /// Errors: as ports::EventRules.
    Answer<Page<std::string>> list_rule_names_by_target(std::string_view bus,
                                                        std::string_view target_arn,
                                                        PageWish const& page) const;

    /// Errors: as ports::EventTargets.
    Answer<std::vector<ports::FailedTarget>>
    put_targets(std::string_view bus, std::string_view rule,
                std::span<ports::TargetDescription const> targets);
    /// Errors: as ports::EventTargets.
    Answer<std::vector<ports::FailedTarget>>
    remove_targets(std::string_view bus, std::string_view rule, std::span<std::string const> ids);
    /// Errors: as ports::EventTargets.
    Answer<Page<ports::TargetDescription>> list_targets(std::string_view bus, std::string_view rule,
                                                        PageWish const& page) const;

    /// Tags of buses and rules.   Errors: as ports::ResourceTags.
    Answer<void> tag(std::string_view arn, std::vector<ports::Tag> const& tags);
    /// Errors: as ports::ResourceTags.
    Answer<void> untag(std::string_view arn, std::vector<std::string> const& keys);
    /// Errors: as ports::ResourceTags.
    Answer<std::vector<ports::Tag>> tags_of(std::string_view arn) const;

    bool has_rule_arn(std::string_view arn) const { return rule_of_arn(arn) != nullptr; }

private:
    enum class Owner : std::uint8_t { anybody, topology };
    using Tags = std::map<std::string, std::string>;

    struct Target {
        ports::TargetDescription description{};
        routing::Transformer transformer;
    };
    struct Rule {
        ports::RuleDescription description{};
        routing::RuleNumber number{};
        std::map<std::string, Target> targets{};
        Tags tags{};
    };
    struct Bus {
        ports::BusDescription description{};
        Owner owner{};
        std::map<std::string, Rule> rules{};
        std::map<routing::RuleNumber, std::string> names{};
        routing::RuleSet live{};
        std::unique_ptr<routing::RuleMatching> matching{};
        Tags tags{};
    };

    std::string bus_arn(std::string_view bus) const;
    Bus& add_bus(std::string_view name, Owner owner, Instant now);
    Answer<Bus*> find_bus(std::string_view bus);
    Answer<Bus const*> find_bus(std::string_view bus) const;
    Answer<Rule*> find_rule(std::string_view bus, std::string_view rule);
    Answer<Rule const*> find_rule(std::string_view bus, std::string_view rule) const;
    Rule const* rule_of_arn(std::string_view arn) const;
    Tags* tags_at(std::string_view arn);
    Answer<void> make_live(Bus& bus, routing::RuleNumber number, std::string_view pattern);
    Answer<Target> read_target(ports::TargetDescription const& target) const;
    void route_to(Rule const& rule, BusEvent const& event, routing::JsonTree const& shown,
                  Routed& routed) const;
    Delivery delivery_to(Rule const& rule, Target const& target, BusEvent const& event) const;

    CloudPlace place_;
    std::map<std::string, Bus> buses_;
    routing::RuleNumber last_rule_{0};
};

/// Whether an event, an envelope as JSON, meets a pattern.
/// Errors: invalid_pattern, invalid (as ports::EventBus::test_event_pattern).
Answer<bool> test_event_pattern(std::string_view pattern, std::string_view event);

} // namespace kontor::bus

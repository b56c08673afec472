#include "adapters/memory/messaging/event_bus.hpp"

namespace kontor::memory {

using ports::MessagingRefusal;

EventBus::EventBus(Clock& clock, Random random, ports::CloudPlace place)
    : clock_(clock), exchange_(std::move(place), random) {}

void EventBus::adopt(topology::Topology const& topology) {
    std::lock_guard const lock(mutex_);
    exchange_.adopt(topology, clock_.now());
}

std::size_t EventBus::deliver(Door const& door, std::size_t up_to) {
    std::unique_lock lock(mutex_);
    auto done = exchange_.work(clock_.now(), up_to);
    for (auto const& attempt : exchange_.start(clock_.now(), up_to)) {
        lock.unlock();
        auto const fault = door(attempt.parcel);
        lock.lock();
        ++done;
        if (fault)
            exchange_.failed(attempt, *fault, std::string(error_code(*fault)), clock_.now());
        else
            exchange_.delivered(attempt);
    }
    return done;
}

std::vector<bus::DeadLetter> EventBus::take_dead_letters() {
    std::lock_guard const lock(mutex_);
    return exchange_.take_dead_letters();
}

Result<bool, MessagingRefusal> EventBus::test_event_pattern(std::string_view pattern,
                                                            std::string_view event) {
    return bus::test_event_pattern(pattern, event);
}

Result<std::vector<ports::EntryOutcome>, MessagingRefusal>
EventBus::put_events(std::span<ports::EventEntry const> entries, ports::EventOrigin origin) {
    std::lock_guard const lock(mutex_);
    return exchange_.put(entries, origin, clock_.now());
}

Result<ports::BusDescription, MessagingRefusal>
EventBus::create_event_bus(ports::BusDescription const& wanted,
                           std::vector<ports::Tag> const& tags) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().create_bus(wanted, tags, clock_.now());
}

Result<ports::BusDescription, MessagingRefusal> EventBus::describe_event_bus(std::string_view bus) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().describe_bus(bus);
}

Result<ports::BusDescription, MessagingRefusal>
EventBus::update_event_bus(ports::BusDescription const& wanted) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().update_bus(wanted, clock_.now());
}

Result<void, MessagingRefusal> EventBus::delete_event_bus(std::string_view bus) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().delete_bus(bus);
}

Result<ports::Page<ports::BusDescription>, MessagingRefusal>
EventBus::list_event_buses(ports::PageWish const& page) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().list_buses(page);
}

Result<std::string, MessagingRefusal> EventBus::put_rule(ports::RuleDescription const& wanted,
                                                         std::vector<ports::Tag> const& tags) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().put_rule(wanted, tags);
}

Result<ports::RuleDescription, MessagingRefusal> EventBus::describe_rule(std::string_view bus,
                                                                         std::string_view rule) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().describe_rule(bus, rule);
}

Result<void, MessagingRefusal> EventBus::delete_rule(std::string_view bus, std::string_view rule) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().delete_rule(bus, rule);
}

Result<void, MessagingRefusal> EventBus::set_rule_state(std::string_view bus, std::string_view rule,
                                                        ports::RuleState state) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().set_rule_state(bus, rule, state);
}

Result<ports::Page<ports::RuleDescription>, MessagingRefusal>
EventBus::list_rules(std::string_view bus, ports::PageWish const& page) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().list_rules(bus, page);
}

Result<ports::Page<std::string>, MessagingRefusal>
EventBus::list_rule_names_by_target(std::string_view bus, std::string_view target_arn,
                                    ports::PageWish const& page) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().list_rule_names_by_target(bus, target_arn, page);
}

Result<std::vector<ports::FailedTarget>, MessagingRefusal>
EventBus::put_targets(std::string_view bus, std::string_view rule,
                      std::span<ports::TargetDescription const> targets) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().put_targets(bus, rule, targets);
}

Result<std::vector<ports::FailedTarget>, MessagingRefusal>
EventBus::remove_targets(std::string_view bus, std::string_view rule,
                         std::span<std::string const> ids) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().remove_targets(bus, rule, ids);
}

Result<ports::Page<ports::TargetDescription>, MessagingRefusal>
EventBus::list_targets_by_rule(std::string_view bus, std::string_view rule,
                               ports::PageWish const& page) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().list_targets(bus, rule, page);
}

Result<ports::ArchiveDescription, MessagingRefusal>
EventBus::create_archive(ports::ArchiveDescription const& wanted) {
    std::lock_guard const lock(mutex_);
    return exchange_.archives().create(wanted, clock_.now());
}

Result<ports::ArchiveDescription, MessagingRefusal>
EventBus::describe_archive(std::string_view archive) {
    std::lock_guard const lock(mutex_);
    return exchange_.archives().describe(archive, clock_.now());
}

Result<ports::ArchiveDescription, MessagingRefusal>
EventBus::update_archive(ports::ArchiveChange const& change) {
    std::lock_guard const lock(mutex_);
    return exchange_.archives().update(change);
}

Result<void, MessagingRefusal> EventBus::delete_archive(std::string_view archive) {
    std::lock_guard const lock(mutex_);
    return exchange_.archives().remove(archive, clock_.now());
}

Result<ports::Page<ports::ArchiveDescription>, MessagingRefusal>
EventBus::list_archives(std::string_view bus_arn, ports::PageWish const& page) {
    std::lock_guard const lock(mutex_);
    return exchange_.archives().list(bus_arn, page, clock_.now());
}

Result<ports::ReplayDescription, MessagingRefusal>
EventBus::start_replay(ports::ReplayDescription const& wanted) {
    std::lock_guard const lock(mutex_);
    return exchange_.archives().start(wanted, clock_.now());
}

Result<ports::ReplayDescription, MessagingRefusal>
EventBus::describe_replay(std::string_view replay) {
    std::lock_guard const lock(mutex_);
    return exchange_.archives().describe_replay(replay);
}

Result<ports::ReplayDescription, MessagingRefusal>
EventBus::cancel_replay(std::string_view replay) {
    std::lock_guard const lock(mutex_);
    return exchange_.archives().cancel(replay, clock_.now());
}

Result<ports::Page<ports::ReplayDescription>, MessagingRefusal>
EventBus::list_replays(std::string_view archive_arn, ports::PageWish const& page) {
    std::lock_guard const lock(mutex_);
    return exchange_.archives().list_replays(archive_arn, page);
}

Result<void, MessagingRefusal> EventBus::tag_resource(std::string_view arn,
                                                      std::vector<ports::Tag> const& tags) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().tag(arn, tags);
}

Result<void, MessagingRefusal> EventBus::untag_resource(std::string_view arn,
                                                        std::vector<std::string> const& keys) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().untag(arn, keys);
}

Result<std::vector<ports::Tag>, MessagingRefusal>
EventBus::list_tags_for_resource(std::string_view arn) {
    std::lock_guard const lock(mutex_);
    return exchange_.rules().tags_of(arn);
}

} // namespace kontor::memory

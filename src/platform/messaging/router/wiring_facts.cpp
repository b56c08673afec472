#include "platform/messaging/router/wiring_facts.hpp"

#include <fmt/format.h>

namespace kontor::router {
namespace {

process::Target fact_of(ports::TargetDescription const& target) {
    process::Target fact{target.id,
                         target.arn,
                         target.role_arn,
                         target.dead_letter_arn,
                         target.message_group_id,
                         {},
                         target.input.constant,
                         target.input.path,
                         {},
                         {},
                         {}};
    if (target.input.filled) {
        fact.paths = named(target.input.filled->paths);
        fact.filled = target.input.filled->text;
    }
    if (target.retry) {
        fact.tries_max = target.retry->tries_max;
        fact.age_seconds = target.retry->age_seconds;
    }
    return fact;
}

} // namespace

StreamId wiring_stream() {
    return StreamId::of(StreamCategory::process, "wiring");
}

StreamId events_stream() {
    return StreamId::of(StreamCategory::process, "events");
}

process::BusPut fact_of(ports::BusDescription const& bus) {
    return {bus.name, bus.description, bus.dead_letter_arn, bus.changed};
}

process::RulePut fact_of(ports::RuleDescription const& rule,
                         std::vector<ports::TargetDescription> const& targets) {
    process::RulePut fact{rule.bus,
                          rule.name,
                          rule.pattern,
                          rule.state == ports::RuleState::enabled,
                          rule.description,
                          rule.role_arn,
                          {}};
    for (auto const& target : targets)
        fact.targets.push_back(fact_of(target));
    return fact;
}

process::EventPut fact_of(bus::BusEvent const& event) {
    return {event.id, event.bus, event.envelope, event.time, event.ingested};
}

bus::BusEvent event_of(process::EventPut const& fact) {
    bus::BusEvent event;
    event.id = fact.id;
    event.bus = fact.bus;
    event.envelope = fact.envelope;
    event.time = fact.time;
    event.ingested = fact.ingested;
    return event;
}

process::ArchivePut fact_of(ports::ArchiveDescription const& archive, std::uint64_t since) {
    auto const bus = ports::Arn::parse(archive.bus_arn);
    KONTOR_ASSERT(bus.has_value(), "archive {} has a bus", archive.name);
    return {archive.name,           bus->resource.substr(bus->resource.find('/') + 1),
            archive.description,    archive.pattern,
            archive.retention_days, since,
            archive.created};
}

process::ReplayStarted fact_of(ports::ReplayDescription const& replay,
                               bus::Archives::Due const& walk) {
    auto const archive = ports::Arn::parse(replay.archive_arn);
    KONTOR_ASSERT(archive.has_value(), "replay {} has an archive", replay.name);
    return {walk.number,
            replay.name,
            replay.description,
            archive->resource.substr(archive->resource.find('/') + 1),
            replay.rule_arns,
            replay.start,
            replay.end,
            walk.next,
            walk.end,
            replay.started,
            replay.pattern.empty() ? std::nullopt : std::optional(replay.pattern)};
}

std::vector<process::Named> named(ports::NamedTexts const& texts) {
    std::vector<process::Named> made;
    for (auto const& [name, value] : texts)
        made.push_back({name, value});
    return made;
}

std::vector<process::Named> named(std::vector<ports::Tag> const& tags) {
    std::vector<process::Named> made;
    for (auto const& [key, value] : tags)
        made.push_back({key, value});
    return made;
}

namespace {

struct Subject {
    std::string operator()(process::Followed const&) const { return {}; }
    std::string operator()(process::EventPut const&) const { return {}; }
    std::string operator()(process::BusPut const& fact) const { return "bus " + fact.name; }
    std::string operator()(process::BusDeleted const& fact) const { return "bus " + fact.name; }
    std::string operator()(process::RulePut const& fact) const { return rule(fact.bus, fact.name); }
    std::string operator()(process::RuleDeleted const& fact) const {
        return rule(fact.bus, fact.name);
    }
    std::string operator()(process::TopicPut const& fact) const { return "topic " + fact.name; }
    std::string operator()(process::TopicDeleted const& fact) const { return "topic " + fact.name; }
    std::string operator()(process::SubscriptionPut const& fact) const {
        return "subscription " + fact.arn;
    }
    std::string operator()(process::SubscriptionDeleted const& fact) const {
        return "subscription " + fact.arn;
    }
    std::string operator()(process::Tagged const& fact) const { return "tags of " + fact.arn; }
    std::string operator()(process::ArchivePut const& fact) const { return "archive " + fact.name; }
    std::string operator()(process::ArchiveDeleted const& fact) const {
        return "archive " + fact.name;
    }
    std::string operator()(process::ReplayStarted const& fact) const {
        return "replay " + fact.name;
    }
    std::string operator()(process::ReplayCancelled const& fact) const {
        return "replay " + fact.name;
    }
    std::string operator()(process::ReplayMoved const&) const { return {}; }

    static std::string rule(std::string const& bus, std::string const& name) {
        return fmt::format("rule {} of bus {}", name, bus);
    }
};

} // namespace

std::string subject_of(process::Event const& fact) {
    return std::visit(Subject(), fact);
}

} // namespace kontor::router

#include "platform/messaging/router/wiring_facts.hpp"

#include "codec/events.hpp"
#include "platform/messaging/bus/refusals.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::router {
namespace {

using ports::MessagingFault;
using ports::MessagingRefusal;

ports::NamedTexts texts(std::vector<process::Named> const& named) {
    ports::NamedTexts made;
    for (auto const& [name, value] : named)
        made.emplace(name, value);
    return made;
}

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

ports::TargetDescription target_of(process::Target const& fact) {
    ports::TargetDescription target{.id = fact.id, .arn = fact.arn, .role_arn = fact.role_arn};
    target.dead_letter_arn = fact.dead_letter_arn;
    target.message_group_id = fact.message_group_id;
    target.input.constant = fact.constant;
    target.input.path = fact.path;
    if (fact.filled)
        target.input.filled = {texts(fact.paths), *fact.filled};
    if (fact.tries_max && fact.age_seconds)
        target.retry = {*fact.tries_max, *fact.age_seconds};
    return target;
}

std::string topic_arn(SortingOffice& office, std::string const& name) {
    return ports::Arn{"sns", office.rules().place(), name}.to_string();
}

using Made = Result<void, MessagingRefusal>;

/// Of several steps that are all taken the first refusal counts.
void note(Made& made, auto const& step) {
    if (made && !step)
        made = unexpected(step.error());
}

Made make(SortingOffice& office, process::BusPut const& fact) {
    ports::BusDescription wanted{.name = fact.name, .description = fact.description};
    wanted.dead_letter_arn = fact.dead_letter_arn;
    if (office.rules().has_bus(fact.name)) {
        KONTOR_TRY(office.rules().update_bus(wanted, fact.at));
        return {};
    }
    KONTOR_TRY(office.rules().create_bus(wanted, {}, fact.at));
    return {};
}

void take_down(bus::RuleBook& rules, process::RulePut const& fact) {
    auto const targets = rules.list_targets(fact.bus, fact.name, {});
    if (!targets)
        return; // it never stood
    std::vector<std::string> ids;
    for (auto const& target : targets->items)
        ids.push_back(target.id);
    if (!ids.empty())
        static_cast<void>(rules.remove_targets(fact.bus, fact.name, ids));
    static_cast<void>(rules.delete_rule(fact.bus, fact.name));
}

/// A rule's targets are those of the fact and no others.
Made make(SortingOffice& office, process::RulePut const& fact) {
    ports::RuleDescription wanted{.name = fact.name, .bus = fact.bus, .pattern = fact.pattern};
    wanted.state = fact.is_enabled ? ports::RuleState::enabled : ports::RuleState::disabled;
    wanted.description = fact.description;
    wanted.role_arn = fact.role_arn;
    auto& rules = office.rules();
    if (auto const put = rules.put_rule(wanted, {}); !put) {
        take_down(rules, fact);
        return unexpected(put.error());
    }
    KONTOR_TRY(auto const before, rules.list_targets(fact.bus, fact.name, {}));
    std::vector<std::string> gone;
    for (auto const& target : before.items)
        if (std::ranges::find(fact.targets, target.id, &process::Target::id) == fact.targets.end())
            gone.push_back(target.id);
    if (!gone.empty())
        KONTOR_TRY(rules.remove_targets(fact.bus, fact.name, gone));
    Made made;
    for (auto const& each : fact.targets) {
        auto const target = target_of(each);
        auto const added = rules.put_targets(fact.bus, fact.name, std::span(&target, 1));
        note(made, added);
        if (added && !added->empty())
            note(made, Made(bus::refuse(MessagingFault::invalid, added->front().what)));
    }
    return made;
}

Made make(SortingOffice& office, process::TopicPut const& fact) {
    auto const arn = topic_arn(office, fact.name);
    if (!office.topics().topic_attributes(arn)) {
        KONTOR_TRY(office.topics().create_topic(fact.name, texts(fact.attributes), {}));
        return {};
    }
    Made made;
    for (auto const& [name, value] : fact.attributes)
        if (name != "FifoTopic")
            note(made, office.topics().set_topic_attribute(arn, name, value));
    return made;
}

Made make(SortingOffice& office, process::SubscriptionPut const& fact, Instant now) {
    auto& topics = office.topics();
    if (!topics.subscription_attributes(fact.arn)) {
        KONTOR_TRY(topics.subscribe_as(
            fact.arn, {fact.topic_arn, "sqs", fact.endpoint, texts(fact.attributes)}, now));
        return {};
    }
    Made made;
    for (auto const& [name, value] : fact.attributes)
        note(made, topics.set_subscription_attribute(fact.arn, name, value));
    if (!made) // a queue gets nothing rather than what it did not ask for
        static_cast<void>(topics.unsubscribe(fact.arn));
    return made;
}

template <class Tags>
Made set_tags(Tags& of, process::Tagged const& fact) {
    auto const before = of.tags_of(fact.arn);
    if (!before)
        return {}; // what they were on does not stand, which is said of itself
    std::vector<std::string> keys;
    for (auto const& tag : *before)
        keys.push_back(tag.key);
    KONTOR_TRY(of.untag(fact.arn, keys));
    std::vector<ports::Tag> tags;
    for (auto const& [name, value] : fact.tags)
        tags.push_back({name, value});
    return of.tag(fact.arn, tags);
}

struct Making {
    SortingOffice& office;
    Instant now;

    Made operator()(process::Followed const&) const { return {}; }
    Made operator()(process::EventPut const&) const { return {}; }
    Made operator()(process::BusPut const& fact) const { return make(office, fact); }
    // What is deleted and does not stand, or is the topology's by now, needs nothing more.
    Made operator()(process::BusDeleted const& fact) const {
        static_cast<void>(office.rules().delete_bus(fact.name));
        return {};
    }
    Made operator()(process::RulePut const& fact) const { return make(office, fact); }
    Made operator()(process::RuleDeleted const& fact) const {
        static_cast<void>(office.rules().delete_rule(fact.bus, fact.name));
        return {};
    }
    Made operator()(process::TopicPut const& fact) const { return make(office, fact); }
    Made operator()(process::TopicDeleted const& fact) const {
        static_cast<void>(office.topics().delete_topic(topic_arn(office, fact.name)));
        return {};
    }
    Made operator()(process::SubscriptionPut const& fact) const { return make(office, fact, now); }
    Made operator()(process::SubscriptionDeleted const& fact) const {
        static_cast<void>(office.topics().unsubscribe(fact.arn));
        return {};
    }
    Made operator()(process::Tagged const& fact) const {
        return fact.arn.starts_with("arn:aws:sns:") ? set_tags(office.topics(), fact)
                                                    : set_tags(office.rules(), fact);
    }
};

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

    static std::string rule(std::string const& bus, std::string const& name) {
        return fmt::format("rule {} of bus {}", name, bus);
    }
};

} // namespace

std::string subject_of(process::Event const& fact) {
    return std::visit(Subject(), fact);
}

Result<SkippedWiring> restore_wiring(ports::EventStore& store, SortingOffice& office, Instant now) {
    constexpr ports::Limit page_size(256);
    SkippedWiring skipped;
    ports::StreamVersion from(1);
    for (;;) {
        KONTOR_TRY(auto const page, store.read_stream(wiring_stream(), from, page_size));
        if (page.events.empty())
            return skipped;
        for (auto const& event : page.events) {
            KONTOR_TRY(auto const fact, codec::decode<process::Event>(event.type, event.payload));
            auto subject = subject_of(fact);
            if (auto const* const gone = std::get_if<process::TopicDeleted>(&fact))
                std::erase_if(skipped, [&](auto const& each) {
                    return each.first.starts_with("subscription " + topic_arn(office, gone->name) +
                                                  ":");
                });
            if (auto const made = std::visit(Making{office, now}, fact); made)
                skipped.erase(subject);
            else
                skipped.insert_or_assign(std::move(subject),
                                         Skipped{event.position, made.error().what});
            from = ports::StreamVersion(event.version.value() + 1);
        }
    }
}

} // namespace kontor::router
